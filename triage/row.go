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

	Sources []SourceCount `json:"sources"` // the one with most events first
	// MoreSources is how many were left out.
	MoreSources int          `json:"-"`
	Causes      []CauseCount `json:"causes"`                // the meanings that occurred, the newest first; empty for a code that has one only
	RequestIDs  []string     `json:"request_ids,omitempty"` // the newest first
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

// row adds up the cells of a record that a filter accepts; ok is false if there is none. Its sources are in no order.
func (r *record) row(name string, cat *catalog.Catalog, f *Filter, minute int64) (row Row, ok bool) {
	finding := catalog.Finding{Name: name, Family: r.family}
	finding.Code, row.Listed = cat.Lookup(name)
	row.Code, row.Family, row.Service = name, r.family, service(cat, r.family)
	row.Sources = make([]SourceCount, 0, len(r.cells))
	var course [window]uint32
	sources := map[string]int{} // where a source is in the row; needed where a code has causes, and so several cells in a source
	var causes []CauseCount
	for p, c := range r.cells {
		cause := causeIn(&causes, cat, finding, p.cause)
		if !f.cell(p.source, cause) {
			continue
		}
		hour := uint64(0)
		if c.course != nil {
			hour = c.course.addTo(&course, minute)
		}
		one := SourceCount{p.source, c.total, hour, time.UnixMilli(c.first).UTC(), time.UnixMilli(c.last).UTC()}
		cause.Total, cause.LastHour, cause.LastSeen = cause.Total+one.Total, cause.LastHour+hour, later(cause.LastSeen, one.LastSeen)
		if i, seen := sources[p.source]; seen {
			row.Sources[i].add(one)
			continue
		}
		if len(r.cells) > 1 && finding.Code != nil && len(finding.Code.Causes) > 0 {
			sources[p.source] = len(row.Sources)
		}
		row.Sources = append(row.Sources, one)
	}
	if len(row.Sources) == 0 {
		return row, false
	}
	row.Minutes = slices.Clone(course[:])
	for _, n := range course[window-rateOver:] {
		row.PerMinute += float64(n) / rateOver
	}
	row.fill(slices.DeleteFunc(causes, func(c CauseCount) bool { return c.Total == 0 }), cat)
	if finding.Code == nil || len(finding.Code.Causes) == 0 {
		row.Causes = []CauseCount{}
	}
	return row, true
}

func (s *SourceCount) add(more SourceCount) {
	s.Total, s.LastHour = s.Total+more.Total, s.LastHour+more.LastHour
	s.FirstSeen, s.LastSeen = earlier(s.FirstSeen, more.FirstSeen), later(s.LastSeen, more.LastSeen)
}

// causeIn returns the entry of a cause in a list, which it is added to if it is not there.
func causeIn(causes *[]CauseCount, cat *catalog.Catalog, f catalog.Finding, words string) *CauseCount {
	for i := range *causes {
		if (*causes)[i].Words == words {
			return &(*causes)[i]
		}
	}
	m := meaning(cat, f, words)
	*causes = append(*causes, CauseCount{
		Words: words, Severity: m.Severity, Category: m.Category, Actor: m.Actor, Message: m.Message, Solution: m.Solution, Retryable: m.Retryable,
	})
	return &(*causes)[len(*causes)-1]
}

// fill takes over what was added up. What the row says of itself is the most urgent of the meanings that occurred lately, and of equals
// the newest.
func (row *Row) fill(causes []CauseCount, cat *catalog.Catalog) {
	all := row.Sources[0]
	for _, s := range row.Sources[1:] {
		all.add(s)
	}
	row.Total, row.LastHour, row.FirstSeen, row.LastSeen = all.Total, all.LastHour, all.FirstSeen, all.LastSeen
	slices.SortFunc(causes, func(a, b CauseCount) int {
		return cmp.Or(b.LastSeen.Compare(a.LastSeen), cmp.Compare(a.Words, b.Words))
	})
	row.Causes = causes
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

// bySource orders sources: where most happens first.
func bySource(a, b SourceCount) int {
	return cmp.Or(cmp.Compare(b.LastHour, a.LastHour), cmp.Compare(b.Total, a.Total), cmp.Compare(a.Source, b.Source))
}

// rank puts the sources in order, or only the first few of them, which are then all that is left.
func (row *Row) rank(few int) {
	if few == 0 || len(row.Sources) <= few {
		slices.SortFunc(row.Sources, bySource)
		return
	}
	top := make([]SourceCount, 0, few+1)
	for _, s := range row.Sources {
		if len(top) == few && bySource(s, top[few-1]) > 0 {
			continue
		}
		i, _ := slices.BinarySearchFunc(top, s, bySource)
		if top = slices.Insert(top, i, s); len(top) > few {
			top = top[:few]
		}
	}
	row.MoreSources, row.Sources = len(row.Sources)-few, top
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
