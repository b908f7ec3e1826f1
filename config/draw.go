package config

import (
	"fmt"
	"strings"
	"unicode"
)

const (
	maxDrawn = 160 // characters of a line that are drawn
	before   = 60  // of these, before the place, if the line is longer
)

// draw shows a problem: place, what is wrong, the line, and a caret under the column.
func (d *document) draw(p problem) string {
	var source []rune
	if p.line >= 1 && p.line <= len(d.lines) {
		source = []rune(strings.TrimRight(strings.TrimPrefix(d.lines[p.line-1], "\ufeff"), "\r"))
	}
	at := min(max(p.column-1, 0), len(source))
	from, to := 0, len(source)
	if to > maxDrawn {
		from = max(0, at-before)
		to = min(to, from+maxDrawn)
	}
	var line, indent strings.Builder
	if from > 0 {
		line.WriteString("…")
		indent.WriteString(" ")
	}
	for i := from; i < to; i++ {
		r := source[i]
		if r != '\t' && !unicode.IsPrint(r) {
			r = '\ufffd' // nothing in a file may steer the terminal
		}
		line.WriteRune(r)
		switch {
		case i >= at:
		case r == '\t':
			indent.WriteRune('\t')
		case isWide(r):
			indent.WriteString("  ")
		case !unicode.Is(unicode.Mn, r):
			indent.WriteString(" ")
		}
	}
	if to < len(source) {
		line.WriteString("…")
	}
	number := fmt.Sprintf("%4d | ", p.line)
	return fmt.Sprintf("%s:%d:%d: %s\n%s%s\n%s| %s^", d.name, p.line, p.column, p.text, number, line.String(), strings.Repeat(" ", len(number)-2), indent.String())
}

// isWide says whether a terminal takes two columns for a character: those of Chinese, Japanese and Korean, and their punctuation.
func isWide(r rune) bool {
	return r >= 0x1100 && r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff ||
		r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 || r >= 0xffe0 && r <= 0xffe6 || r >= 0x20000 && r <= 0x3fffd
}
