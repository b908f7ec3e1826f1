package extract

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// The searches that bytes.IndexByte cannot do look at eight bytes at a time, in a machine word whose lowest byte is the first of them.
const (
	wordBytes = 8
	ones      = 0x0101010101010101 // times a byte: that byte eight times
	tops      = 0x8080808080808080 // the highest bit of each byte
)

// load reads the word at i.
func load(b []byte, i int) uint64 { return binary.LittleEndian.Uint64(b[i:]) }

// zeros marks the zero bytes of a word in their highest bits. The lowest mark is right; above it there may be too many.
func zeros(x uint64) uint64 { return (x - ones) &^ x & tops }

// lowest is the place in the word of the lowest mark.
func lowest(marks uint64) int { return bits.TrailingZeros64(marks) / 8 }

// lastLine returns where the last line of b begins: behind the last newline, else at 0. bytes.LastIndexByte goes byte by byte.
func lastLine(b []byte) int {
	i := len(b)
	for ; i >= wordBytes; i -= wordBytes {
		x := load(b, i-wordBytes) ^ '\n'*ones
		const low = ^uint64(tops)
		if marks := ^(((x & low) + low) | x) & tops; marks != 0 { // unlike those of zeros, all of these are right
			return i - bits.LeadingZeros64(marks)/8
		}
	}
	for i > 0 && b[i-1] != '\n' {
		i--
	}
	return i
}

// pair finds two bytes that stand in a row.
type pair struct{ a, b, exact uint64 }

// newPair takes the bytes from the beginning of a text. With fold, either case of a letter is found.
func newPair(text string, fold bool) pair {
	p := pair{uint64(text[0]) * ones, uint64(text[1]) * ones, ^uint64(0)}
	if fold {
		p.exact = ^uint64(0x20 * ones)
	}
	return p
}

// index returns where the two bytes stand next, at from or after it, or -1. With fold, some bytes that are no letters are
// taken for others: whoever asks has to look.
func (p *pair) index(b []byte, from int) int {
	if from >= len(b) {
		return -1
	}
	rest, a, c, exact := b[from:], p.a, p.b, p.exact
	for len(rest) >= 4*wordBytes+1 {
		w := (*[4*wordBytes + 1]byte)(rest)
		marks := zeros(((binary.LittleEndian.Uint64(w[0:])^a)|(binary.LittleEndian.Uint64(w[1:])^c))&exact) |
			zeros(((binary.LittleEndian.Uint64(w[8:])^a)|(binary.LittleEndian.Uint64(w[9:])^c))&exact) |
			zeros(((binary.LittleEndian.Uint64(w[16:])^a)|(binary.LittleEndian.Uint64(w[17:])^c))&exact) |
			zeros(((binary.LittleEndian.Uint64(w[24:])^a)|(binary.LittleEndian.Uint64(w[25:])^c))&exact)
		if marks != 0 {
			break
		}
		rest = rest[4*wordBytes:]
	}
	for len(rest) >= wordBytes+1 {
		if marks := zeros(((load(rest, 0) ^ a) | (load(rest, 1) ^ c)) & exact); marks != 0 {
			return len(b) - len(rest) + lowest(marks)
		}
		rest = rest[wordBytes:]
	}
	for ; len(rest) >= 2; rest = rest[1:] {
		if (rest[0]^byte(a))&byte(exact) == 0 && (rest[1]^byte(c))&byte(exact) == 0 {
			return len(b) - len(rest)
		}
	}
	return -1
}

// pattern is eight bytes, in which a 0 stands for any digit.
type pattern struct{ digits, others uint64 }

func newPattern(text string) pattern {
	var p pattern
	for i := range wordBytes {
		if shift := 8 * i; text[i] == '0' {
			p.digits |= 0xff << shift
		} else {
			p.others |= uint64(text[i]) << shift
		}
	}
	return p
}

// fits reports whether a word is of the pattern.
func (p *pattern) fits(x uint64) bool {
	const high = 0xf0 * ones
	d := x & p.digits
	// 6 more than a digit is no carry, 6 more than any of : ; < = > ? is one.
	return x&^p.digits == p.others && d&high == '0'*ones&p.digits && (d+0x06*ones&p.digits)&high == '0'*ones&p.digits
}

// isUTF8 is utf8.Valid for texts of which only a few characters are outside ASCII.
func isUTF8(b []byte) bool {
	for {
		b = b[ascii(b):]
		if len(b) == 0 {
			return true
		}
		for len(b) > 0 && b[0] >= utf8.RuneSelf {
			if len(b) > 2 && b[0]&0xf0 == 0xe0 && b[0] != 0xe0 && b[0] != 0xed && b[1]&0xc0 == 0x80 && b[2]&0xc0 == 0x80 {
				b = b[3:] // as most of the world's characters are
				continue
			}
			r, size := utf8.DecodeRune(b)
			if r == utf8.RuneError && size == 1 {
				return false
			}
			b = b[size:]
		}
	}
}

// ascii counts the bytes of ASCII that a text begins with.
func ascii(b []byte) int {
	rest := b
	for len(rest) >= 4*wordBytes {
		w := (*[4 * wordBytes]byte)(rest)
		if (binary.LittleEndian.Uint64(w[0:])|binary.LittleEndian.Uint64(w[8:])|binary.LittleEndian.Uint64(w[16:])|binary.LittleEndian.Uint64(w[24:]))&tops != 0 {
			break
		}
		rest = rest[4*wordBytes:]
	}
	for len(rest) >= wordBytes {
		if marks := load(rest, 0) & tops; marks != 0 {
			return len(b) - len(rest) + lowest(marks)
		}
		rest = rest[wordBytes:]
	}
	for len(rest) > 0 && rest[0] < utf8.RuneSelf {
		rest = rest[1:]
	}
	return len(b) - len(rest)
}
