package redact

import (
	"regexp"
	"strings"
)

var (
	rePEMEnd    = expr(`-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?(?:-----)?`)
	rePEMBegin  = expr(keyE)
	rePEMAnyEnd = regexp.MustCompile(`-----END [A-Z0-9 ]{0,60}(?:-----)?`)
	rePEMHeader = expr(`(?:Proc-Type|DEK-Info|Version|Comment): [A-Za-z0-9,.() -]{0,80}`)
	rePEMLine   = expr(`([A-Za-z0-9+/]*)={0,2}`)
	rePEMLong   = regexp.MustCompile(`^[A-Za-z0-9+/]{0,63}[0-9]`)
	rePEMNext   = expr(`$|` + spaceE + "|[\"'`\\\\,}.<…]")
	// reRest is the last line of a key, and the line ends behind it.
	reRest       = regexp.MustCompile(`(?:^|` + spaceE + `|\\[nr])([A-Za-z0-9+/=]{8,128})(?:` + spaceE + `|\\|\\[nr]){1,32}$`)
	reUserinfo   = expr("://((?:[^\t\n\v\f\r /?#\"'`<>\\\\]|" + strings.Replace(markE, "private_key|", "", 1) + ")*)@")
	reUserFlag   = expr(`(?:--proxy-user|--user|-u)[ \t=]{1,4}`)
	reUser       = expr(`[A-Za-z0-9_.@-]{1,64}:`)
	reFlagEdge   = regexp.MustCompile(`(?:^|` + spaceE + "|[\"'`\\[])$")
	reQuery      = expr(`(~(?:x-amz|x-obs)~[A-Za-z0-9-]{0,64}|~expires~)`)
	reInQuery    = regexp.MustCompile(`(?:\?|&|&amp;|%26|%3[Ff]|\\u0026|\\u003[fF])$`)
	reAuthName   = expr(`~(?:bearer|basic)~[ \t]{1,4}`)
	reHMAC       = expr(`~hmac~[A-Za-z0-9-]{0,32}[ \t]{1,4}`)
	reJWT        = expr(`eyJ` + runE + `{9,}(?:\.` + runE + `+)*={0,2}`)
	reIAM        = expr(`MII(?:[A-Za-z0-9+/_%-]|\\{1,63}/)*`)
	reRun        = expr(runE + `+`)
	rePadding    = expr(`={0,2}`)
	reRunEdge    = regexp.MustCompile(runE + `*$`)
	reLine       = regexp.MustCompile(`(?:^|[\n\r]|\\[nr])[ \t]{0,32}$`)
	reLineEnd    = expr(`[ \t]{0,32}(?:$|[\n\r]|\\{1,63}[nr])`)
	reLocal      = regexp.MustCompile(`[A-Za-z0-9_.+-]{1,64}$`)
	rePEMFeed    = expr(`$|[\r\n\\]`)
	reNumber     = regexp.MustCompile(`^[0-9]*$`)
	reFrame      = regexp.MustCompile(`-----|-{1,4}\[masked private_key\]`)
	reLowers     = regexp.MustCompile(`(?:[a-z].*){4}`)
	reUppers     = regexp.MustCompile(`(?:[A-Z].*){4}`)
	reDigits     = regexp.MustCompile(`(?:[0-9].*){4}`)
	reAllToken68 = expr(`[A-Za-z0-9+/_.~=-]*`)
	reDomain     = expr(`@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}`)
)

func (s *slow) rules(i int) (int, bool) {
	if n := s.at(reMark, i); n > 0 {
		return s.pass(i + n)
	}
	for _, rule := range []func(int) (int, bool){s.pem, s.userFlag, s.userinfo, s.query, s.key, s.scheme, s.hmac, s.bare, s.blob, s.email} {
		if next, ok := rule(i); ok {
			return next, true
		}
	}
	return 0, false
}

func (s *slow) pem(i int) (int, bool) {
	if n := s.at(rePEMEnd, i); n > 0 {
		loc := reRest.FindStringSubmatchIndex(s.text[s.back(i):i])
		if loc == nil {
			return 0, false
		}
		return s.mask(s.back(i)+loc[2], i+n, PrivateKey)
	}
	n := s.at(rePEMBegin, i)
	if n < 0 {
		return 0, false
	}
	from := i + n
	body, _, _ := strings.Cut(s.text[from:min(len(s.text), from+maxPEM)], "-----BEGIN ")
	if at := strings.Index(body, "-----END "); at >= 0 {
		return s.mask(i, from+at+rePEMAnyEnd.FindStringIndex(s.text[from+at:])[1], PrivateKey)
	}
	for {
		at := s.skip(reGap, from, maxBlanks)
		if n := s.at(rePEMHeader, at); n > 0 && s.is(rePEMFeed, at+n) {
			from = at + n
			continue
		}
		m := rePEMLine.FindStringSubmatch(s.text[at:])
		if len(m[1]) < 40 && !randomSlowly(m[1]) || !s.is(rePEMNext, at+len(m[0])) && !(len(m[1]) >= 16 && rePEMLong.MatchString(m[1])) {
			return s.mask(i, from, PrivateKey)
		}
		from = at + len(m[0])
	}
}

