package triage

import (
	"cmp"
	"slices"
	"time"

	"errcode_exporter/catalog"
)

// Report is what has happened, as far as a filter wants to know.
type Report struct {
	Time       time.Time
	Since      time.Time // when counting began
	QuietSince time.Time // the newest event of all; zero if there never was one, or there was one a moment ago
	Rows       []Row     // the most urgent first, unless the filter says otherwise
	Matching   int       // rows that match; Rows may be fewer
	Categories []CategoryTotal
	Sources    []Source // sorted by name
}

// CategoryTotal adds up the rows of a category.
type CategoryTotal struct {
	Category string `json:"category"`
	Actor    string `json:"actor"`
	Action   string `json:"action"`
	Codes    int    `json:"codes"`
	Total    uint64 `json:"total"`
	LastHour uint64 `json:"last_hour"`
}

// maxRequestIDs is how many request IDs a row has.
const maxRequestIDs = 10

// report adds up what has happened. With details it names request IDs.
func (b *Board) report(f *Filter, statuses []SourceStatus, details bool) *Report {
	now := b.Now()
	cat := b.catalog.Load()
	r := &Report{Time: now.UTC(), Rows: []Row{}, Sources: []Source{}}
	bySource := map[string]Source{}
	for _, s := range statuses {
		v := sourceOf(s, now)
		bySource[s.Name] = v
		r.Sources = append(r.Sources, v)
	}
	slices.SortFunc(r.Sources, func(a, b Source) int { return cmp.Compare(a.Name, b.Name) })

	b.mu.Lock()
	r.Since = b.tally.since.UTC()
	newest, minute := int64(0), minuteOf(now)
	for name, rec := range b.tally.codes {
		for _, c := range rec.cells {
			newest = max(newest, c.last)
		}
		if !f.named(name, rec.family) {
			continue
		}
		if row, ok := rec.row(name, cat, f, minute); ok && f.row(&row) {
			r.Rows = append(r.Rows, row)
		}
	}
	b.mu.Unlock()

	if at := time.UnixMilli(newest).UTC(); newest > 0 && now.Sub(at) >= failing {
		r.QuietSince = at
	}
	for i := range r.Rows {
		r.Rows[i].judge(bySource, now)
	}
	r.Categories = totals(r.Rows, cat)
	slices.SortFunc(r.Rows, order(f.Sort))
	if r.Matching = len(r.Rows); f.Limit > 0 && r.Matching > f.Limit {
		r.Rows = r.Rows[:f.Limit]
	}
	for i := range r.Rows {
		r.Rows[i].rank(f.Few)
	}
	if details {
		b.identify(r.Rows, f)
	}
	return r
}

// identify adds the newest request IDs to rows.
func (b *Board) identify(rows []Row, f *Filter) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range rows {
		rows[i].RequestIDs = requestIDs(b.ring.of(rows[i].Code), f, maxRequestIDs)
	}
}

// requestIDs returns the newest distinct ones of events.
func requestIDs(events []Event, f *Filter, most int) []string {
	var ids []string
	for _, e := range events {
		if e.RequestID != "" && accepts(f.Sources, e.Source) && !slices.Contains(ids, e.RequestID) {
			if ids = append(ids, e.RequestID); len(ids) == most {
				break
			}
		}
	}
	return ids
}

// totals adds rows up by category, in the order of the catalog: what stops everything first.
func totals(rows []Row, cat *catalog.Catalog) []CategoryTotal {
	byName := map[string]*CategoryTotal{}
	add := func(category string, total, hour uint64, codes int) {
		t := byName[category]
		if t == nil {
			c, _ := cat.Category(category)
			t = &CategoryTotal{Category: category, Actor: c.Actor, Action: c.Action}
			byName[category] = t
		}
		t.Total, t.LastHour, t.Codes = t.Total+total, t.LastHour+hour, t.Codes+codes
	}
	for _, r := range rows {
		if len(r.Causes) == 0 {
			add(r.Category, r.Total, r.LastHour, 1)
		}
		seen := map[string]bool{}
		for _, c := range r.Causes {
			once := 0
			if !seen[c.Category] {
				seen[c.Category], once = true, 1
			}
			add(c.Category, c.Total, c.LastHour, once)
		}
	}
	all := []CategoryTotal{}
	for _, c := range cat.Categories() {
		if t := byName[c.Name]; t != nil {
			all = append(all, *t)
		}
	}
	return all
}

// order compares rows.
func order(by string) func(a, b Row) int {
	code := func(a, b Row) int { return cmp.Compare(a.Code, b.Code) }
	switch by {
	case ByCode:
		return code
	case ByCount:
		return func(a, b Row) int {
			return cmp.Or(cmp.Compare(b.LastHour, a.LastHour), cmp.Compare(b.Total, a.Total), code(a, b))
		}
	case ByFirst:
		return func(a, b Row) int { return cmp.Or(b.FirstSeen.Compare(a.FirstSeen), code(a, b)) }
	case ByLast:
		return func(a, b Row) int { return cmp.Or(b.LastSeen.Compare(a.LastSeen), code(a, b)) }
	default:
		return func(a, b Row) int {
			return cmp.Or(
				falseFirst(a.LastHour == 0, b.LastHour == 0),
				cmp.Compare(a.Severity.Rank(), b.Severity.Rank()),
				cmp.Compare(b.PerMinute, a.PerMinute),
				cmp.Compare(b.LastHour, a.LastHour),
				b.LastSeen.Compare(a.LastSeen), code(a, b),
			)
		}
	}
}
