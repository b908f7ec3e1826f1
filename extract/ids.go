package extract

import (
	"bytes"
	"strings"
)

// maxID is the length in bytes over which a value is taken for something else than an ID.
const maxID = 128

// requestID returns the value of the first key such as request_id, requestId or X-Request-Id that has one, in a text of
// any kind: JSON, escaped JSON, dicts, headers, key=value. Empty if there is none.
func requestID(text []byte) []byte { return idAfter(text, &request) }

// traceID does the same for trace_id and the like, else takes the trace part of a W3C traceparent.
func traceID(text []byte) []byte {
	if trace.rare.index(text, 0) < 0 {
		return nil // as in most texts
	}
	if id := idAfter(text, &trace); len(id) > 0 {
		return id
	}
	return traceparent(text)
}

var (
	request = newWord("request", 2)
	trace   = newWord("trace", 1)
	parent  = newWord("traceparent", 5)
)

// stop ends a search for keys.
const stop = -1

// word is what a key has in it: its first letter in any case and the others in lower case, or all of them capitals.
type word struct {
	lower, upper string // without the first letter
	first        byte   // in lower case
	at           int    // place in the word of what is searched for
	rare         triple
}

// newWord is told which three letters of a word are rare together.
func newWord(text string, at int) word {
	return word{text[1:], strings.ToUpper(text[1:]), text[0], at, newTriple(text[at:at+3], true)}
}

// keys calls found with the text behind each occurrence of a word. found says how much of what is behind it to pass over, or
// stop.
func keys(text []byte, w *word, found func(rest []byte) (pass int)) {
	for from := w.at; ; {
		i := w.rare.index(text, from)
		if i < 0 {
			return
		}
		from = i + 1
		rest, ok := w.behind(text, i-w.at)
		if !ok {
			continue
		}
		pass := found(rest)
		if pass == stop {
			return
		}
		if pass > 0 {
			from = len(text) - len(rest) + pass + w.at
		}
	}
}

// behind returns what stands behind a word that begins at i, if one does.
func (w *word) behind(text []byte, i int) (rest []byte, ok bool) {
	tail := text[i+1:]
	if len(tail) < len(w.lower) {
		return nil, false
	}
	tail, rest = tail[:len(w.lower)], tail[len(w.lower):]
	switch text[i] {
	case w.first:
		return rest, string(tail) == w.lower
	case w.first &^ 0x20:
		return rest, string(tail) == w.lower || string(tail) == w.upper
	default:
		return nil, false
	}
}

func idAfter(text []byte, w *word) (id []byte) {
	keys(text, w, func(rest []byte) int {
		b := rest
		if len(b) > 0 && (b[0] == '-' || b[0] == '_' || b[0] == ' ') {
			b = b[1:]
		}
		if len(b) < 2 || b[0]|0x20 != 'i' || b[1]|0x20 != 'd' {
			return 0
		}
		value, ok := valueOf(b[2:])
		if !ok {
			return 0
		}
		n := 0
		for n < len(value) && isIDByte(value[n]) {
			n++
		}
		past := len(rest) - len(value) + n
		if n > maxID || n < len(value) && value[n] == '=' { // the next key of a list of key=value
			return past
		}
		switch v := bytes.TrimRight(value[:n], ".:-"); {
		case len(v) == 0, equalFold(v, "null"), equalFold(v, "none"), equalFold(v, "nil"), equalFold(v, "undefined"):
			return past
		default:
			id = v
			return stop
		}
	})
	return id
}

// valueOf skips what stands between a key and its value.
func valueOf(b []byte) ([]byte, bool) {
	b = skip(b, `"'\ ]`)
	switch {
	case bytes.HasPrefix(b, []byte("=>")):
		b = b[2:]
	case len(b) > 0 && (b[0] == ':' || b[0] == '=' || b[0] == '>' || b[0] == '['):
		b = b[1:]
	default:
		return nil, false
	}
	return skip(b, `"'\ [`), true
}

func skip(b []byte, set string) []byte {
	i := 0
	for i < len(b) && bytes.IndexByte(bytesOf(set), b[i]) >= 0 {
		i++
	}
	return b[i:]
}

func equalFold(b []byte, s string) bool { return len(b) == len(s) && bytes.EqualFold(b, bytesOf(s)) }

// traceparent reads version 00, the only one there is: 00-<trace, 32 digits>-<span, 16>-<flags, 2>.
func traceparent(text []byte) (id []byte) {
	keys(text, &parent, func(rest []byte) int {
		value, ok := valueOf(rest)
		const head, trace, span, flags = len("00-"), 32, 16, 2
		if !ok || len(value) < head+trace+1+span+1+flags || !bytes.HasPrefix(value, []byte("00-")) {
			return 0
		}
		v := value[head:]
		if !isHex(v[:trace]) || v[trace] != '-' || !isHex(v[trace+1:trace+1+span]) || v[trace+1+span] != '-' || !isHex(v[trace+span+2:trace+span+2+flags]) {
			return 0
		}
		id = v[:trace]
		return stop
	})
	return id
}

func isHex(b []byte) bool {
	for _, c := range b {
		if !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}
