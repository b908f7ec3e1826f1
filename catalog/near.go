package catalog

import (
	"fmt"
	"strings"
)

const (
	maxEdits = 3  // single-character edits up to which a word is taken for what was meant
	maxNear  = 3  // words that are offered at most
	maxTyped = 64 // bytes; nothing is offered for longer words, since comparing them costs more than it helps
)

// Near returns up to three of the known words that differ least from what was typed, case aside, for "did you mean"; none if
// all differ by more than three single-character edits, or by more than about a third of what was typed. A word that goes on where what
// was typed ends is as near as one edit.
func Near(typed string, known []string) []string {
	if len(typed) > maxTyped {
		return nil
	}
	best := min(maxEdits, (len(typed)+2)/3)
	var near []string
	for _, word := range known {
		d := edits(strings.ToLower(typed), strings.ToLower(word))
		if len(typed) > 2 && strings.HasPrefix(strings.ToLower(word), strings.ToLower(typed)) {
			d = min(d, 1)
		}
		switch {
		case d < best || d == best && near == nil:
			best, near = d, []string{word}
		case d == best:
			near = append(near, word)
		}
	}
	return near[:min(len(near), maxNear)]
}

// NotOneOf says that a value is none of those that are possible, and which was meant.
func NotOneOf(what, value string, possible []string) string {
	text := fmt.Sprintf("%s %q is not one of %s", what, value, strings.Join(possible, ", "))
	if near := Near(value, possible); len(near) > 0 {
		text += ": did you mean " + strings.Join(near, " or ") + "?"
	}
	return text
}

// edits is the Levenshtein distance of two short strings, in bytes.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substitute := diagonal
			if a[i] != b[j] {
				substitute++
			}
			diagonal = row[j+1]
			row[j+1] = min(substitute, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
