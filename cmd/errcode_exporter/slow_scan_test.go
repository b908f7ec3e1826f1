package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

	"pgregory.net/rapid"

	"errcode_exporter/catalog"
	"errcode_exporter/extract"
	"errcode_exporter/tailer"
)

// slowScan is the slow, obvious scan that the fast one is held against: one file after the other, each from front to back through one
// stream; every report of an event is kept, and the answer is made of the list.
type slowScan struct {
	cat            *catalog.Catalog
	files          int
	lines, matched int64
	found          []slowReport
}

// slowReport is one code in one report of an event.
type slowReport struct {
	path, stream    string
	start, line, at int64
	requestID       string
	findings        []catalog.Finding
}

func (s *slowScan) file(t rapid.TB, x *extract.Extractor, path string, align int64) {
	t.Helper()
	s.files++
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := io.Reader(&stretch{bytes.NewReader(content), 0, -1, align})
	if packingOf(content) != notPacked {
		if text, err = decompress(bytes.NewReader(content)); err != nil {
			t.Fatal(err)
		}
	}
	stream := x.NewStream(func(e *extract.Event) {
		s.found = append(s.found, slowReport{path, e.Stream, e.Start, e.Line, e.At, e.RequestID, slices.Clone(e.Findings)})
	})
	err = tailer.ReadBlocks(text, 0, func(b tailer.Block) error {
		stream.Block(extract.Block{Data: b.Data, Offset: b.Offset, TooLong: b.TooLong})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	stream.End()
	stats := stream.TakeStats()
	s.lines += stats.Lines
	s.matched += stats.Matched
}

// table is the answer that adds up.
func (s *slowScan) table(t rapid.TB) string {
	t.Helper()
	sums := &tally{Version: tallyVersion, Files: s.files, Lines: s.lines, MatchedLines: s.matched, Codes: []*tallied{}}
	ids := map[*tallied][]string{}
	for _, r := range s.found {
		for _, f := range r.findings {
			m := s.cat.Meaning(f)
			i := slices.IndexFunc(sums.Codes, func(s *tallied) bool { return s.Code == f.Name && s.Category == m.Category })
			if i < 0 {
				i = len(sums.Codes)
				sums.Codes = append(sums.Codes, &tallied{
					Code: f.Name, Family: f.Family, Category: m.Category, Severity: m.Severity, Actor: m.Actor, Retryable: m.Retryable,
					Listed: f.Listed(), Message: m.Message, Solution: m.Solution, FirstLine: r.at, RequestIDs: []string{},
				})
			}
			of := sums.Codes[i]
			of.Count++
			of.LastLine = r.at
			if r.requestID != "" {
				ids[of] = append(ids[of], r.requestID)
			}
		}
	}
	for of, all := range ids {
		var newest []string
		for _, id := range slices.Backward(all) {
			if len(newest) < maxRequestIDs && !slices.Contains(newest, id) {
				newest = append(newest, id)
			}
		}
		slices.Reverse(newest)
		of.RequestIDs = newest
	}
	var out bytes.Buffer
	if err := sums.print(&out, "json"); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// list is the answer that names every event, in the order in which the next event of the same stream begins.
func (s *slowScan) list(t rapid.TB) string {
	t.Helper()
	var out bytes.Buffer
	var open []slowReport
	printed := func(r slowReport) {
		codes := []string{}
		for _, f := range r.findings {
			codes = append(codes, f.Name)
		}
		names, err := json.Marshal(codes)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, `{"file":%q,"line":%d,"codes":%s,"request_id":%q}`+"\n", r.path, r.line, names, r.requestID)
	}
	for _, r := range s.found {
		for len(open) > 0 && open[0].path != r.path {
			printed(open[0])
			open = open[1:]
		}
		i := slices.IndexFunc(open, func(o slowReport) bool { return o.stream == r.stream })
		if i >= 0 && open[i].start == r.start {
			open[i].findings = append(open[i].findings, r.findings...)
			if open[i].requestID == "" {
				open[i].requestID = r.requestID
			}
			continue
		}
		if i >= 0 {
			printed(open[i])
			open = slices.Delete(open, i, i+1)
		}
		open = append(open, r)
	}
	for _, r := range open {
		printed(r)
	}
	return out.String()
}
