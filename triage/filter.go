package triage

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"errcode_exporter/catalog"
)

// Bounds of how much one answer holds.
const (
	DefaultLimit = 100
	MaxLimit     = 5000
)

// The orders in which rows can be had.
const (
	ByUrgency = "urgency" // what happened within the hour first; then by severity, then by rate
	ByCount   = "count"   // events in the last hour, then in all
	ByFirst   = "first"   // the newest trouble first
	ByLast    = "last"
	ByCode    = "code"
)

// Filter says which rows, codes or events are wanted. The zero value wants all.
type Filter struct {
	Codes, Families, Severities, Categories, Actors, Sources []string // any of each; none means all
	Text                                                     string   // lower case; in the code, its message or what to do
	Since, Until                                             time.Time
	Sort                                                     string
	Limit                                                    int
	Few                                                      int // sources of a row are enough; 0 means all
}

// parameters are what a query may hold, with what each takes.
func (f *Filter) parameters() map[string]*[]string {
	return map[string]*[]string{
		"code": &f.Codes, "family": &f.Families, "severity": &f.Severities, "category": &f.Categories, "actor": &f.Actors, "source": &f.Sources,
	}
}

// parseFilter reads a query. Parameters other than the known ones are an error, so that one that is misspelled does not show everything.
func parseFilter(query url.Values, known []string, now time.Time) (*Filter, error) {
	f := &Filter{Sort: ByUrgency, Limit: DefaultLimit}
	lists := f.parameters()
	for name, values := range query {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("there is no parameter %.40q; there are %s", name, strings.Join(known, ", "))
		}
		if to, ok := lists[name]; ok {
			for _, v := range values {
				if v != "" {
					*to = append(*to, v)
				}
			}
			continue
		}
		value := values[len(values)-1]
		if value == "" {
			continue
		}
		if err := f.set(name, value, now); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (f *Filter) set(name, value string, now time.Time) (err error) {
	switch name {
	case "q":
		f.Text = strings.ToLower(value)
	case "since":
		f.Since, err = when(name, value, now)
	case "until":
		f.Until, err = when(name, value, now)
	case "sort":
		if f.Sort = value; !slices.Contains(sorts(), value) {
			return fmt.Errorf("sort %.40q: one of %s is wanted", value, strings.Join(sorts(), ", "))
		}
	case "limit":
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > MaxLimit {
			return fmt.Errorf("limit %.40q: a number from 1 to %d is wanted", value, MaxLimit)
		}
		f.Limit = n
	}
	return err
}

func sorts() []string { return []string{ByUrgency, ByCount, ByFirst, ByLast, ByCode} }

// when reads a time, or how long ago it was.
func when(name, value string, now time.Time) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, value); err == nil {
		return t, nil
	}
	if ago, err := time.ParseDuration(value); err == nil && ago >= 0 {
		return now.Add(-ago), nil
	}
	return time.Time{}, fmt.Errorf("%s %.40q: a time such as 2026-03-05T12:00:00Z, or how long ago such as 15m, is wanted", name, value)
}

func accepts(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }

// cell reports whether a source and a meaning are wanted.
func (f *Filter) cell(source string, c *CauseCount) bool {
	return accepts(f.Sources, source) && accepts(f.Severities, string(c.Severity)) && accepts(f.Categories, c.Category) && accepts(f.Actors, c.Actor)
}

// named reports whether a code is wanted, by its name.
func (f *Filter) named(code, family string) bool {
	return accepts(f.Codes, code) && accepts(f.Families, family)
}

// row reports whether a row is wanted that cell and named have let through.
func (f *Filter) row(r *Row) bool {
	return f.during(r.LastSeen) && (f.Text == "" || contains(f.Text, r.Code, r.Message, r.Solution, r.Service, r.Actor))
}

func (f *Filter) during(t time.Time) bool {
	return (f.Since.IsZero() || !t.Before(f.Since)) && (f.Until.IsZero() || !t.After(f.Until))
}

// code reports whether a code of the catalog is wanted: any of its meanings may be.
func (f *Filter) code(c *catalog.Code, cat *catalog.Catalog) bool {
	if !f.named(c.Name, c.Family) || f.Text != "" && !contains(f.Text, c.Name, c.Message, c.Description, c.Solution, c.Actor, c.Category) {
		return false
	}
	fits := func(severity catalog.Severity, category, actor string) bool {
		return accepts(f.Severities, string(severity)) && accepts(f.Categories, category) && accepts(f.Actors, actor)
	}
	if m := cat.Meaning(catalog.Finding{Code: c}); fits(m.Severity, m.Category, m.Actor) {
		return true
	}
	return slices.ContainsFunc(c.Causes, func(a catalog.Cause) bool { return fits(a.Severity, a.Category, a.Actor) })
}

func contains(text string, in ...string) bool {
	return slices.ContainsFunc(in, func(s string) bool { return strings.Contains(strings.ToLower(s), text) })
}
