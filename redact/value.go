package redact

import "regexp"

// peek is how much of a value decides whether it is masked. The rest is only looked at once that is decided.
const peek = 64

// value masks v, and returns where to go on: 0 if there is nothing to mask.
func (s *scanner) value(v value) int {
	switch {
	case v.quote.mark != "":
		return s.quoted(v)
	case v.xml:
		return s.element(v)
	case v.list:
		return s.bracketed(v)
	case v.kind == Authorization:
		return s.authorization(v)
	case v.kind == Cookie:
		return s.cookie(v)
	}
	return s.word(v)
}

// quoted masks a text in quotes, and the others of its list.
func (s *scanner) quoted(v value) (next int) {
	for {
		end, behind := v.quote.close(s.text, v.start)
		switch {
		case s.isMark(v.start, end):
			next = s.pass(end)
		case !kept(s.text[v.start:end], v.kind):
			next = s.mask(v.start, end, v.kind)
		}
		comma := gaps(s.text, behind)
		if !v.list || behind == end || !hasAt(s.text, comma, ",") {
			return next
		}
		item := value{start: gaps(s.text, comma+1)}
		if s.openQuote(&item); item.quote.mark == "" {
			return next
		}
		v.quote, v.start = item.quote, item.start
	}
}

// isMark reports whether there are only marks between start and end.
func (s *scanner) isMark(start, end int) bool {
	n := s.marks(start)
	return n > 0 && start+n == end
}

// marks returns the length of the marks at i, those of private keys apart.
func (s *scanner) marks(i int) int {
	end := i
	for end < len(s.text) && !keyBegins(s.text, end) && markAt(s.text, end) > 0 {
		end += markAt(s.text, end)
	}
	return end - i
}

// element masks the text of an XML element.
func (s *scanner) element(v value) int {
	end := v.start
	for end < len(s.text) && s.text[end] != '<' && s.text[end] != '\n' && !keyBegins(s.text, end) {
		end++
	}
	if n := s.marks(v.start); n > 0 {
		return s.pass(v.start + n)
	}
	if kept(s.text[v.start:end], v.kind) || isSpace(s.text[v.start]) {
		return 0
	}
	return s.mask(v.start, end, v.kind)
}

// bracketed masks what is in brackets without quotes, as Go prints a header: map[X-Auth-Token:[MII…]].
func (s *scanner) bracketed(v value) int {
	text, end := s.text, v.start
	if end < len(text) && (text[end] == '{' || stops(text, end)) {
		return 0
	}
	for end < len(text) && text[end] != ']' && text[end] != '\n' && !keyBegins(text, end) {
		end += max(1, markAt(text, end))
	}
	if n := s.marks(v.start); n > 0 {
		return s.pass(v.start + n)
	}
	if kept(text[v.start:end], v.kind) {
		return 0
	}
	return s.mask(v.start, end, v.kind)
}

// word masks a value that ends at white space or where punctuation ends it.
func (s *scanner) word(v value) int {
	text := s.text
	if next, done := s.marked(v); done {
		return next
	}
	if v.start >= len(text) || text[v.start] == '{' && !storedHash.Match(text[v.start:min(len(text), v.start+32)]) || stops(text, v.start) {
		return 0
	}
	head := text[v.start:wordEnd(text, v.start, v.start+peek)]
	if kept(head, v.kind) || v.weak && !random(head) || v.gap && isNextName(text, v.start) || s.isName(v.start) || userFlagEnd(text, v.start) > v.start {
		return 0
	}
	end := wordEnd(text, v.start, len(text))
	if end-v.start <= maxScheme && plainSchemes.Match(text[v.start:end]) {
		end = s.credentials(end) // X-Auth-Token: Bearer …
	}
	return s.mask(v.start, end, v.kind)
}

// marked deals with values that begin with a mark: it stays. What hangs on it is masked with it, where any value would be.
func (s *scanner) marked(v value) (next int, done bool) {
	n := s.marks(v.start)
	if n == 0 {
		return 0, false
	}
	end := v.start + n
	if end == len(s.text) || stops(s.text, end) || v.weak || v.gap || v.kind == Authorization || v.kind == Cookie {
		return s.pass(end), true
	}
	return s.mask(v.start, wordEnd(s.text, end, len(s.text)), v.kind), true
}

// storedHash is how Spring writes passwords: {bcrypt}$2a$10$…
var storedHash = regexp.MustCompile(`^\{[A-Za-z0-9-]{1,20}\}`)

// nothing are the values that say there is none, in letters of any case, and perhaps in brackets.
var nothing = []string{
	"null", "none", "nil", "undefined", "true", "false", "redacted", "masked", "hidden", "filtered", "removed", "omitted", "empty",
}

