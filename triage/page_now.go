package triage

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"errcode_exporter/catalog"
)

// nowPage is the first page.
type nowPage struct {
	*Report
	Headline, Lead string
	Mood           string // calm, failing or dark
	Ready          bool
	Trouble        []Source
	MoreTrouble    int
	SourceSummary  string
	Categories     []categoryCard
	Groups         []group
	Hidden         int
	AllURL         string
	controls
}

// categoryCard is what one of those who must act sees first.
type categoryCard struct {
	CategoryTotal
	URL   string
	Quiet bool
}

// group are rows under a title.
type group struct {
	ID, Title string
	Rows      []rowView
}

// rowView is a row as a page shows it.
type rowView struct {
	Row
	Spark  spark
	TopIDs []string
}

// How much of a row the table has room for.
const (
	topSources = 3
	topIDs     = 3
	topTrouble = 5
)

func viewOf(r Row) rowView {
	v := rowView{Row: r, Spark: sparkOf(r.Minutes, 120, 24)}
	v.TopIDs = r.RequestIDs[:min(len(r.RequestIDs), topIDs)]
	return v
}

// pageParameters are those that the first page understands.
func pageParameters() []string {
	return []string{"severity", "actor", "category", "source", "q", "sort", "limit", "since", "until", "code", "family"}
}

func (s *site) now(r *http.Request) page {
	query := r.URL.Query()
	f, err := parseFilter(query, pageParameters(), s.board.Now())
	if err != nil {
		return s.problem(http.StatusBadRequest, "This cannot be shown", "The address asks for something that there is not: "+err.Error()+".")
	}
	f.Few = topSources
	report := s.board.report(f, s.Sources(), s.MayRead(r))
	body := nowPage{Report: report, Ready: s.Ready(), controls: s.controls(query, f, report.Sources)}
	body.diagnose()
	for _, c := range report.Categories {
		body.Categories = append(body.Categories, categoryCard{c, "./?" + url.Values{"category": {c.Category}}.Encode(), c.LastHour == 0})
	}
	body.Groups = grouped(report.Rows, f.Sort)
	if body.Hidden = report.Matching - len(report.Rows); body.Hidden > 0 {
		all := url.Values{}
		for name, values := range query {
			all[name] = values
		}
		all.Set("limit", fmt.Sprint(MaxLimit))
		body.AllURL = "./?" + all.Encode()
	}
	return page{Page: "now", Title: body.Headline + " – errcode_exporter", Body: body}
}

// grouped sets apart what did not happen within the hour, if rows are in the order of urgency.
func grouped(rows []Row, sort string) []group {
	var now, before group
	for _, r := range rows {
		if r.LastHour > 0 || sort != ByUrgency {
			now.Rows = append(now.Rows, viewOf(r))
		} else {
			before.Rows = append(before.Rows, viewOf(r))
		}
	}
	before.ID, before.Title = "before", "Not seen within the last hour, which does not mean repaired"
	var groups []group
	for _, g := range []group{now, before} {
		if len(g.Rows) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// diagnose says in a sentence how things are.
func (p *nowPage) diagnose() {
	health := map[Health]int{}
	for _, s := range p.Sources {
		health[s.Health]++
		if s.Health != Reading {
			p.Trouble = append(p.Trouble, s)
		}
	}
	slices.SortStableFunc(p.Trouble, func(a, b Source) int { return falseFirst(a.Health == Silent, b.Health == Silent) })
	p.MoreTrouble = max(0, len(p.Trouble)-topTrouble)
	p.Trouble = p.Trouble[:len(p.Trouble)-p.MoreTrouble]
	p.SourceSummary = summary(health)

	var actors []string
	failing := 0
	for _, r := range p.Rows {
		if r.State == Failing {
			failing++
			if !slices.Contains(actors, r.Actor) {
				actors = append(actors, r.Actor)
			}
		}
	}
	unseen := len(p.Sources) == 0 || health[Reading] == 0
	switch {
	case failing > 0:
		p.Mood, p.Headline = "failing", plural(failing, "code is failing", "codes are failing")
		p.Lead = "To act, the most urgent first: " + list(actors) + "."
	case unseen:
		p.Mood, p.Headline = "dark", "Nothing is known"
		p.Lead = "No log is being read as it is written, so no error could be seen."
	case !p.QuietSince.IsZero():
		p.Mood, p.Headline = "calm", "Quiet since "+clock(p.QuietSince)
		p.Lead = fmt.Sprintf("No error code for %s, while %s. Not seen lately does not mean repaired: each code below says what is known.", inWords(p.Time.Sub(p.QuietSince)), goingOn(health))
	case len(p.Rows) == 0 && !p.Filtered:
		p.Mood, p.Headline = "calm", "Quiet since "+clock(p.Since)
		p.Lead = fmt.Sprintf("No error code since counting began %s ago, while %s.", inWords(p.Time.Sub(p.Since)), goingOn(health))
	default:
		p.Mood, p.Headline = "calm", "Nothing of this is failing now"
	}
}

func goingOn(health map[Health]int) string {
	return plural(health[Reading], "source is being read", "sources are being read")
}

func summary(health map[Health]int) string {
	var parts []string
	for _, h := range []Health{Missing, Lagging, Silent, Reading} {
		if n := health[h]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, h))
		}
	}
	if parts == nil {
		return "none is configured"
	}
	return strings.Join(parts, ", ")
}

