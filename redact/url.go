package redact

import "bytes"

// Bounds of what stands before the @ of a URL. The longest there is are tokens as passwords.
const (
	maxUserinfo  = 8 << 10
	minUserToken = 20
)

// userinfo masks the password of a URL: ://user:password@host. A long user without a password is a token.
func (s *scanner) userinfo(i int) int {
	text := s.text
	if !hasAt(text, i, "://") {
		return i
	}
	from := i + len("://")
	end := from
	for end < len(text) && end-from < maxUserinfo {
		if n := s.marks(end); n > 0 {
			end += n
		} else if isUserinfo(text[end]) {
			end++
		} else {
			break
		}
	}
	run := text[from:end]
	at := bytes.LastIndexByte(run, '@')
	if at < 0 {
		return i
	}
	user, password, ok := bytes.Cut(run[:at], []byte(":"))
	colon := from + len(user)
	switch {
	case bytes.IndexByte(user, '=') >= 0 || len(beforeMark(user)) < len(user):
		return i
	case !ok && at >= minUserToken:
		return s.mask(from, from+at, Token)
	case ok && s.isMark(colon+1, from+at):
		return s.pass(from + at)
	case !ok || kept(password, Password):
		return i
	case len(user) >= minUserToken: // who knows
		return s.mask(from, from+at, Password)
	}
	return s.mask(colon+1, from+at, Password)
}

func isUserinfo(c byte) bool { return !isSpace(c) && !isOneOf(c, "/?#\"'`<>\\") }

// query masks the parameters of a signed URL that have no stem: Expires, X-Amz-…, X-Obs-….
func (s *scanner) query(i int) int {
	text := s.text
	end := foldAt(text, i, "expires")
	for _, prefix := range []string{"x-amz", "x-obs"} {
		if n := foldAt(text, i, prefix); n >= 0 {
			if end = while(text, n, n+maxName, func(c byte) bool { return isAlnum(c) || c == '-' }); bytes.HasSuffix(bytes.ToLower(text[i:end]), []byte("request-id")) {
				return i
			}
		}
	}
	if end < 0 || !s.inQuery(i) {
		return i
	}
	n := operator(text, end)
	if n == 0 || text[end] == ':' {
		return i
	}
	if next := s.word(value{start: end + n, kind: SignedURL}); next > 0 {
		return next
	}
	return i
}

// inQuery reports whether a parameter of a query begins at i.
func (s *scanner) inQuery(i int) bool {
	before := s.text[s.floor:i]
	for _, b := range []string{"?", "&", "&amp;", "%26", "%3F", "%3f", `\u0026`, `\u003f`, `\u003F`} {
		if bytes.HasSuffix(before, []byte(b)) {
			return true
		}
	}
	return false
}

// userFlag masks the password of curl -u user:password.
func (s *scanner) userFlag(i int) int {
	text := s.text
	end := userFlagEnd(text, i)
	if end == i || i > s.floor && !isSpace(text[i-1]) && !isOneOf(text[i-1], "\"'`[") {
		return i
	}
	_, n := quoteAt(text, end)
	from := end + n
	colon := while(text, from, from+maxName, func(c byte) bool { return isName(c) || c == '@' })
	if colon == from || !hasAt(text, colon, ":") {
		return i
	}
	v := value{start: colon + 1, kind: Password}
	if head := wordEnd(text, v.start, v.start+peek); while(text, v.start, head, isDigit) == head {
		return i // docker -u 1000:1000
	}
	if colon-from >= minUserToken {
		v.start = from
	}
	if next := s.word(v); next > 0 {
		return next
	}
	return i
}

// userFlagEnd returns where the value of curl's --user begins, i if that is not at i.
func userFlagEnd(text []byte, i int) int {
	for _, flag := range []string{"--proxy-user", "--user", "-u"} {
		if hasAt(text, i, flag) {
			end := i + len(flag)
			if from := while(text, end, end+4, func(c byte) bool { return isBlank(c) || c == '=' }); from > end {
				return from
			}
		}
	}
	return i
}
