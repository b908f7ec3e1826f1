package extract

import (
	"bytes"
)

// span is a value in a text: of a string with its quotes. The zero value is none.
type span struct{ from, to int }

// value is a string that is not a key.
type value struct {
	span
	candidates candidates // of what is between the quotes, unless that has escapes
}

// stamp is a string or a number that may be a time.
type stamp struct {
	span
	escaped bool
}

// layout is what one pass over a text tells of it: whether it is JSON, and where in it what is looked for may stand. Only
// that is then decoded, by gjson.
type layout struct {
	text   []byte
	ascii  bool    // no byte is outside ASCII
	values []value // the strings in which a code may stand: those with a candidate, a backslash or the # of a colour

	// Of the outermost object: the first member with each of the keys of Docker's, and the strings and numbers under the keys
	// that loggers write the time under, as many as anybody needs.
	log, stream, time span
	times             []stamp

	left   candidates            // those that have not been passed yet
	next   int                   // the first of them
	hashed bool                  // the text has a #
	arrays [maxDepth / 64]uint64 // by depth, a bit that says that what is open is an array
}

const (
	maxSpans = 1 << 12 // values that room is kept for; a text that has more of them pays for its own
	maxTimes = 16
	broken   = -1 // the position from which on a text is no JSON
)

// read goes over a text around which no white space stands. It reports whether the text is one JSON object or array that is
// nested no deeper than maxDepth; if it is not, the layout means nothing.
func (l *layout) read(text []byte, c candidates) bool {
	if len(text) < 2 || text[0] != '{' && text[0] != '[' {
		return false
	}
	if cap(l.values) > maxSpans {
		l.values = nil
	}
	l.text, l.values, l.times = text, l.values[:0], l.times[:0]
	l.log, l.stream, l.time = span{}, span{}, span{}
	l.left, l.next, l.hashed = c, -1, bytes.IndexByte(text, '#') >= 0
	return l.nested()
}

// nested reads the whole text. It keeps its own stack: no text can make it call itself.
func (l *layout) nested() bool {
	b := l.text
	high := uint64(0) // all bytes of strings, one over the other
	depth, object := 0, false
	empty := false // a bracket was opened and may be closed at once
	for i := 0; ; {
		if !empty || b[i] != closing(object) {
			name := otherKey
			if object {
				if b[i] != '"' {
					return false
				}
				end, escaped := quoted(b, i+1, &high)
				if end == broken {
					return false
				}
				if depth == 1 {
					name = keyAt(b, i, end, escaped)
				}
				if i = end + 1; i < len(b) && b[i] != ':' {
					i = space(b, i)
				}
				if i == len(b) || b[i] != ':' {
					return false
				}
				if i = space(b, i+1); i == len(b) {
					return false
				}
			}
			from, escaped := i, false
			switch c := b[i]; c {
			case '{', '[':
				if depth == maxDepth {
					return false
				}
				if name != otherKey {
					l.note(name, span{i, i + 1}, false)
				}
				object, empty = c == '{', true
				l.open(depth, object)
				depth++
				if i = space(b, i+1); i == len(b) {
					return false
				}
				continue
			case '"':
				end := 0
				if end, escaped = quoted(b, i+1, &high); end == broken {
					return false
				}
				if l.next < i {
					l.pass(i)
				}
				if escaped || l.hashed || l.next < end {
					l.values = append(l.values, value{span{i, end + 1}, l.left.part(i + 1)})
				}
				i = end + 1
			default:
				if i = bare(b, i); i == broken {
					return false
				}
			}
			if name != otherKey {
				l.note(name, span{from, i}, escaped)
			}
		}
		empty = false
		for i == len(b) || b[i] != ',' {
			if i = space(b, i); i == len(b) {
				l.ascii = high&tops == 0
				return depth == 0
			}
			if b[i] == ',' {
				break
			}
			if depth == 0 || b[i] != closing(object) {
				return false
			}
			if depth--; depth > 0 {
				object = l.isObject(depth - 1)
			}
			i++
		}
		if i = space(b, i+1); depth == 0 || i == len(b) {
			return false
		}
	}
}

// closing is the bracket that closes what is open.
func closing(object bool) byte {
	if object {
		return '}'
	}
	return ']'
}

func (l *layout) open(depth int, object bool) {
	word, bit := depth/64, uint64(1)<<(depth%64)
	if object {
		l.arrays[word] &^= bit
	} else {
		l.arrays[word] |= bit
	}
}

func (l *layout) isObject(depth int) bool { return l.arrays[depth/64]>>(depth%64)&1 == 0 }

// pass goes on to the first candidate at or after i.
func (l *layout) pass(i int) {
	l.left.dots = l.left.part(i).dots
	l.next = len(l.text)
	if len(l.left.dots) > 0 {
		l.next = l.left.dots[0] - l.left.from
	}
}

// quoted reads a string from behind its first quote and returns the position of its last one. It lays all of its bytes, and
// some of those behind them, over high.
func quoted(b []byte, i int, high *uint64) (end int, escaped bool) {
	for {
		rest := b[i:]
		for len(rest) >= wordBytes {
			x := load(rest, 0)
			*high |= x
			// A quote is 0x22, and control characters are below 0x20: with one bit turned round, both are below 0x21.
			if marks := (((x ^ 0x02*ones) - 0x21*ones) | ((x ^ '\\'*ones) - ones)) &^ x & tops; marks != 0 {
				rest = rest[lowest(marks):]
				break
			}
			rest = rest[wordBytes:]
		}
		if i = len(b) - len(rest); i == len(b) {
			return broken, false
		}
		switch c := b[i]; {
		case c == '"':
			return i, escaped
		case c == '\\':
			escaped = true
			if i = escapeEnd(b, i+1); i == broken {
				return broken, false
			}
		case c < ' ':
			return broken, false
		default: // in the last bytes of the text
			*high |= uint64(c)
			i++
		}
	}
}

// escapeEnd returns the position behind an escape, from behind its backslash.
func escapeEnd(b []byte, i int) int {
	if i == len(b) {
		return broken
	}
	switch b[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 1
	case 'u':
		if i+5 <= len(b) && isHex(b[i+1:i+5]) {
			return i + 5
		}
	}
	return broken
}

// bare reads a number or a name and returns where it ends.
func bare(b []byte, i int) int {
	name := ""
	switch b[i] {
	case 't':
		name = "true"
	case 'f':
		name = "false"
	case 'n':
		name = "null"
	}
	if name != "" {
		if len(b)-i >= len(name) && string(b[i:i+len(name)]) == name {
			return i + len(name)
		}
		return broken
	}
	if b[i] == '-' {
		i++
	}
	from := i
	i = digits(b, i)
	if i == from || b[from] == '0' && i > from+1 {
		return broken
	}
	if i < len(b) && b[i] == '.' {
		if from, i = i+1, digits(b, i+1); i == from {
			return broken
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		if i++; i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if from, i = i, digits(b, i); i == from {
			return broken
		}
	}
	return i
}

// digits returns the position behind the digits that stand at i.
func digits(b []byte, i int) int {
	for i < len(b) && isDigit(b[i]) {
		i++
	}
	return i
}

// space returns the position behind the white space that stands at i.
func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}
