package extract

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Every code has a prefix, a dot and four digits, and every byte of every log is searched for that. bytes.IndexByte is an
// order of magnitude faster than anything else that Go offers, the faster the rarer the byte is. The dot is not rare, but
// capital letters are, and so each prefix is found by one of its letters; one letter may serve several prefixes. Where the
// letters turn out to be frequent (a text in capitals), or many prefixes need many of them, all that a code has at its dot is
// searched for at once, eight bytes at a time, which takes the same time whatever the text is.

// needle is a letter by which prefixes are found.
type needle struct {
	letter byte
	spots  []spot
	next   [256]bool // what may stand behind the letter
	reach  int       // the dot is at most so far behind the letter
}

// spot is a prefix that a needle finds.
type spot struct {
	prefix []byte
	at     int // place of the letter in the prefix
}

// rare lists letters from the rarest in logs to the most frequent. Capitals are few, and those of INFO, ERROR and GET not
// as few as others.
const rare = "QZXJKYVUHBWMPCLSDGFANTIROEqzjxkvbywgpfmucdlhrsnioate"

const (
	maxNeedles = 3  // with more of them, words are faster
	misses     = 24 // so few bytes for each letter that stands in no prefix, on average, make words faster
	patience   = 64 // letters that stand in no prefix, until that average is believed
)

// newNeedles chooses letters: as few as possible, and of those the rarest.
func newNeedles(prefixes []prefix) []needle {
	var needles []needle
	for left := slices.Clone(prefixes); len(left) > 0; {
		best, most := byte(0), 0
		for i := range len(rare) {
			n := 0
			for _, p := range left {
				if bytes.IndexByte(p.text, rare[i]) >= 0 {
					n++
				}
			}
			if n > most {
				best, most = rare[i], n
			}
		}
		n := needle{letter: best}
		left = slices.DeleteFunc(left, func(p prefix) bool {
			at := bytes.IndexByte(p.text, best)
			if at < 0 {
				return false
			}
			n.spots = append(n.spots, spot{p.text, at})
			n.next[append(p.text[:len(p.text):len(p.text)], '.')[at+1]] = true
			n.reach = max(n.reach, len(p.text)-at)
			return true
		})
		needles = append(needles, n)
	}
	return needles
}

// search goes through a text from candidate to candidate. It remembers what each letter is in, so that none is searched for
// twice in the same bytes. The zero value is ready for reset.
type search struct {
	shape *shape
	text  []byte
	words bool // letters are frequent here
	at    [maxNeedles]int
	dots  [maxNeedles]int
}

// reset begins a text.
func (f *search) reset(s *shape, text []byte) {
	f.shape, f.text, f.words = s, text, len(s.needles) > maxNeedles
	f.at = [maxNeedles]int{}
	f.dots = [maxNeedles]int{-1, -1, -1}
}

// from returns the position of the next candidate's dot at or after pos, or the length of the text if there is none. pos
// must not go back. A candidate is a dot behind a prefix and before four digits.
func (f *search) from(pos int) int {
	dot := len(f.text)
	for i := 0; i < len(f.shape.needles) && !f.words; i++ {
		if f.dots[i] < pos {
			f.advance(i, pos)
		}
		dot = min(dot, f.dots[i])
	}
	if f.words {
		return f.shape.wordsFrom(f.text, pos)
	}
	return dot
}

// all appends the dots of all candidates of a text to a list.
func (f *search) all(s *shape, text []byte, dots []int) []int {
	f.reset(s, text)
	for dot := f.from(0); dot < len(text); dot = f.from(dot + 1) {
		dots = append(dots, dot)
	}
	return dots
}

// candidates are those of a text that may be a part of another one.
type candidates struct {
	dots []int // positions in the other text, ascending; those behind the part may follow
	from int   // where the text begins in the other
}

// part returns the candidates of a part of the text that begins at from.
func (c candidates) part(from int) candidates {
	c.from += from
	for len(c.dots) > 0 && c.dots[0] < c.from {
		c.dots = c.dots[1:]
	}
	return c
}

// before reports whether there is a candidate before a position in the text.
func (c *candidates) before(end int) bool { return len(c.dots) > 0 && c.dots[0]-c.from < end }

// advance searches for the next candidate that a needle finds.
func (f *search) advance(which, pos int) {
	n := &f.shape.needles[which]
	begin := max(f.at[which], pos-n.reach)
	missed := 0
	for at := begin; ; {
		i := bytes.IndexByte(f.text[at:], n.letter)
		if i < 0 || at+i+minDigits >= len(f.text) {
			f.at[which], f.dots[which] = len(f.text), len(f.text)
			return
		}
		letter := at + i
		at = letter + 1
		if n.next[f.text[at]] {
			if dot := n.dotOf(f.text, letter); dot >= pos {
				f.at[which], f.dots[which] = at, dot
				return
			}
		}
		if missed++; missed >= patience && at-begin < missed*misses {
			f.words = true
			return
		}
	}
}

// dotOf returns the dot of the candidate whose prefix the letter is in, or -1. There is at most one: a prefix has no dots.
func (n *needle) dotOf(b []byte, letter int) int {
	for i := range n.spots {
		s := &n.spots[i]
		begin := letter - s.at
		dot := begin + len(s.prefix)
		if begin >= 0 && isCandidate(b, dot) && string(b[begin:dot]) == string(s.prefix) {
			return dot
		}
	}
	return -1
}

// isCandidate reports whether there is a dot with four digits behind it.
func isCandidate(b []byte, dot int) bool {
	return dot+minDigits < len(b) && b[dot] == '.' && isDigit(b[dot+1]) && isDigit(b[dot+2]) && isDigit(b[dot+3]) && isDigit(b[dot+4])
}

// wordsFrom is from by words.
func (s *shape) wordsFrom(b []byte, pos int) int {
	const step = 4 * wordBytes
	i := max(pos, 1)
	for ; i+step+1 <= len(b); i += step {
		w := (*[step + 2]byte)(b[i-1:])
		marks := s.dots(w[0:10]) | s.dots(w[8:18]) | s.dots(w[16:26]) | s.dots(w[24:34])
		if marks == 0 {
			continue
		}
		if dot := s.dotFrom(b[:min(len(b), i+step+minDigits)], i); dot >= 0 {
			return dot
		}
	}
	if dot := s.dotFrom(b, i); dot >= 0 {
		return dot
	}
	return len(b)
}

// dots marks the bytes from the second on that are dots, have a digit behind them, and before them what the last letters of
// all prefixes have in common. Some others pass, too.
func (s *shape) dots(b []byte) uint64 {
	before, at, behind := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[1:]), binary.LittleEndian.Uint64(b[2:])
	return zeros((at ^ '.'*ones) | ((behind ^ '0'*ones) & (0xf0 * ones)) | ((before ^ s.endBits) & s.endMask))
}

// dotFrom is from by dots, for a few bytes; -1 if there is none.
func (s *shape) dotFrom(b []byte, pos int) int {
	for pos < len(b) {
		i := bytes.IndexByte(b[pos:], '.')
		if i < 0 {
			break
		}
		if dot := pos + i; isCandidate(b, dot) && s.prefixAt(b, dot) != nil {
			return dot
		}
		pos += i + 1
	}
	return -1
}
