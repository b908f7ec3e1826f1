package redact

// stem is the end of a name that a secret stands behind: token is the stem of X-Auth-Token and of accessToken.
type stem struct {
	word string // in lower case; - may be one of "-_. " or nothing
	kind Kind
	when when
}

// when says under which conditions a stem is one.
type when uint8

const (
	anywhere when = 0
	// atEdge is for short words that are the end of many others: sk is in task. See scanner.edge.
	atEdge when = 1 << iota
	// weak is for words that prose uses too (token: expired). Without quotes only what looks random is masked.
	weak
	// weakAlone is weak at the beginning of a name, not inside of one.
	weakAlone
	// header is for the names of HTTP headers, which also come in pairs: ('X-Auth-Token', 'MII…').
	header
	// isPass is for the word pass: part of a longer name, or next to a quote or an equals sign.
	isPass
)

// stems has the stems by their first byte, longer ones first.
var stems = func() (table [256][]stem) {
	for _, st := range []stem{
		{"access-key-secret", AccessKey, anywhere},
		{"access-key-id", AccessKey, anywhere},
		{"access-key", AccessKey, anywhere},
		{"account-key", AccessKey, anywhere},
		{"api-key", AccessKey, atEdge},
		{"app-code", AccessKey, atEdge},
		{"app-key", AccessKey, atEdge},
		{"ak", AccessKey, atEdge},
		{"authorization", Authorization, header},
		{"cookie", Cookie, header},
		{"credentials", Signature, weak},
		{"credential", Signature, weak},
		{"encoded-authorization-message", AuthorizationMessage, anywhere},
		{"encryption-key", AccessKey, anywhere},
		{"jsessionid", Cookie, anywhere},
		{"pass-phrase", Password, anywhere},
		{"pass-code", Password, anywhere},
		{"pass-word", Password, anywhere},
		{"passwd", Password, anywhere},
		{"pass", Password, isPass},
		{"private-key", AccessKey, anywhere},
		{"pwd", Password, atEdge},
		{"secret-access-key", AccessKey, anywhere},
		{"secret-key", AccessKey, anywhere},
		{"secret", AccessKey, anywhere},
		{"signature", Signature, weak},
		{"sk", AccessKey, atEdge},
		{"token", Token, weakAlone | header},
		{"密码", Password, anywhere},
		{"口令", Password, anywhere},
	} {
		table[st.word[0]] = append(table[st.word[0]], st)
	}
	return table
}()

// suffixes may stand between a stem and the end of the name, and digits behind them.
var suffixes = []string{"value", "new", "old", "confirm", "hash", "plain", "text"}

// key masks the value behind a name that has a stem at i.
func (s *scanner) key(i int) int {
	for _, st := range stems[lower(s.text[i])] {
		end := foldAt(s.text, i, st.word)
		if end < 0 || !s.isStem(st, i, end) {
			continue
		}
		end = suffixEnd(s.text, end)
		v, ok := s.separator(i, end, st.when&header != 0)
		if !ok {
			continue
		}
		v.kind = st.kind
		v.weak = st.when&weak != 0 || st.when&weakAlone != 0 && s.alone(i)
		if next := s.value(v); next > i {
			return next
		}
	}
	return i
}

// maxTail is how far before the end of a secret tail looks.
const maxTail = 48

// tail looks for a name at the end of a secret. Where text has no white space, or quotes do not belong together, a secret may take the next
// name with it, as in token="X-Auth-Token":"MII…": what stands behind that name is looked at all the same.
func (s *scanner) tail(start, end int) {
	for i := max(start, end-maxTail); i < end; i++ {
		for _, st := range stems[lower(s.text[i])] {
			last := foldAt(s.text, i, st.word)
			if last < 0 || !s.isStem(st, i, last) {
				continue
			}
			v, ok := s.separator(i, suffixEnd(s.text, last), st.when&header != 0)
			if ok && v.start < end && v.quote.mark != "" { // the value has begun, too
				last, _ := v.quote.close(s.text, v.start)
				ok = last > end
				v.start = end
			}
			if ok && v.start >= end {
				v.kind = st.kind
				v.weak = st.when&weak != 0 || st.when&weakAlone != 0 && s.alone(i)
				s.next, s.hasNext = v, true
				return
			}
		}
	}
}

