package redact

import "regexp"

// Lengths from which on something is taken for a secret that no name says it is.
const (
	minJWT  = 12
	minIAM  = 24
	minBlob = 100
)

// bare masks a JSON Web Token or an IAM token (a CMS message: MII…) that begins at i.
func (s *scanner) bare(i int) int {
	text := s.text
	switch {
	case hasAt(text, i, "eyJ") && s.edge(i):
		end := runEnd(text, i, len(text), isRun)
		if end-i < minJWT {
			return i
		}
		for end+1 < len(text) && text[end] == '.' && runEnd(text, end+1, end+2, isRun) > end+1 {
			end = runEnd(text, end+1, len(text), isRun)
		}
		return s.mask(i, while(text, end, end+2, isPadding), JWT)
	case hasAt(text, i, "MII") && s.edge(i):
		end := i
		for {
			end = runEnd(text, end, len(text), isEscapedRun)
			if hasAt(text, end, `\`) {
				if at := someSlashes(text, end); hasAt(text, at, "/") { // JSON may write \/
					end = at
					continue
				}
			}
			break
		}
		if end-i < minIAM {
			return i
		}
		return s.mask(i, while(text, end, end+2, isPadding), Token)
	}
	return i
}

func isDash(c byte) bool { return c == '-' }

// runEnd is while, but stops at five dashes, which frame keys, and at fewer that are left before the mark of a key.
func runEnd(text []byte, i, limit int, wanted func(byte) bool) int {
	for limit = min(limit, len(text)); i < limit && wanted(text[i]); i++ {
		if text[i] == '-' {
			if end := while(text, i, i+5, isDash); end == i+5 || end < len(text) && keyBegins(text, end) {
				break
			}
		}
	}
	return i
}

func isPadding(c byte) bool { return c == '=' }

// isEscapedRun: base64, also as it stands in URLs (%2B).
func isEscapedRun(c byte) bool { return isRun(c) || c == '%' }

// scheme masks what follows Bearer or Basic, if it looks random.
func (s *scanner) scheme(i int) int {
	end := foldAt(s.text, i, "bearer")
	if end < 0 {
		end = foldAt(s.text, i, "basic")
	}
	if end < 0 || !s.edge(i) {
		return i
	}
	from := while(s.text, end, end+4, isBlank)
	head := s.text[from:runEnd(s.text, from, from+peek, isToken68)]
	if from == end || !random(head) || kept(head, Authorization) {
		return i
	}
	return s.mask(from, runEnd(s.text, from, len(s.text), isToken68), Authorization)
}

// hmac masks the credentials of a signed request that no Authorization stands before: SDK-HMAC-SHA256 Access=….
func (s *scanner) hmac(i int) int {
	end := foldAt(s.text, i, "hmac")
	if end < 0 {
		return i
	}
	end = while(s.text, end, end+maxScheme, func(c byte) bool { return isAlnum(c) || c == '-' })
	from := while(s.text, end, end+4, isBlank)
	if last := s.listed(from); from > end && last > from {
		return s.mask(from, last, Authorization)
	}
	return i
}

// signed returns the end of a secret that begins at start: end, or that of the credentials behind it, if the scheme of a signed request
// was taken for (the end of) a secret.
func (s *scanner) signed(start, end int) int {
	i := end
	for i > start && end-i < maxScheme && (isAlnum(s.text[i-1]) || s.text[i-1] == '-') {
		i--
	}
	for ; i < end; i++ {
		if lower(s.text[i]) == 'h' && foldAt(s.text, i, "hmac") >= 0 {
			from := while(s.text, end, end+4, isBlank)
			if last := s.listed(from); from > end && last > from {
				return last
			}
			return end
		}
	}
	return end
}

// blob masks base64 that nothing names: at least 100 bytes, or a whole line of the length that PEM files have.
func (s *scanner) blob(i int) int {
	text := s.text
	from := s.escapeEnd(i, len(text))
	end := runEnd(text, from, from+minBlob, isRun)
	if !isMixed(text[from:end]) {
		return i
	}
	if end-from == minBlob {
		end = runEnd(text, end, len(text), isRun)
		return s.mask(from, while(text, end, end+2, isPadding), Base64)
	}
	padded := while(text, end, end+2, isPadding)
	if n := padded - from; (n == 64 || n == 76) && s.lineBegins(from) && lineEnds(text, padded) {
		return s.mask(from, padded, PrivateKey)
	}
	return i
}

// escapeEnd returns i, or the end of the escape that begins before i: \nops@example.com.
func (s *scanner) escapeEnd(i, limit int) int {
	if i == s.floor {
		return i
	}
	return i - 1 + len(escaped.Find(s.text[i-1:limit]))
}

// escaped is an escape, or else one byte.
var escaped = regexp.MustCompile(`^(?:\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[A-Za-z]|%[0-9a-fA-F]{2}|(?s:.))`)

// isMixed reports whether b has small letters, capitals and digits, and is no path.
func isMixed(b []byte) bool {
	var lowers, uppers, digits, slashes int
	for _, c := range b {
		switch {
		case isLower(c):
			lowers++
		case isUpper(c):
			uppers++
		case isDigit(c):
			digits++
		case c == '/':
			slashes++
		}
	}
	return lowers >= 4 && uppers >= 4 && digits >= 4 && slashes <= 6
}

func (s *scanner) lineBegins(i int) bool {
	from := i
	for from > s.floor && i-from < maxBlanks && isBlank(s.text[from-1]) {
		from--
	}
	before := s.text[s.floor:from]
	n := len(before)
	return n == 0 || before[n-1] == '\n' || before[n-1] == '\r' || n > 1 && before[n-2] == '\\' && isOneOf(before[n-1], "nr")
}

func lineEnds(text []byte, i int) bool {
	i = while(text, i, i+maxBlanks, isBlank)
	if i == len(text) || text[i] == '\n' || text[i] == '\r' {
		return true
	}
	at := someSlashes(text, i)
	return at > i && at < len(text) && isOneOf(text[at], "nr")
}

// minLook is the shortest run that blob is interested in.
const minLook = 60

// isBlob reports whether minLook bytes of base64 begin at i.
func isBlob(text []byte, i int) bool { return while(text, i, i+minLook, isRun) == i+minLook }

// nextBlob returns where the next run of at least minLook bytes of base64 begins, at i at the earliest; len(text) if there is none.
func nextBlob(text []byte, i int) int {
	for probe := i + minLook - 1; probe < len(text); {
		from := probe
		for from >= i && isRun(text[from]) {
			from--
		}
		from++ // text[from:probe+1] is of the run
		end := while(text, probe, from+minLook, isRun)
		if end-from == minLook {
			return from
		}
		i = end + 1
		probe = max(i+minLook-1, probe+1)
	}
	return len(text)
}
