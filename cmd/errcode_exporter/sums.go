package main

import (
	"strings"

	"errcode_exporter/catalog"
	"errcode_exporter/extract"
)

// maxKept is for how many codes sums keep memory that is used again and again. Only a log that makes codes up has more.
const maxKept = 1 << 10

// sums add up what is found: in a segment, in a file, in all of them. There may be one for each of thousands of codes that a log makes up, in
// many segments at once, so that they are small.
type sums struct {
	catalog   *catalog.Catalog
	files     int
	lines     int64
	matched   int64
	list      []*sum
	byFinding map[finding]*sum // of listed codes
	byMeaning map[meaning]*sum
}

// meaning tells apart what one code may mean.
type meaning struct{ code, category string }

// finding is a listed code as it was found; several may mean the same.
type finding struct {
	code  *catalog.Code
	cause *catalog.Cause
}

// sum is one code, in one category, as often as it was found.
type sum struct {
	catalog.Finding // the first one
	category        string
	count           int64      // 0: not found since memory is used again
	first, last     int64      // line of the first record in its file that names the code, and of the last one in its own
	recent          *newestIDs // nil before the first ID
}

func newSums(cat *catalog.Catalog) *sums {
	return &sums{catalog: cat, byFinding: map[finding]*sum{}, byMeaning: map[meaning]*sum{}}
}

// event counts an event, of which nothing is kept that its giver may use again.
func (t *sums) event(e *extract.Event) {
	for _, f := range e.Findings {
		s := t.of(f)
		if s.count == 0 {
			s.first, s.Cause = e.At, f.Cause // the memory may be of another one
		}
		s.count++
		s.last = e.At
		if e.RequestID != "" {
			s.see(e.RequestID)
		}
	}
}

// of returns the sum that a finding belongs to.
func (t *sums) of(f catalog.Finding) *sum {
	if !f.Listed() {
		return t.sum(f, t.catalog.Others().Category)
	}
	as := finding{f.Code, f.Cause}
	s := t.byFinding[as]
	if s == nil {
		s = t.sum(f, t.catalog.Meaning(f).Category)
		t.byFinding[as] = s
	}
	return s
}

func (t *sums) sum(f catalog.Finding, category string) *sum {
	s := t.byMeaning[meaning{f.Name, category}]
	if s == nil {
		f.Name = strings.Clone(f.Name)
		s = &sum{Finding: f, category: category}
		t.byMeaning[meaning{f.Name, category}] = s
		t.list = append(t.list, s)
	}
	return s
}

func (s *sum) see(id string) {
	if s.recent == nil {
		s.recent = &newestIDs{}
	}
	see(s.recent, id)
}

// add adds what was found behind everything that is added up here. before is how many lines of the same file are in front of what was line 1
// there.
func (t *sums) add(later *sums, before int64) {
	t.files += later.files
	t.lines += later.lines
	t.matched += later.matched
	for _, from := range later.list {
		if from.count == 0 {
			continue
		}
		to := t.sum(from.Finding, from.category)
		if to.count == 0 {
			to.Finding, to.first = from.Finding, from.first+before
		}
		to.count += from.count
		to.last = from.last + before
		if from.recent != nil && from.recent.n > 0 {
			if to.recent == nil {
				to.recent = &newestIDs{}
			}
			for _, id := range from.recent.ids[:from.recent.n] {
				see(to.recent, id)
			}
		}
	}
}

// reset forgets what was found and keeps the memory.
func (t *sums) reset() {
	if len(t.list) > maxKept {
		*t = *newSums(t.catalog)
		return
	}
	t.files, t.lines, t.matched = 0, 0, 0
	for _, s := range t.list {
		s.count = 0
		if s.recent != nil {
			s.recent.n = 0
		}
	}
}
