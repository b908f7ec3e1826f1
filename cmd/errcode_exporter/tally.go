package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"errcode_exporter/catalog"
	"errcode_exporter/extract"
)

// tallyVersion is that of the JSON form; it changes when a field changes its meaning or goes away.
const tallyVersion = 1

// maxIdle is how many codes a tally keeps memory for that is used again and again. Only a log that makes codes up has more.
const maxIdle = 1 << 10

// tally adds up what a scan finds: in a segment, in a file, in all of them.
type tally struct {
	Version      int    `json:"version"`
	Files        int    `json:"files"`
	Lines        int64  `json:"lines"`
	MatchedLines int64  `json:"matched_lines"`
	Codes        []*sum `json:"codes"`
	cat          *catalog.Catalog
	byFinding    map[finding]*sum // of listed codes
	byKey        map[tallyKey]*sum
}

// tallyKey tells apart what one code may mean.
type tallyKey struct{ code, category string }

// finding is a code as it was found; several may come to the same.
type finding struct {
	code  *catalog.Code
	cause *catalog.Cause
}

// sum is one code, in one category, as often as it was found.
type sum struct {
	Code       string           `json:"code"`
	Family     string           `json:"family"`
	Category   string           `json:"category"`
	Severity   catalog.Severity `json:"severity"`
	Actor      string           `json:"actor"`
	Retryable  bool             `json:"retryable"`
	Listed     bool             `json:"listed"`
	Count      int64            `json:"count"`
	Message    string           `json:"message"`
	Solution   string           `json:"solution"`
	FirstLine  int64            `json:"first_line"` // of the event that named it first, in its file
	LastLine   int64            `json:"last_line"`
	RequestIDs []string         `json:"request_ids"` // the newest last; made when they are printed
	recent     recent
	meaning    catalog.Meaning
}

func newTally(cat *catalog.Catalog) *tally {
	return &tally{Version: tallyVersion, Codes: []*sum{}, cat: cat, byFinding: map[finding]*sum{}, byKey: map[tallyKey]*sum{}}
}

// event counts an event, of which nothing is kept that its giver may use again.
func (t *tally) event(e *extract.Event) {
	for _, f := range e.Findings {
		s := t.of(f)
		if s.Count == 0 {
			s.FirstLine = e.At
		}
		s.Count++
		s.LastLine = e.At
		if e.RequestID != "" {
			see(&s.recent, e.RequestID)
		}
	}
}

// of returns the sum that a finding belongs to.
func (t *tally) of(f catalog.Finding) *sum {
	as := finding{f.Code, f.Cause}
	if s := t.byFinding[as]; s != nil && f.Listed() {
		return s
	}
	m := t.cat.Meaning(f)
	s := t.sum(f, m)
	if f.Listed() {
		t.byFinding[as] = s
	}
	return s
}

func (t *tally) sum(f catalog.Finding, m catalog.Meaning) *sum {
	key := tallyKey{f.Name, m.Category}
	s := t.byKey[key]
	if s == nil {
		key.code = strings.Clone(f.Name)
		s = &sum{
			Code: key.code, Family: f.Family, Category: m.Category, Severity: m.Severity, Actor: m.Actor, Retryable: m.Retryable,
			Listed: f.Listed(), Message: m.Message, Solution: m.Solution, meaning: m,
		}
		t.byKey[key] = s
		t.Codes = append(t.Codes, s)
	}
	return s
}

// add adds what was found behind everything that is in the tally. before is how many lines of the same file are in front of
// what the other tally took for line 1.
func (t *tally) add(later *tally, before int64) {
	t.Files += later.Files
	t.Lines += later.Lines
	t.MatchedLines += later.MatchedLines
	for _, from := range later.Codes {
		if from.Count == 0 {
			continue
		}
		key := tallyKey{from.Code, from.Category}
		to := t.byKey[key]
		if to == nil {
			to = &sum{}
			*to = *from
			to.Count, to.recent = 0, recent{}
			t.byKey[key] = to
			t.Codes = append(t.Codes, to)
		}
		if to.Count == 0 {
			to.FirstLine = from.FirstLine + before
		}
		to.Count += from.Count
		to.LastLine = from.LastLine + before
		for _, id := range from.recent.ids[:from.recent.n] {
			see(&to.recent, id)
		}
	}
}

// reset makes the tally an empty one, whose memory is used again.
func (t *tally) reset() {
	if len(t.Codes) > maxIdle {
		*t = *newTally(t.cat)
		return
	}
	t.Files, t.Lines, t.MatchedLines = 0, 0, 0
	for _, s := range t.Codes {
		s.Count, s.recent.n = 0, 0
	}
}

// any reports whether a code was found for which the test holds.
func (t *tally) any(test func(catalog.Meaning) bool) bool {
	return slices.ContainsFunc(t.Codes, func(s *sum) bool { return test(s.meaning) })
}

// print writes the codes, the most urgent first, then the most frequent.
func (t *tally) print(w io.Writer, format string) error {
	slices.SortFunc(t.Codes, func(a, b *sum) int {
		return cmp.Or(cmp.Compare(a.Severity.Rank(), b.Severity.Rank()), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Category, b.Category))
	})
	if format == "json" {
		for _, s := range t.Codes {
			s.RequestIDs = s.recent.all()
		}
		return writeJSON(w, t)
	}
	if len(t.Codes) > 0 {
		rows := newTable(w, "COUNT", "CODE", "SEVERITY", "CATEGORY", "WHO ACTS", "LINES", "MESSAGE", "WHAT TO DO")
		for _, s := range t.Codes {
			lines := strconv.FormatInt(s.FirstLine, 10)
			if s.LastLine != s.FirstLine {
				lines += "-" + strconv.FormatInt(s.LastLine, 10)
			}
			rows.row(strconv.FormatInt(s.Count, 10), s.Code, string(s.Severity), s.Category, s.Actor, lines, cmp.Or(firstLine(s.Message), "(not listed)"), firstLine(s.Solution))
		}
		if err := rows.flush(); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	_, err := fmt.Fprintf(w, "%s, %s, %s\n", count(len(t.Codes), "code", "codes"), count(int(t.MatchedLines), "matching line", "matching lines"),
		fmt.Sprintf("%s in %s", count(int(t.Lines), "line", "lines"), count(t.Files, "file", "files")))
	return err
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
