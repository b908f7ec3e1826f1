package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"
)

// table prints rows in columns, as wide as what they hold; the last one is not padded. On a terminal severities have colours.
type table struct {
	w    io.Writer
	rows [][]string
}

func newTable(w io.Writer, header ...string) *table {
	return &table{w: w, rows: [][]string{header}}
}

func (t *table) row(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) flush() error {
	widths := make([]int, len(t.rows[0]))
	for _, row := range t.rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	coloured := wantsColour(t.w)
	out := bufio.NewWriter(t.w)
	for _, row := range t.rows {
		for i, cell := range row {
			pad := ""
			if i < len(row)-1 {
				pad = strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2)
			}
			if coloured {
				cell = colour(cell)
			}
			fmt.Fprint(out, cell, pad)
		}
		fmt.Fprintln(out)
	}
	return out.Flush()
}

// colour paints a cell that is a severity.
func colour(cell string) string {
	switch cell {
	case "critical":
		return "\x1b[1;31m" + cell + "\x1b[0m"
	case "warning":
		return "\x1b[33m" + cell + "\x1b[0m"
	default:
		return cell
	}
}

// wantsColour follows https://no-color.org: never when NO_COLOR is set to anything, and only on a terminal.
func wantsColour(w io.Writer) bool {
	return os.Getenv("NO_COLOR") == "" && isTerminal(w)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// firstLine is the first paragraph of a text that may have several, with a sign that there is more.
func firstLine(text string) string {
	first, _, more := strings.Cut(text, "\n")
	if more {
		return first + " …"
	}
	return first
}
