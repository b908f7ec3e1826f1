package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"

	"errcode_exporter/catalog"
)

// tallyVersion is that of the JSON form; it changes when a field changes its meaning or goes away.
const tallyVersion = 1

// tally is the answer of a scan.
type tally struct {
	Version      int        `json:"version"`
	Files        int        `json:"files"`
	Lines        int64      `json:"lines"`
	MatchedLines int64      `json:"matched_lines"`
	Codes        []*tallied `json:"codes"`
}

// tallied is one code, in one category, as often as it was found.
type tallied struct {
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
	RequestIDs []string         `json:"request_ids"` // the one that was seen last at the end
	meaning    catalog.Meaning
}

// tallyOf says what the codes mean that were added up.
func tallyOf(s *sums) *tally {
	t := &tally{Version: tallyVersion, Files: s.files, Lines: s.lines, MatchedLines: s.matched, Codes: []*tallied{}}
	for _, of := range s.list {
		m := s.catalog.Meaning(of.Finding)
		t.Codes = append(t.Codes, &tallied{
			Code: of.Name, Family: of.Family, Category: m.Category, Severity: m.Severity, Actor: m.Actor, Retryable: m.Retryable,
			Listed: of.Listed(), Count: of.count, Message: m.Message, Solution: m.Solution, FirstLine: of.first, LastLine: of.last,
			RequestIDs: of.recent.all(), meaning: m,
		})
	}
	return t
}

// any reports whether a code was found for which the test holds.
func (t *tally) any(test func(catalog.Meaning) bool) bool {
	return slices.ContainsFunc(t.Codes, func(s *tallied) bool { return test(s.meaning) })
}

// print writes the codes, the most urgent first, then the most frequent.
func (t *tally) print(w io.Writer, format string) error {
	slices.SortFunc(t.Codes, func(a, b *tallied) int {
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
