package triage

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"errcode_exporter/catalog"
)

// codesPage lists the catalog.
type codesPage struct {
	Codes      []known
	Count, All int
	Others     string
	controls
}

func (s *site) codes(r *http.Request) page {
	query := r.URL.Query()
	f, err := parseFilter(query, []string{"severity", "actor", "category", "family", "q", "code"}, s.board.Now())
	if err != nil {
		return s.problem(http.StatusBadRequest, "This cannot be shown", "The address asks for something that there is not: "+err.Error()+".")
	}
	cat := s.board.catalog.Load()
	codes := s.board.known(f)
	body := codesPage{Codes: codes, Count: len(codes), All: len(cat.Codes()), Others: cat.Others().Solution, controls: s.controls(query, f, nil)}
	return page{Page: "codes", Title: "Codes – errcode_exporter", Body: body}
}

// codePage is all about one code.
type codePage struct {
	Code, Family, Service   string
	Severity                catalog.Severity
	Category, Actor, Action string
	Retryable               bool
	Message, Solution       []string
	Description             []string // nil if it is the message
	Reason, InferredFrom    string
	Status                  int
	Since                   time.Time
	Ready                   bool
	Row                     *rowView // nil if it has not occurred
	Causes                  []CauseCount
	RequestIDs              []string
	Events                  []Shown
	Ticket                  string
	Links                   []Link
	Runbook                 []block
}

// How much the page of a code shows.
const (
	codeIDs    = 50
	codeEvents = 20
)

func (s *site) code(r *http.Request) page {
	name := r.PathValue("code")
	p, ok := s.about(name, s.MayRead(r))
	if !ok {
		near := s.board.near(name)
		return s.problem(http.StatusNotFound, "Not a code", fmt.Sprintf("%.60q is not spelled like an error code, and none of this name has occurred.", name), near...)
	}
	p.Links, p.Runbook, p.Ready = s.Links(name), markdown(s.Runbook(name)), s.Ready()
	return page{Page: "code", Title: name + " – errcode_exporter", Body: p}
}

// about gathers what is known of a code; ok is false if it is no code.
func (s *site) about(name string, details bool) (p codePage, ok bool) {
	b := s.board
	cat := b.catalog.Load()
	f := &Filter{Codes: []string{name}}
	report := b.report(f, s.Sources(), details)
	finding := catalog.Finding{Name: name}
	finding.Code, ok = cat.Lookup(name)
	family, like := spelled(cat, name)
	if !ok && !like && len(report.Rows) == 0 {
		return p, false
	}
	finding.Family = family
	m := cat.Meaning(finding)
	p = codePage{
		Code: name, Family: family, Severity: m.Severity, Category: m.Category, Actor: m.Actor, Retryable: m.Retryable, Message: []string{notListed},
		Solution: paragraphs(m.Solution), Reason: cat.Others().Reason, Since: report.Since,
	}
	if c := finding.Code; c != nil {
		p.Family, p.Message, p.Reason, p.InferredFrom, p.Status = c.Family, paragraphs(c.Message), c.Reason, c.InferredFrom, c.Status
		if c.Description != c.Message {
			p.Description = paragraphs(c.Description)
		}
	}
	if len(report.Rows) == 1 {
		row := viewOf(report.Rows[0])
		row.Spark = sparkOf(row.Minutes, 600, 80)
		p.Row = &row
		p.Severity, p.Category, p.Actor, p.Retryable, p.Family = row.Severity, row.Category, row.Actor, row.Retryable, row.Family
		if len(row.Causes) == 1 && row.Causes[0].Words != "" {
			p.Solution = paragraphs(row.Solution)
		}
		b.recall(&p, details)
	}
	category, _ := cat.Category(p.Category)
	p.Action, p.Service = category.Action, service(cat, p.Family)
	p.Causes = causesOf(finding.Code, p.Row, cat)
	if p.Row != nil {
		p.Ticket = ticketOf(&p, b.Now(), details)
	}
	return p, true
}

// recall adds the kept events of a code.
func (b *Board) recall(p *codePage, details bool) {
	f := &Filter{Codes: []string{p.Code}, Limit: codeIDs}
	if !details {
		return
	}
	all, _ := b.shown(f, true)
	for _, e := range all {
		if e.RequestID != "" && !slices.Contains(p.RequestIDs, e.RequestID) {
			p.RequestIDs = append(p.RequestIDs, e.RequestID)
		}
	}
	p.Events = all[:min(len(all), codeEvents)]
}

// causesOf lists every meaning that a code can have, with how often it had it.
func causesOf(code *catalog.Code, row *rowView, cat *catalog.Catalog) []CauseCount {
	if code == nil || len(code.Causes) == 0 {
		return nil
	}
	var all []CauseCount
	add := func(words string) {
		m := meaning(cat, catalog.Finding{Code: code}, words)
		c := CauseCount{Words: words, Severity: m.Severity, Category: m.Category, Actor: m.Actor, Message: m.Message, Solution: m.Solution, Retryable: m.Retryable}
		if row != nil {
			if i := slices.IndexFunc(row.Causes, func(have CauseCount) bool { return have.Words == words }); i >= 0 {
				c = row.Causes[i]
			}
		}
		all = append(all, c)
	}
	for _, c := range code.Causes {
		add(c.Words)
	}
	add("")
	return all
}

func (s *site) ticket(r *http.Request) (int, string) {
	name := r.PathValue("code")
	p, ok := s.about(name, s.MayRead(r))
	switch {
	case !ok:
		return http.StatusNotFound, fmt.Sprintf("%.60q is not an error code\n", name)
	case p.Row == nil:
		return http.StatusNotFound, name + " has not occurred: there is nothing for a ticket\n"
	}
	return http.StatusOK, p.Ticket
}

// near returns up to three codes with the same number or, failing that, the same beginning.
func (b *Board) near(name string) []string {
	name = strings.ToLower(name)
	_, digits, _ := strings.Cut(name, ".")
	var near []string
	for _, c := range b.catalog.Load().Codes() {
		lower := strings.ToLower(c.Name)
		if lower == name || len(digits) >= 3 && strings.HasSuffix(lower, "."+digits) || len(name) >= 4 && strings.HasPrefix(lower, name) {
			near = append(near, c.Name)
		}
	}
	return near[:min(len(near), 3)]
}