func plural(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// controls are the filter and the order of a page.
type controls struct {
	Selects  []choice
	Orders   []option
	Text     string
	Filtered bool
	query    url.Values
	sort     string
}

type choice struct {
	Name, Label, All string
	Options          []option
}

type option struct {
	Value, Label string
	Chosen       bool
}

func (s *site) controls(query url.Values, f *Filter, sources []Source) controls {
	cat := s.board.catalog.Load()
	c := controls{Text: query.Get("q"), query: query, sort: f.Sort}
	var categories, actors, names, families []string
	for _, k := range cat.Categories() {
		categories = append(categories, k.Name)
		if !slices.Contains(actors, k.Actor) {
			actors = append(actors, k.Actor)
		}
	}
	for _, source := range sources {
		names = append(names, source.Name)
	}
	for _, k := range cat.Families() {
		families = append(families, k.Name)
	}
	severities := []string{string(catalog.Critical), string(catalog.Warning), string(catalog.Info)}
	add := func(name, label, all string, values []string) {
		chosen := query.Get(name)
		k := choice{Name: name, Label: label, All: all}
		if chosen != "" && !slices.Contains(values, chosen) {
			values = append([]string{chosen}, values...)
		}
		for _, v := range values {
			k.Options = append(k.Options, option{Value: v, Chosen: v == chosen})
		}
		c.Selects = append(c.Selects, k)
	}
	add("severity", "Severity", "any", severities)
	add("actor", "Who acts", "anybody", actors)
	add("category", "Category", "any", categories)
	if sources != nil {
		add("source", "Source", "any", names)
	} else {
		add("family", "Family", "any", families)
	}
	for _, o := range []option{{Value: ByUrgency, Label: "most urgent"}, {Value: ByCount, Label: "most in the last hour"}, {Value: ByLast, Label: "last seen"}, {Value: ByFirst, Label: "first seen, newest"}, {Value: ByCode, Label: "code"}} {
		o.Chosen = o.Value == f.Sort
		c.Orders = append(c.Orders, o)
	}
	for name, values := range query {
		c.Filtered = c.Filtered || name != "sort" && strings.Join(values, "") != ""
	}
	return c
}

// SortURL leads to the same page in another order.
func (c controls) SortURL(by string) string {
	q := url.Values{}
	for name, values := range c.query {
		q[name] = values
	}
	q.Set("sort", by)
	return "./?" + q.Encode()
}

// Aria says of a column whether rows are sorted by it.
func (c controls) Aria(by string) template.HTMLAttr {
	switch {
	case c.sort != by:
		return ""
	case by == ByCode:
		return ` aria-sort="ascending"`
	default:
		return ` aria-sort="descending"`
	}
}
