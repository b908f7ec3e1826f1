package triage

import (
	"cmp"
	"slices"
	"time"

	"errcode_exporter/catalog"
)

// Row is one code that occurred, with all that is needed to act on it.
type Row struct {
	Code      string           `json:"code"`
	Family    string           `json:"family"`
	Service   string           `json:"service"` // the family in words
	Listed    bool             `json:"listed"`  // whether the catalog knows the code
	Severity  catalog.Severity `json:"severity"`
	Category  string           `json:"category"`
	Actor     string           `json:"actor"`
	Action    string           `json:"action"` // what the category asks for
	Retryable bool             `json:"retryable"`
	Message   string           `json:"message"`
	Solution  string           `json:"solution"`

	State     State     `json:"state"`
	Known     string    `json:"known"` // what is known of whether it is over, as a sentence
	Total     uint64    `json:"total"`
	LastHour  uint64    `json:"last_hour"`
	PerMinute float64   `json:"per_minute"` // over the last five minutes
	FirstSeen time.Time `json:"first_seen"`
	LastSeen  time.Time `json:"last_seen"`
	Minutes   []uint32  `json:"minutes"` // events in each of the last 60 minutes, the oldest first

	Sources    []SourceCount `json:"sources"`               // the one with most events first
	Causes     []CauseCount  `json:"causes"`                // the meanings that occurred, the newest first; empty for a code that has one only
	RequestIDs []string      `json:"request_ids,omitempty"` // the newest first
}

// SourceCount is how often a code occurred in one source.
type SourceCount struct {
	Source    string    `json:"source"`
	Total     uint64    `json:"total"`
	LastHour  uint64    `json:"last_hour"`
	FirstSeen time.Time `json:"first_seen"`
	LastSeen  time.Time `json:"last_seen"`
}

// CauseCount is how often a code occurred with one of its meanings.
type CauseCount struct {
	Words     string           `json:"words"` // that tell it; empty where the log did not
	Severity  catalog.Severity `json:"severity"`
	Category  string           `json:"category"`
	Actor     string           `json:"actor"`
	Message   string           `json:"message"`
	Solution  string           `json:"solution"`
	Retryable bool             `json:"retryable"`
	Total     uint64           `json:"total"`
	LastHour  uint64           `json:"last_hour"`
	LastSeen  time.Time        `json:"last_seen"`
}

// rateOver is how many minutes a rate looks back.
const rateOver = 5

// row adds up the cells of a record that a filter accepts; ok is false if there is none.
func (r *record) row(name string, cat *catalog.Catalog, f *Filter, now time.Time) (row Row, ok bool) {
	finding := catalog.Finding{Name: name, Family: r.family}
	finding.Code, row.Listed = cat.Lookup(name)
	row.Code, row.Family, row.Service = name, r.family, service(cat, r.family)
	sources, causes := map[string]*SourceCount{}, map[string]*CauseCount{}
	var sum [window]uint32
	for p, c := range r.cells {
		cause, seen := causes[p.cause]
		if !seen {
			m := meaning(cat, finding, p.cause)
			cause = &CauseCount{Words: p.cause, Severity: m.Severity, Category: m.Category, Actor: m.Actor, Message: m.Message, Solution: m.Solution, Retryable: m.Retryable}
		}
		if !f.cell(p.source, cause) {
			continue
		}
		causes[p.cause] = cause
		first, last := time.UnixMilli(c.first).UTC(), time.UnixMilli(c.last).UTC()
		hour := uint64(0)
		if c.course != nil {
			for i, n := range c.course.last(now) {
				sum[i] += n
				hour += uint64(n)
			}
		}
		s, seen := sources[p.source]
		if !seen {
			s = &SourceCount{Source: p.source, FirstSeen: first, LastSeen: last}
			sources[p.source] = s
		}
		s.Total, s.LastHour = s.Total+c.total, s.LastHour+hour
		s.FirstSeen, s.LastSeen = earlier(s.FirstSeen, first), later(s.LastSeen, last)
		cause.Total, cause.LastHour, cause.LastSeen = cause.Total+c.total, cause.LastHour+hour, later(cause.LastSeen, last)
	}
	if len(sources) == 0 {
		return row, false
	}
	row.Minutes = sum[:]
	for _, n := range sum[window-rateOver:] {
		row.PerMinute += float64(n) / rateOver
	}
	row.fill(sources, causes, cat)
	if finding.Code == nil || len(finding.Code.Causes) == 0 {
		row.Causes = []CauseCount{}
	}
	return row, true
}

// fill takes over what was added up. What the row says of itself is the most urgent of the meanings that occurred lately, and of equals
// the newest.
func (row *Row) fill(sources map[string]*SourceCount, causes map[string]*CauseCount, cat *catalog.Catalog) {
	for _, s := range sources {
		if row.FirstSeen.IsZero() {
			row.FirstSeen = s.FirstSeen
		}
		row.FirstSeen, row.LastSeen = earlier(row.FirstSeen, s.FirstSeen), later(row.LastSeen, s.LastSeen)
		row.Total, row.LastHour = row.Total+s.Total, row.LastHour+s.LastHour
		row.Sources = append(row.Sources, *s)
	}
	slices.SortFunc(row.Sources, func(a, b SourceCount) int {
		return cmp.Or(cmp.Compare(b.LastHour, a.LastHour), cmp.Compare(b.Total, a.Total), cmp.Compare(a.Source, b.Source))
	})
	for _, c := range causes {
		row.Causes = append(row.Causes, *c)
	}
	slices.SortFunc(row.Causes, func(a, b CauseCount) int {
		return cmp.Or(b.LastSeen.Compare(a.LastSeen), cmp.Compare(a.Words, b.Words))
	})
	main := slices.MinFunc(row.Causes, func(a, b CauseCount) int {
		return cmp.Or(falseFirst(a.LastHour == 0, b.LastHour == 0), cmp.Compare(a.Severity.Rank(), b.Severity.Rank()), b.LastSeen.Compare(a.LastSeen), cmp.Compare(a.Words, b.Words))
	})
	row.Severity, row.Category, row.Actor, row.Retryable = main.Severity, main.Category, main.Actor, main.Retryable
	row.Message, row.Solution = main.Message, main.Solution
	if category, ok := cat.Category(main.Category); ok {
		row.Action = category.Action
	}
	if !row.Listed {
		row.Message = notListed
	}
}

// notListed stands where the catalog has no message.
const notListed = "The catalog does not list this code."

// meaning is what a code means with a cause that is told by its words.
func meaning(cat *catalog.Catalog, f catalog.Finding, words string) catalog.Meaning {
	if f.Code != nil {
		for i := range f.Code.Causes {
			if words != "" && f.Code.Causes[i].Words == words {
				f.Cause = &f.Code.Causes[i]
			}
		}
	}
	return cat.Meaning(f)
}

// service is the name of a family in words.
func service(cat *catalog.Catalog, family string) string {
	for _, f := range cat.Families() {
		if f.Name == family {
			return f.Title
		}
	}
	return family
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func falseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}
