package extract

import (
	"bytes"

	"github.com/tidwall/gjson"
)

// span is a value in a text: of a string with its quotes. The zero value is none.
type span struct{ from, to int }

// value is a string that is not a key.
type value struct {
	span
	candidates candidates // of what is between the quotes, unless that has escapes
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
	times             []span

	left   candidates // those that have not been passed yet
	hashed bool       // the text has a #
	high   uint64     // all bytes of strings, one over the other
	depth  int
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
	l.left, l.hashed, l.high, l.depth = c, bytes.IndexByte(text, '#') >= 0, 0, 0
	ok := l.nested()
	l.ascii = l.high&tops == 0
	return ok
}

// nested reads the whole text. It keeps its own stack: no text can make it call itself.
func (l *layout) nested() bool {
	b := l.text
	empty := false // a bracket was opened and may be closed at once
	for i := 0; ; {
		if !empty || !l.closes(b[i]) {
			var name key
			if l.depth > 0 && !l.inArray() {
				if i, name = l.key(i); i == broken || i == len(b) {
					return false
				}
			}
			from := i
			switch c := b[i]; c {
			case '{', '[':
				if l.depth == maxDepth {
					return false
				}
				l.note(name, span{i, i + 1})
				l.open(c)
				if i = space(b, i+1); i == len(b) {
					return false
				}
				empty = true
				continue
			case '"':
				i = l.str(i)
			default:
				i = bare(b, i)
			}
			if i == broken {
				return false
			}
			l.note(name, span{from, i})
		}
		empty = false
		for {
			if i = space(b, i); i == len(b) {
				return l.depth == 0
			}
			if l.depth == 0 {
				return false
			}
			if b[i] == ',' {
				break
			}
			if !l.closes(b[i]) {
				return false
			}
			l.depth--
			i++
		}
		if i = space(b, i+1); i == len(b) {
			return false
		}
	}
}

func (l *layout) open(bracket byte) {
	word, bit := l.depth/64, uint64(1)<<(l.depth%64)
	if bracket == '[' {
		l.arrays[word] |= bit
	} else {
		l.arrays[word] &^= bit
	}
	l.depth++
}

func (l *layout) inArray() bool { return l.arrays[(l.depth-1)/64]>>((l.depth-1)%64)&1 != 0 }

// closes reports whether c closes what is open.
func (l *layout) closes(c byte) bool { return c == '}' && !l.inArray() || c == ']' && l.inArray() }

// key reads a key and returns where its value begins.
func (l *layout) key(i int) (value int, name key) {
	b := l.text
	if b[i] != '"' {
		return broken, 0
	}
	from := i + 1
	end, escaped := l.quoted(from)
	if end == broken {
		return broken, 0
	}
	if l.depth == 1 {
		if name = keyOf(b[from:end]); escaped {
			name = keyOf(bytesOf(gjson.Parse(view(b[from-1 : end+1])).Str))
		}
	}
	if i = space(b, end+1); i == len(b) || b[i] != ':' {
		return broken, 0
	}
	return space(b, i+1), name
}

// str reads a string that is a value, and returns where it ends.
func (l *layout) str(i int) int {
	end, escaped := l.quoted(i + 1)
	if end == broken {
		return broken
	}
	c := l.left.part(i + 1)
	l.left.dots = c.dots
	if escaped || l.hashed || c.before(end-i-1) {
		l.values = append(l.values, value{span{i, end + 1}, c})
	}
	return end + 1
}

// quoted reads a string from behind its first quote and returns the position of its last one.
func (l *layout) quoted(i int) (end int, escaped bool) {
	b := l.text
	for {
		for i+wordBytes <= len(b) {
			x := load(b, i)
			l.high |= x
			marks := zeros(x^'"'*ones) | zeros(x^'\\'*ones) | (x-' '*ones)&^x&tops // the last ones are of control characters
			if marks != 0 {
				i += lowest(marks)
				break
			}
			i += wordBytes
		}
		if i == len(b) {
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
			l.high |= uint64(c)
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
	for _, name := range [...]string{"true", "false", "null"} {
		if b[i] == name[0] {
			if len(b)-i >= len(name) && string(b[i:i+len(name)]) == name {
				return i + len(name)
			}
			return broken
		}
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
