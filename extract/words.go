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

// triple finds three bytes that stand in a row.
type triple struct{ a, b, c, fold uint64 }

// newTriple takes the bytes from a text of three. With fold, either case of a letter is found.
func newTriple(text string, fold bool) triple {
	t := triple{a: uint64(text[0]) * ones, b: uint64(text[1]) * ones, c: uint64(text[2]) * ones}
	if fold {
		t.fold = 0x20 * ones
		t.a, t.b, t.c = t.a|t.fold, t.b|t.fold, t.c|t.fold
	}
	return t
}

// index returns where the three bytes stand next, at from or after it, or -1. With fold, some bytes that are no letters are
// taken for others: whoever asks has to look.
func (t *triple) index(b []byte, from int) int {
	const step = 4 * wordBytes
	i := from
	for ; i+step+2 <= len(b); i += step {
		w := (*[step + 2]byte)(b[i:])
		if t.marks(w[0:10])|t.marks(w[8:18])|t.marks(w[16:26])|t.marks(w[24:34]) != 0 {
			break
		}
	}
	for ; i+wordBytes+2 <= len(b); i += wordBytes {
		if marks := t.marks(b[i : i+wordBytes+2]); marks != 0 {
			return i + lowest(marks)
		}
	}
	for fold := byte(t.fold); i+3 <= len(b); i++ {
		if b[i]|fold == byte(t.a) && b[i+1]|fold == byte(t.b) && b[i+2]|fold == byte(t.c) {
			return i
		}
	}
	return -1
}

// marks marks the first eight bytes of ten at which the three begin.
func (t *triple) marks(b []byte) uint64 {
	_ = b[9]
	x := (binary.LittleEndian.Uint64(b) | t.fold) ^ t.a
	y := (binary.LittleEndian.Uint64(b[1:]) | t.fold) ^ t.b
	z := (binary.LittleEndian.Uint64(b[2:]) | t.fold) ^ t.c
	return zeros(x | y | z)
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
		for len(b) >= 4*wordBytes && (load(b, 0)|load(b, wordBytes)|load(b, 2*wordBytes)|load(b, 3*wordBytes))&tops == 0 {
			b = b[4*wordBytes:]
		}
		for len(b) >= wordBytes && load(b, 0)&tops == 0 {
			b = b[wordBytes:]
		}
		if len(b) >= wordBytes {
			b = b[lowest(load(b, 0)&tops):]
		}
		for {
			if len(b) == 0 {
				return true
			}
			if b[0] >= utf8.RuneSelf {
				r, size := utf8.DecodeRune(b)
				if r == utf8.RuneError && size == 1 {
					return false
				}
				b = b[size:]
				continue
			}
			if len(b) >= wordBytes {
				break
			}
			b = b[1:]
		}
	}
}
