package extract

import "bytes"

// clean returns a text without colours and without escapes that would glue a letter to a code. It returns the text itself
// where there is nothing to clean, else a slice of *scratch.
func clean(scratch *[]byte, text []byte) []byte {
	if isClean(text) {
		return text
	}
	out := (*scratch)[:0]
	specials := special{escape: -1, hash: -1, backslash: -1}
	for i := 0; i < len(text); {
		next := specials.from(text, i)
		out = append(out, text[i:next]...)
		if i = next; i == len(text) {
			break
		}
		if n := colour(text[i:]); n > 0 {
			i += n
			continue
		}
		if text[i] != '\\' {
			out = append(out, text[i])
			i++
			continue
		}
		run := backslashes(text[i:])
		char, n := escape(text[i+run:])
		if n == 0 {
			out = append(out, text[i:i+run]...)
		} else {
			out = append(out, char)
		}
		i += run + n
	}
	*scratch = out
	return out
}

// isClean reports whether a text has nothing that clean looks for.
func isClean(text []byte) bool {
	return bytes.IndexByte(text, '\\') < 0 && bytes.IndexByte(text, 0x1b) < 0 && bytes.IndexByte(text, '#') < 0
}

// special is where the bytes that clean looks at stand next.
type special struct{ escape, hash, backslash int }

// from returns the place of the first of them at or after i, or the length of the text.
func (s *special) from(text []byte, i int) int {
	if s.escape < i {
		s.escape = indexFrom(text, i, 0x1b)
	}
	if s.hash < i {
		s.hash = indexFrom(text, i, '#')
	}
	if s.backslash < i {
		s.backslash = indexFrom(text, i, '\\')
	}
	return min(s.escape, s.hash, s.backslash)
}

// colour returns the length of the colour that b begins with, 0 if it begins with none.
func colour(b []byte) int {
	intro := 0
	switch b[0] {
	case 0x1b:
		intro = 1
	case '#': // how rsyslog writes control characters
		if bytes.HasPrefix(b, []byte("#033")) {
			intro = 4
		}
	case '\\':
		run := backslashes(b)
		for _, spelling := range [...]string{"u001b", "u001B", "x1b", "x1B", "033", "e"} {
			if len(b) >= run+len(spelling) && string(b[run:run+len(spelling)]) == spelling {
				intro = run + len(spelling)
				break
			}
		}
	}
	if intro == 0 || intro >= len(b) || b[intro] != '[' {
		return 0
	}
	i := intro + 1
	for i < len(b) && (isDigit(b[i]) || b[i] == ';' || b[i] == ':' || b[i] == '?') {
		i++
	}
	if i < len(b) && (b[i] == 'm' || b[i] == 'K') {
		return i + 1
	}
	return 0
}

// uncolour returns b without the colours at its front.
func uncolour(b []byte) []byte {
	for len(b) > 0 {
		n := 0
		switch b[0] {
		case 0x1b, '#', '\\':
			n = colour(b)
		}
		if n == 0 {
			break
		}
		b = b[n:]
	}
	return b
}

func backslashes(b []byte) int {
	n := 0
	for n < len(b) && b[n] == '\\' {
		n++
	}
	return n
}

// escape reads what follows the backslashes of an escape: the character that the escape comes to, and its length, 0 if it is
// none.
func escape(b []byte) (char byte, length int) {
	if len(b) == 0 {
		return 0, 0
	}
	switch b[0] {
	case 'n', 't', 'r', 'b', 'f', 'v', 'a', 'e':
		return ' ', 1
	case 'u':
		return number(b[1:], 4, 16)
	case 'U':
		return number(b[1:], 8, 16)
	case 'x':
		return number(b[1:], 2, 16)
	}
	if char, length := number(b, 3, 8); length > 0 {
		return char, length - 1
	}
	if b[0] == '0' {
		return ' ', 1
	}
	return 0, 0
}

// number reads exactly so many digits and returns the ASCII character with that number, a space if there is none, and one
// more than the number of digits.
func number(b []byte, digits int, base uint32) (char byte, length int) {
	if len(b) < digits {
		return 0, 0
	}
	var n uint32
	for _, c := range b[:digits] {
		var d uint32
		switch {
		case isDigit(c):
			d = uint32(c - '0')
		case isLetter(c):
			d = uint32(c|0x20-'a') + 10
		default:
			return 0, 0
		}
		if d >= base {
			return 0, 0
		}
		n = n*base + d
	}
	if n >= 0x80 {
		return ' ', digits + 1
	}
	return byte(n), digits + 1
}
