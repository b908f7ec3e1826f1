// Package slow is the slow, obvious extractor that the fast one is held against. Only tests use it.
//
// It reads docs/matching.md sentence by sentence: a whole file in memory, one regular expression per sentence, and
// no cleverness. Where the two disagree, the page decides which of them is wrong.
package slow

import "slices"

// Options are what a configuration may say about a file.
type Options struct {
	Format string                 // "auto" (also ""), "cri", "docker", "raw"
	Match  string                 // "anywhere" (also ""), "fields"
	Causes map[string][]string    // code -> cause words (lower case), in order
	Ignore func(code string) bool // nil, or codes to skip
}

// Event is one event that names at least one code.
type Event struct {
	Start  int64    // offset of the first byte of the (physical) line where the event begins
	Line   int      // its 1-based physical line number
	Codes  []string // distinct, in order of first naming
	Causes []string // parallel to Codes: the cause's words or ""

	RequestID string // of the first line that names a code, else of the first line of the event that has one
	TraceID   string // likewise
}

const (
	maxBack  = 64 << 10 // how far a line looks for the beginning of its event
	maxCodes = 1024     // different codes per event
)

// Extract reads a whole file and returns its events, in the order of the first code-naming record of each. A record
// stands where its first line stands.
func Extract(file []byte, o Options) []Event {
	var all []*line
	streams := map[string][]*line{}
	for _, r := range Records(file, o.Format) {
		l := &line{Record: r, codes: named(r.Text, o)}
		all = append(all, l)
		if !r.Alone {
			streams[r.Stream] = append(streams[r.Stream], l)
		} else if len(l.codes) > 0 {
			l.event = []*line{l}
		}
	}
	for _, lines := range streams {
		assign(lines)
	}
	var events []Event
	seen := map[*line]bool{} // by first line of the event
	for _, l := range all {
		if len(l.codes) > 0 && !seen[l.event[0]] {
			seen[l.event[0]] = true
			events = append(events, event(l.event, o))
		}
	}
	return events
}

// line is a record, the codes it names, and, if it names any, all lines of its event.
type line struct {
	Record
	codes []string
	event []*line
}

func named(text string, o Options) []string {
	return slices.DeleteFunc(Codes(text, o.Match), func(code string) bool {
		return o.Ignore != nil && o.Ignore(code)
	})
}

// assign gives every line of one stream that names a code its event.
func assign(lines []*line) {
	begins := map[int]int{} // a line that names a code -> the line that begins its event
	starts := map[int]bool{}
	for i, l := range lines {
		if len(l.codes) == 0 {
			continue
		}
		j := back(lines, i)
		if b, ok := begins[j]; ok {
			j = b
		}
		begins[i], starts[j] = j, true
	}
	for i, b := range begins {
		end := b + 1
		for end < len(lines) && !starts[end] && !beginsEvent(lines, end) {
			end++
		}
		lines[i].event = lines[b:end]
	}
}

// back finds, for a line that names a code, an earlier line that names one and belongs to the same event, else the
// line that begins the event.
func back(lines []*line, i int) int {
	for j := i; ; j-- {
		if j < i && len(lines[j].codes) > 0 || beginsEvent(lines, j) {
			return j
		}
		if lines[i].Start-lines[j-1].Start > maxBack {
			return i
		}
	}
}

func beginsEvent(lines []*line, i int) bool {
	if i == 0 {
		return true
	}
	text := lines[i].Text
	return !Continues(text) && !(Header(text) && LogLine(lines[i-1].Text))
}

func event(lines []*line, o Options) Event {
	e := Event{Start: lines[0].Start, Line: lines[0].Line}
	var naming []string // texts of the lines that name a code
	for _, l := range lines {
		if len(l.codes) > 0 {
			naming = append(naming, l.Text)
		}
		for _, code := range l.codes {
			if len(e.Codes) < maxCodes && !slices.Contains(e.Codes, code) {
				e.Codes = append(e.Codes, code)
			}
		}
	}
	for _, code := range e.Codes {
		e.Causes = append(e.Causes, cause(lines, code, o.Causes[code]))
	}
	texts := []string{naming[0]}
	for _, l := range lines {
		texts = append(texts, l.Text)
	}
	e.RequestID, e.TraceID = first(texts, RequestID), first(texts, TraceID)
	return e
}

// cause looks first in the first line that names the code, then in the others, as far as they begin near it.
func cause(lines []*line, code string, words []string) string {
	i := slices.IndexFunc(lines, func(l *line) bool { return slices.Contains(l.codes, code) })
	texts := []string{lines[i].Text}
	for j, l := range lines {
		if distance := l.Start - lines[i].Start; j != i && -maxBack <= distance && distance <= maxBack {
			texts = append(texts, l.Text)
		}
	}
	for _, text := range texts {
		for _, w := range words {
			if HasWords(text, w) {
				return w
			}
		}
	}
	return ""
}

func first(texts []string, f func(string) string) string {
	for _, t := range texts {
		if v := f(t); v != "" {
			return v
		}
	}
	return ""
}
