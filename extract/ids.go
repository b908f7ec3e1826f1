package extract

import (
	"bytes"
	"strings"
)

// maxID is the length in bytes over which a value is taken for something else than an ID.
const maxID = 128

// requestID returns the value of the first key such as request_id, requestId or X-Request-Id that has one, in a text of
// any kind: JSON, escaped JSON, dicts, headers, key=value. Empty if there is none.
func requestID(text []byte) []byte {
	const at = len("re")
	lower, upper := -1, -1 // where the next q and Q are, which hardly any other word has
	for from := at; ; {
		if lower < from {
			lower = indexFrom(text, from, 'q')
		}
		if upper < from {
			upper = indexFrom(text, from, 'Q')
		}
		i := min(lower, upper)
		if i == len(text) {
			return nil
		}
		from = i + 1
		if rest, ok := request.behind(text, i-at); ok {
			id, pass := idIn(rest)
			if len(id) > 0 {
				return id
			}
			if pass > 0 {
				from = len(text) - len(rest) + pass + at
			}
		}
	}
}

// traceID does the same for trace_id and the like, else takes the trace part of a W3C traceparent.
func traceID(text []byte) []byte {
	const at = len("t")
	begin := race.index(text, at)
	for i := begin; i >= 0; {
		from := i + 1
		if rest, ok := trace.behind(text, i-at); ok {
			id, pass := idIn(rest)
			if len(id) > 0 {
				return id
			}
			if pass > 0 {
				from = len(text) - len(rest) + pass + at
			}
		}
		i = race.index(text, from)
	}
	for i := begin; i >= 0; i = race.index(text, i+1) {
		if rest, ok := parent.behind(text, i-at); ok {
			if id := traceparent(rest); len(id) > 0 {
				return id
			}
		}
	}
	return nil
}

var (
	request, trace, parent = newWord("request"), newWord("trace"), newWord("traceparent")
	race                   = newPair("ra", true)
)

// indexFrom returns where a byte stands next, at from or after it, or the length of the text.
func indexFrom(text []byte, from int, c byte) int {
	if from >= len(text) {
		return len(text)
	}
	if i := bytes.IndexByte(text[from:], c); i >= 0 {
		return from + i
	}
	return len(text)
}

// word is what a key has in it: its first letter in any case and the others in lower case, or all of them capitals.
type word struct {
	first        byte   // in lower case
	lower, upper string // without the first letter
}

func newWord(text string) word { return word{text[0], text[1:], strings.ToUpper(text[1:])} }

// behind returns what stands behind the word that begins at i, if one does.
func (w *word) behind(text []byte, i int) (rest []byte, ok bool) {
	if len(text)-i <= len(w.lower) {
		return nil, false
	}
	tail, rest := text[i+1:i+1+len(w.lower)], text[i+1+len(w.lower):]
	switch text[i] {
	case w.first:
		return rest, string(tail) == w.lower
	case w.first &^ 0x20:
		return rest, string(tail) == w.lower || string(tail) == w.upper
	default:
		return nil, false
	}
}

// idIn reads an ID from behind the word of its key. Where there is a value that is none, it says how much to pass over.
func idIn(rest []byte) (id []byte, pass int) {
	b := rest
	if len(b) > 0 && (b[0] == '-' || b[0] == '_' || b[0] == ' ') {
		b = b[1:]
	}
	if len(b) < 2 || b[0]|0x20 != 'i' || b[1]|0x20 != 'd' {
		return nil, 0
	}
	value, ok := valueOf(b[2:])
	if !ok {
		return nil, 0
	}
	n := idBytes(value)
	pass = len(rest) - len(value) + n
	if n > maxID || n < len(value) && value[n] == '=' { // the next key of a list of key=value
		return nil, pass
	}
	for id = value[:n]; len(id) > 0; id = id[:len(id)-1] {
		if c := id[len(id)-1]; c != '.' && c != ':' && c != '-' {
			break
		}
	}
	if isNothing(id) {
		return nil, pass
	}
	return id, pass
}

// idBytes counts the bytes of an ID that a text begins with.
func idBytes(text []byte) int {
	left := text
	for len(left) >= 8 {
		v := (*[8]byte)(left)
		if classes[v[0]]&classes[v[1]]&classes[v[2]]&classes[v[3]]&classes[v[4]]&classes[v[5]]&classes[v[6]]&classes[v[7]]&ofID == 0 {
			break
		}
		left = left[8:]
	}
	for len(left) > 0 && classes[left[0]]&ofID != 0 {
		left = left[1:]
	}
	return len(text) - len(left)
}

// isNothing reports whether an ID is one of the ways of saying that there is none.
func isNothing(id []byte) bool {
	switch len(id) {
	case 0:
		return true
	case len("nil"):
		return bytes.EqualFold(id, []byte("nil"))
	case len("null"):
		return bytes.EqualFold(id, []byte("null")) || bytes.EqualFold(id, []byte("none"))
	case len("undefined"):
		return bytes.EqualFold(id, []byte("undefined"))
	default:
		return false
	}
}

// valueOf skips what stands between a key and its value.
func valueOf(b []byte) ([]byte, bool) {
	i := 0
	for i < len(b) && (b[i] == '"' || b[i] == '\'' || b[i] == '\\' || b[i] == ' ' || b[i] == ']') {
		i++
	}
	switch {
	case i == len(b):
		return nil, false
	case b[i] == '=' && i+1 < len(b) && b[i+1] == '>':
		i += 2
	case b[i] == ':' || b[i] == '=' || b[i] == '>' || b[i] == '[':
		i++
	default:
		return nil, false
	}
	for i < len(b) && (b[i] == '"' || b[i] == '\'' || b[i] == '\\' || b[i] == ' ' || b[i] == '[') {
		i++
	}
	return b[i:], true
}

// traceparent reads, from behind the word, version 00, the only one there is: 00-<trace, 32 digits>-<span, 16>-<flags, 2>.
func traceparent(rest []byte) []byte {
	value, ok := valueOf(rest)
	const head, trace, span, flags = len("00-"), 32, 16, 2
	if !ok || len(value) < head+trace+1+span+1+flags || !bytes.HasPrefix(value, []byte("00-")) {
		return nil
	}
	v := value[head:]
	if !isHex(v[:trace]) || v[trace] != '-' || !isHex(v[trace+1:trace+1+span]) || v[trace+1+span] != '-' || !isHex(v[trace+span+2:trace+span+2+flags]) {
		return nil
	}
	return v[:trace]
}

func isHex(b []byte) bool {
	for _, c := range b {
		if !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}