func (s *slow) userFlag(i int) (int, bool) {
	n := s.at(reUserFlag, i)
	if n < 0 || !s.before(reFlagEdge, i) {
		return 0, false
	}
	_, from := s.quote(i + n)
	m := s.at(reUser, from)
	if m < 0 || reNumber.MatchString(s.text[from+m:s.wordEnd(from+m, from+m+peek)]) {
		return 0, false
	}
	v := value{start: from + m, kind: Password}
	if m > minUserToken { // m is with the colon
		v.start = from
	}
	return s.word(v)
}

func (s *slow) userinfo(i int) (int, bool) {
	m := reUserinfo.FindStringSubmatchIndex(s.text[i:min(len(s.text), i+3+maxUserinfo)])
	if m == nil {
		return 0, false
	}
	from, at := i+m[2], i+m[3]
	user, password, ok := strings.Cut(s.text[from:at], ":")
	switch {
	case strings.Contains(user, "=") || reFromMark.MatchString(user):
		return 0, false
	case !ok && len(user) >= minUserToken:
		return s.mask(from, at, Token)
	case ok && s.at(reMarks, at-len(password)) == len(password):
		return s.pass(at)
	case !ok || keptSlowly(password, Password):
		return 0, false
	case len(user) >= minUserToken:
		return s.mask(from, at, Password)
	}
	return s.mask(at-len(password), at, Password)
}

func (s *slow) query(i int) (int, bool) {
	n := s.at(reQuery, i)
	if n < 0 || !s.before(reInQuery, i) || strings.HasSuffix(strings.ToLower(s.text[i:i+n]), "request-id") {
		return 0, false
	}
	op := s.at(reOp, i+n)
	if op < 0 || s.text[i+n] == ':' {
		return 0, false
	}
	return s.word(value{start: i + n + op, kind: SignedURL})
}

func (s *slow) scheme(i int) (int, bool) {
	n := s.at(reAuthName, i)
	if n < 0 || !s.edge(i) {
		return 0, false
	}
	if head := s.text[i+n : i+n+s.atFrame(reToken68, i+n)]; !randomSlowly(head) || keptSlowly(head, Authorization) {
		return 0, false
	}
	return s.mask(i+n, i+n+s.atFrame(reAllToken68, i+n), Authorization)
}

func (s *slow) hmac(i int) (int, bool) {
	n := s.at(reHMAC, i)
	if n < 0 {
		return 0, false
	}
	if end := s.listed(i + n); end > i+n {
		return s.mask(i+n, end, Authorization)
	}
	return 0, false
}

// atFrame is at, as far as the next five dashes.
func (s *slow) atFrame(e *regexp.Regexp, i int) int {
	n := s.at(e, i)
	if n <= 0 {
		return n
	}
	const longest = len("----[masked private_key]")
	text := s.text[i:min(len(s.text), i+n+longest)]
	if frame := reFrame.FindStringIndex(text); len(frame) > 0 && frame[0] < n {
		if loc := e.FindStringIndex(text[:frame[0]]); loc != nil {
			return loc[1]
		}
		return -1
	}
	return n
}

func (s *slow) bare(i int) (int, bool) {
	if n := s.atFrame(reJWT, i); n > 0 && s.edge(i) {
		return s.mask(i, i+n, JWT)
	}
	if n := s.atFrame(reIAM, i); n >= minIAM && s.edge(i) {
		return s.mask(i, i+n+s.at(rePadding, i+n), Token)
	}
	return 0, false
}

// blob is tried where a run begins, and at every 100th byte of it.
func (s *slow) blob(i int) (int, bool) {
	n := s.at(reRun, i)
	if n < minLook {
		return 0, false
	}
	loc := reRunEdge.FindStringIndex(s.text[s.floor:i])
	if (loc[1]-loc[0])%minBlob != 0 {
		return 0, false
	}
	from := s.escapeEnd(i, len(s.text))
	i = from
	n = max(0, s.atFrame(reRun, i))
	head := s.text[i : i+min(n, minBlob)]
	if !reLowers.MatchString(head) || !reUppers.MatchString(head) || !reDigits.MatchString(head) || strings.Count(head, "/") > 6 {
		return 0, false
	}
	padded := n + s.at(rePadding, i+n)
	if n >= minBlob {
		return s.mask(i, i+padded, Base64)
	}
	if (padded == 64 || padded == 76) && s.before(reLine, i) && s.is(reLineEnd, i+padded) {
		return s.mask(i, i+padded, PrivateKey)
	}
	return 0, false
}

// escapeEnd leaves out what belongs to an escape that begins before i.
func (s *slow) escapeEnd(i, limit int) int {
	if m := s.at(reEscape, i-1); i > s.floor && m > 0 && i-1+m <= limit {
		return i - 1 + m
	}
	return i
}

var reEscape = expr(`\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[A-Za-z])|%[0-9a-fA-F]{2}`)

func (s *slow) email(i int) (int, bool) {
	n := s.at(reDomain, i)
	if !s.emails || n < 0 {
		return 0, false
	}
	local := reLocal.FindStringIndex(s.text[s.back(i):i])
	if local == nil {
		return 0, false
	}
	from := s.escapeEnd(s.back(i)+local[0], i)
	if from >= i {
		return 0, false
	}
	return s.mask(from, i+n, Email)
}
