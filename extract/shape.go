package extract

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"

	"errcode_exporter/catalog"
)

// shape knows how codes are spelled: a prefix, a dot, and at least four digits.
type shape struct {
	prefixes []prefix
	ending   [256][]*prefix // prefixes by their last letter, the longest first
	needles  []needle
	endBits  uint64 // the bits that the last letters of all prefixes have in common, eight times
	endMask  uint64 // which bits those are
}

type prefix struct {
	text   []byte
	family string
	token  *regexp.Regexp // one whole code, anchored at both ends
}

// minDigits is the least number of digits that any family has; the catalog holds its families to it.
const minDigits = 4

func newShape(families []catalog.Family) *shape {
	s := &shape{}
	all, some := byte(0xff), byte(0) // bits of the last letters
	for _, f := range families {
		for _, sp := range f.Spellings {
			// An expression of its own is a third faster than one for all: regexp skips a beginning that is always the same.
			token := regexp.MustCompile(fmt.Sprintf(`^%s\.[0-9]{%d,%d}$`, regexp.QuoteMeta(sp.Prefix), sp.MinDigits, sp.MaxDigits))
			s.prefixes = append(s.prefixes, prefix{[]byte(sp.Prefix), f.Name, token})
			end := sp.Prefix[len(sp.Prefix)-1]
			all, some = all&end, some|end
		}
	}
	for i := range s.prefixes {
		p := &s.prefixes[i]
		end := p.text[len(p.text)-1]
		s.ending[end] = append(s.ending[end], p)
		slices.SortFunc(s.ending[end], func(a, b *prefix) int { return len(b.text) - len(a.text) })
	}
	s.needles = newNeedles(s.prefixes)
	s.endBits, s.endMask = uint64(all)*ones, uint64(all|^some)*ones
	return s
}

// prefixAt returns the longest prefix that ends before the dot.
func (s *shape) prefixAt(b []byte, dot int) *prefix {
	if dot == 0 {
		return nil
	}
	for _, p := range s.ending[b[dot-1]] {
		if bytes.HasSuffix(b[:dot], p.text) {
			return p
		}
	}
	return nil
}

// tokens calls found for each code that stands in a cleaned text, in order, until it returns false. What stands around a
// candidate is looked at first; the regular expression has the last word on those that are left.
func (s *shape) tokens(b []byte, c candidates, found func(code []byte, p *prefix) bool) {
	for _, dot := range c.dots {
		if dot -= c.from; dot >= len(b) {
			return
		}
		p := s.prefixAt(b, dot)
		start, end := dot-len(p.text), digits(b, dot+1+minDigits)
		if !freeBefore(b, start) || !freeAfter(b, end) || allZeros(b[dot+1:end]) || !p.token.Match(b[start:end]) {
			continue
		}
		if !found(b[start:end], p) {
			return
		}
	}
}

// allZeros reports whether a number is a success code's.
func allZeros(number []byte) bool {
	for _, c := range number {
		if c != '0' {
			return false
		}
	}
	return true
}

// freeBefore reports whether a code may begin at i.
func freeBefore(b []byte, i int) bool {
	return i == 0 || !isWord(b[i-1]) && b[i-1] != '.'
}

// freeAfter reports whether a code may end before i.
func freeAfter(b []byte, i int) bool {
	switch {
	case i >= len(b):
		return true
	case b[i] == '.':
		return i+1 >= len(b) || !isWord(b[i+1])
	default:
		return !isWord(b[i])
	}
}

// classes says of each byte what it may be.
var classes = func() (all [256]uint8) {
	for c := range all {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z' && c < 0x80
		if letter || '0' <= c && c <= '9' || c == '_' {
			all[c] |= ofWord | ofID
		}
		switch c {
		case '.', ':', '-':
			all[c] |= ofID
		case ' ', '\t', '\n', '\v', '\f', '\r':
			all[c] |= ofSpace
		}
	}
	return all
}()

const (
	ofWord  = 1 << iota // letters, digits and underscores of ASCII; every other byte ends a code
	ofID                // of request and trace IDs
	ofSpace             // white space
)

func isDigit(c byte) bool { return c-'0' <= 9 }

func isLetter(c byte) bool { return c|0x20-'a' <= 'z'-'a' }

func isWord(c byte) bool { return classes[c]&ofWord != 0 }

func isSpace(c byte) bool { return classes[c]&ofSpace != 0 }