func isNothing(v []byte) bool {
	if isOneOf(v[0], "<([") {
		v = v[1:]
	}
	if n := len(v) - 1; n >= 0 && isOneOf(v[n], ">)]") {
		v = v[:n]
	}
	for _, w := range nothing {
		if len(v) == len(w) && foldAt(v, 0, w) > 0 {
			return true
		}
	}
	same := while(v, 0, len(v), func(c byte) bool { return c == '*' })
	if same == 0 {
		same = while(v, 0, len(v), func(c byte) bool { return lower(c) == 'x' })
		return same > 2 && same == len(v)
	}
	return same == len(v) && same > 0
}

// errorCode is what the exporter is there to find. Only such codes stay that a password is never like.
var errorCode = regexp.MustCompile(`^(?:(?:IS|APIGW?)\.[0-9]{4}|ModelArts\.[0-9]{4,8})[.:]*$`)

// kept reports whether a value is not a secret: empty, a placeholder, an error code, or a count of tokens.
func kept(v []byte, kind Kind) bool {
	if len(v) == 0 {
		return true
	}
	if len(v) > 32 {
		return false
	}
	if kind == Token && len(v) <= 5 && while(v, 0, len(v), isDigit) == len(v) {
		return true
	}
	return isNothing(v) || isOneOf(v[0], "IAM") && errorCode.Match(v)
}

// random reports whether a word looks like a token rather than like prose: at least 8 bytes, with a digit or a change to upper case in it, or
// at least 32. A date is neither.
func random(w []byte) bool {
	w = beforeMark(w[:min(len(w), peek)])
	if len(w) < 8 || isDigit(w[0]) && day.Match(w) {
		return false
	}
	for i, c := range w {
		if isDigit(c) || i > 0 && isUpper(c) && isLower(w[i-1]) {
			return true
		}
	}
	return len(w) >= 32
}

// beforeMark is what stands before the first mark in w: a word must not look more random because something in it has been masked.
func beforeMark(w []byte) []byte {
	for i := range w {
		if markAt(w, i) > 0 {
			return w[:i]
		}
	}
	return w
}

var day = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}`)

// isNextName reports whether what stands behind "password= " is the next name of a list, so that the password is empty.
func isNextName(text []byte, i int) bool {
	end := while(text, i, i+maxName, func(c byte) bool { return isName(c) && !isDigit(c) })
	if end == i || end >= len(text) {
		return false
	}
	if text[end] == '=' {
		return end+1 < len(text) && text[end+1] != '=' && (!stops(text, end+1) || isOneOf(text[end+1], "\"'`})]>") && markAt(text, end+2) > 0)
	}
	return markAt(text, end) > 0
}

// maxName bounds the names that punctuation is followed by.
const maxName = 64

// wordEnd returns where a value without quotes, which begins at i, ends, but looks no further than limit.
func wordEnd(text []byte, i, limit int) int {
	for limit = min(limit, len(text)); i < limit; {
		c := text[i]
		switch {
		case isAlnum(c):
			i++
		case c == '\\':
			if stops(text, i) {
				return i
			}
			i = slashes(text, i)
		case stops(text, i):
			return i
		default:
			i += max(1, markAt(text, i))
		}
	}
	return i
}

// stops reports whether text[i] ends a value without quotes. White space does. Punctuation does if it is followed by what
// it would be followed by there, since passwords have punctuation too.
func stops(text []byte, i int) bool {
	c := text[i]
	if isSpace(c) {
		return true
	}
	next := byte(' ') // the end is as good as white space
	if i+1 < len(text) {
		next = text[i+1]
	}
	switch c {
	case '"', '\'', '`':
		return isSpace(next) || isOneOf(next, ",;:.)]}&\"'`\\><|") || markAt(text, i+1) > 0
	case '}', ')', ']', '>':
		return isSpace(next) || isOneOf(next, ",;.:\"'`\\})]>&<") || markAt(text, i+1) > 0
	case ',', ';', '&', '|':
		return isSpace(next) || isOneOf(next, "\"'`\\{}])#") || nameFollows(text, i+1) || c == '&' && entityFollows(text, i+1)
	case '<':
		return next == '/'
	case '\x1b':
		return next == '['
	case '-', '[':
		return keyBegins(text, i)
	case '\\':
		end := someSlashes(text, i)
		return end < len(text) && isOneOf(text[end], "nrt\"'`") || hasAt(text, end, "u00")
	}
	if c >= 0x80 {
		for _, p := range []string{"，", "。", "；", "、", "）", "】", "”", "》"} {
			if hasAt(text, i, p) {
				return true
			}
		}
	}
	return false
}

func nameFollows(text []byte, i int) bool {
	end := while(text, i, i+maxName, isName)
	return end < len(text) && (text[end] == '=' || text[end] == ':' || markAt(text, end) > 0)
}

func entityFollows(text []byte, i int) bool {
	end := while(text, i, i+4, isLower)
	switch string(text[i:end]) {
	case "amp", "quot", "apos", "lt", "gt":
		return hasAt(text, end, ";")
	}
	return false
}