// isName reports whether a name with a stem begins at i: "AK/SK: AK: …", where AK is not the value.
func (s *scanner) isName(i int) bool {
	if i >= len(s.text) {
		return false
	}
	for _, st := range stems[lower(s.text[i])] {
		if end := foldAt(s.text, i, st.word); end >= 0 && s.isStem(st, i, end) && operator(s.text, suffixEnd(s.text, end)) > 0 {
			return true
		}
	}
	return false
}

func (s *scanner) isStem(st stem, i, end int) bool {
	switch {
	case st.when&atEdge != 0:
		return s.edge(i)
	case st.when&isPass != 0:
		if i > s.floor && (isOneOf(s.text[i-1], "-_.") || s.camel(i)) {
			return true
		}
		return s.edge(i) && end < len(s.text) && (isQuote(s.text[end]) || s.text[end] == '=' || s.text[end] == '\\')
	}
	return true
}

// edge reports whether a word may begin at i: no letter or digit is before it, or one that ends an escape (\n, \u0026, %26, a
// colour), or the case changes as in secretKey.
func (s *scanner) edge(i int) bool {
	before := s.text[s.floor:i]
	n := len(before)
	return n == 0 || !isAlnum(before[n-1]) || s.camel(i) || endsEscape(before)
}

func (s *scanner) camel(i int) bool {
	return i > s.floor && isUpper(s.text[i]) && (isLower(s.text[i-1]) || isDigit(s.text[i-1]))
}

// alone reports whether the name begins with the word at i.
func (s *scanner) alone(i int) bool {
	before := s.text[s.floor:i]
	n := len(before)
	return n == 0 || !isAlnum(before[n-1]) && before[n-1] != '-' && before[n-1] != '_' || endsEscape(before)
}

// maxParams bounds the numbers of a colour: ESC [ 1 ; 31 m.
const maxParams = 16

func endsEscape(b []byte) bool {
	n := len(b)
	if n >= 2 && b[n-2] == '\\' && isOneOf(b[n-1], "nrtbfvae") {
		return true
	}
	if n >= 3 && b[n-3] == '%' && isHex(b[n-1]) && isHex(b[n-2]) {
		return true
	}
	if n >= 4 && b[n-4] == '\\' && b[n-3] == 'x' && isHex(b[n-2]) && isHex(b[n-1]) {
		return true
	}
	if n >= 6 && b[n-6] == '\\' && b[n-5] == 'u' && isHex(b[n-4]) && isHex(b[n-3]) && isHex(b[n-2]) && isHex(b[n-1]) {
		return true
	}
	if n >= 3 && (b[n-1] == 'm' || b[n-1] == 'K') {
		k := n - 2
		for k > 0 && n-2-k < maxParams && isParam(b[k]) {
			k--
		}
		return k > 0 && b[k] == '[' && isOneOf(b[k-1], "\x1bb3e")
	}
	return false
}

func suffixEnd(text []byte, i int) int {
	at := i
	if at < len(text) && isOneOf(text[at], "-_.") {
		at++
	}
	for _, w := range suffixes {
		if end := foldAt(text, at, w); end >= 0 {
			i = end
			break
		}
	}
	for n := 0; n < 2 && i < len(text) && isDigit(text[i]); n++ {
		i++
	}
	return i
}

// foldAt returns the end of the word at text[i:], in letters of any case, or -1. A - in the word may be a joint or nothing.
func foldAt(text []byte, i int, word string) int {
	for k := range len(word) {
		switch {
		case word[k] == '-':
			if i < len(text) && isJoint(text[i]) {
				i++
			}
		case i >= len(text) || lower(text[i]) != word[k]:
			return -1
		default:
			i++
		}
	}
	return i
}
