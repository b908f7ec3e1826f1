package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"

	"errcode_exporter/catalog"
	"errcode_exporter/extract"
)

// maxRequestIDs is how many of the newest request IDs are kept for each code.
const maxRequestIDs = 5

// tallyVersion is that of the JSON form; it changes when a field changes its meaning or goes away.
const tallyVersion = 1

// tally adds up what a scan finds.
type tally struct {
	Version      int    `json:"version"`
	Files        int    `json:"files"`
	Lines        int64  `json:"lines"`
	MatchedLines int64  `json:"matched_lines"`
	Codes        []*sum `json:"codes"`
	cat          *catalog.Catalog
	byKey        map[tallyKey]*sum
}

// tallyKey tells apart what one code may mean.
type tallyKey struct{ code, category string }

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
	RequestIDs []string         `json:"request_ids"` // the newest last
	meaning    catalog.Meaning
}

func newTally(cat *catalog.Catalog) *tally {
	return &tally{Version: tallyVersion, Codes: []*sum{}, cat: cat, byKey: map[tallyKey]*sum{}}
}

func (t *tally) event(e *extract.Event) {
	for _, f := range e.Findings {
		m := t.cat.Meaning(f)
		key := tallyKey{f.Name, m.Category}
		s := t.byKey[key]
		if s == nil {
			s = &sum{
				Code: f.Name, Family: f.Family, Category: m.Category, Severity: m.Severity, Actor: m.Actor, Retryable: m.Retryable,
				Listed: f.Listed(), Message: m.Message, Solution: m.Solution, FirstLine: e.At, RequestIDs: []string{}, meaning: m,
			}
			t.byKey[key] = s
			t.Codes = append(t.Codes, s)
		}
		s.Count++
		s.LastLine = e.At
		if e.RequestID != "" && !slices.Contains(s.RequestIDs, e.RequestID) {
			s.RequestIDs = append(s.RequestIDs, e.RequestID)
			s.RequestIDs = s.RequestIDs[max(0, len(s.RequestIDs)-maxRequestIDs):]
		}
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
