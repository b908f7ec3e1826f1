package redact

import "regexp"

// schemes are those of the Authorization header; what follows one is a secret whatever it looks like.
var schemes = regexp.MustCompile(`^(?i:basic|bearer|token|digest|negotiate|ntlm|aws|obs|apikey|appcode|key|jwt|oauth|(?:[a-z0-9]{1,8}-)?hmac(?:-[a-z0-9]{1,12})?)$`)

// plainSchemes are those that are no word which is also a value.
var plainSchemes = regexp.MustCompile(`^(?i:basic|bearer|digest|negotiate|(?:[a-z0-9]{1,8}-)?hmac(?:-[a-z0-9]{1,12})?)$`)

// params are the names in a list of credentials: Access=…, SignedHeaders=…, Signature=…
var params = []string{
	"access", "credential", "signed-headers", "signature", "username", "realm", "nonce", "uri", "response", "opaque", "qop", "nc", "cnonce", "algorithm", "key-id", "headers", "mac",
}

// maxScheme is how long a word can be and still be taken for a scheme.
const maxScheme = 32

// authorization masks the value of an Authorization header that is not in quotes: a scheme and what belongs to it.
func (s *scanner) authorization(v value) int {
	text := s.text
	if next, done := s.marked(v); done {
		return next
	}
	if v.start >= len(text) || stops(text, v.start) || text[v.start] == '{' || userFlagEnd(text, v.start) > v.start {
		return 0
	}
	end := wordEnd(text, v.start, v.start+peek)
	first := text[v.start:end]
	if kept(first, v.kind) {
		return 0
	}
	if len(first) <= maxScheme && schemes.Match(first) {
		if end = s.credentials(end); end > v.start+len(first) {
			return s.mask(v.start, end, v.kind)
		}
		return 0
	}
	if random(first) {
		return s.mask(v.start, s.listed(wordEnd(text, v.start, len(text))), v.kind)
	}
	second := while(text, end, end+4, isBlank)
	if second == end || len(first) > maxScheme || while(text, v.start, end, isLetterOrDash) != end {
		return 0
	}
	if run := while(text, second, second+peek, isToken68); random(text[second:run]) && !kept(text[second:run], v.kind) && while(text, second, run, isIDByte) != run && (run == len(text) || run == second+peek || stops(text, run)) {
		return s.mask(v.start, wordEnd(text, second, len(text)), v.kind)
	}
	return 0
}

func isLetterOrDash(c byte) bool { return isUpper(c) || isLower(c) || c == '-' }

// isIDByte: an ID behind a scheme that nobody knows is an ID: "Authorization: denied 4bf92f35…".
func isIDByte(c byte) bool { return isHex(c) || c == '-' }

// isToken68: what the credentials of a header are made of (RFC 9110).
func isToken68(c byte) bool { return isRun(c) || c == '.' || c == '~' || c == '=' }

// credentials returns the end of what follows a scheme that ends at i; where another scheme follows, what follows that.
func (s *scanner) credentials(i int) int {
	for {
		from := while(s.text, i, i+4, isBlank)
		if from == i || from >= len(s.text) {
			return i
		}
		if end := s.listed(from); end > from {
			return end
		}
		if stops(s.text, from) || userFlagEnd(s.text, from) > from || kept(s.text[from:wordEnd(s.text, from, from+peek)], Authorization) {
			return i
		}
		i = wordEnd(s.text, from, len(s.text))
		if i-from > maxScheme || !plainSchemes.Match(s.text[from:i]) {
			return s.listed(i)
		}
	}
}

// listed returns the end of a list of name=value that begins at i, perhaps with a comma; i if there is none.
func (s *scanner) listed(i int) int {
	text := s.text
	for {
		at := i
		if hasAt(text, at, ",") {
			at++
		}
		at = while(text, at, at+4, isBlank)
		end := -1
		for _, p := range params {
			if end = foldAt(text, at, p); end >= 0 && hasAt(text, end, "=") {
				break
			}
			end = -1
		}
		if end < 0 {
			return i
		}
		end++
		if q, n := quoteAt(text, end); n > 0 {
			_, end = q.close(text, end+n)
		}
		i = wordEnd(text, end, len(text))
	}
}

// cookie masks the value of a Cookie or Set-Cookie header that is not in quotes: pairs with semicolons between them.
func (s *scanner) cookie(v value) int {
	text := s.text
	if next, done := s.marked(v); done {
		return next
	}
	if v.start >= len(text) || stops(text, v.start) || text[v.start] == '{' {
		return 0
	}
	head := text[v.start:pairEnd(text, v.start, v.start+peek)]
	if kept(head, v.kind) || !random(head) && !hasEquals(beforeMark(head)) {
		return 0
	}
	end := v.start
	for {
		from := end
		end = pairEnd(text, end, len(text))
		if expires.Match(text[from:end]) && len(text) > end {
			if m := date.Find(text[end:min(len(text), end+40)]); m != nil {
				end += len(m)
			}
		}
		next := while(text, end, end+4, isBlank)
		if end == from || text[end-1] != ';' || next == end || next >= len(text) || stops(text, next) {
			return s.mask(v.start, end, v.kind)
		}
		end = next
	}
}

// expires and date are the only attribute of a cookie with white space in it: Expires=Wed, 21 Oct 2026 07:28:00 GMT.
var (
	expires = regexp.MustCompile(`(?i:(?:^|;)expires=[a-z]{3,9},?$)`)
	date    = regexp.MustCompile(`^,? [0-9]{1,2}[ -][A-Za-z]{3}[ -][0-9]{2,4} [0-9:]{5,8} GMT;?`)
)

func hasEquals(b []byte) bool { return nextByte(b, 0, '=') < len(b) }

// pairEnd is wordEnd, but goes on over semicolons.
func pairEnd(text []byte, i, limit int) int {
	for {
		i = wordEnd(text, i, limit)
		if i >= limit || i >= len(text) || text[i] != ';' {
			return i
		}
		i++
	}
}
