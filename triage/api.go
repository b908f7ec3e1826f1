package triage

import (
	_ "embed" // the description of the API
	"encoding/json"
	"net/http"
	"time"

	"errcode_exporter/catalog"
)

// apiVersion is in the path and in each answer. It changes when a field is taken away or changes its meaning.
const apiVersion = 1

// openAPI describes the API. A test holds the answers against it.
//
//go:embed openapi.json
var openAPI []byte

// errorsAnswer is what /api/v1/errors says.
type errorsAnswer struct {
	Version    int             `json:"version"`
	Time       time.Time       `json:"time"`
	Since      time.Time       `json:"since"`                 // when counting began
	QuietSince *time.Time      `json:"quiet_since,omitempty"` // the newest event, if it was not a moment ago
	Ready      bool            `json:"ready"`                 // whether what was in the files at the start has been read
	Details    details         `json:"details"`
	Sources    []Source        `json:"sources"`
	Categories []CategoryTotal `json:"categories"`
	Total      int             `json:"total"` // rows that match
	Errors     []Row           `json:"errors"`
}

// codesAnswer is what /api/v1/codes says.
type codesAnswer struct {
	Version int       `json:"version"`
	Time    time.Time `json:"time"`
	Total   int       `json:"total"`
	Codes   []known   `json:"codes"`
}

// known is a code of the catalog, and whether it occurred.
type known struct {
	*catalog.Code
	Occurred *occurred `json:"occurred,omitempty"`
}

type occurred struct {
	Total     uint64    `json:"total"`
	FirstSeen time.Time `json:"first_seen"`
	LastSeen  time.Time `json:"last_seen"`
}

// eventsAnswer is what /api/v1/events says.
type eventsAnswer struct {
	Version int       `json:"version"`
	Time    time.Time `json:"time"`
	Details details   `json:"details"`
	Total   int       `json:"total"` // kept events that match
	Events  []Shown   `json:"events"`
}

// Shown is an event as it is shown.
type Shown struct {
	Time      time.Time        `json:"time"`
	Code      string           `json:"code"`
	Family    string           `json:"family"`
	Cause     string           `json:"cause,omitempty"`
	Severity  catalog.Severity `json:"severity"`
	Category  string           `json:"category"`
	Actor     string           `json:"actor"`
	Source    string           `json:"source"`
	RequestID string           `json:"request_id,omitempty"`
	TraceID   string           `json:"trace_id,omitempty"`
	Excerpt   string           `json:"excerpt,omitempty"`
}

// problem is what the API says when it cannot answer.
type problem struct {
	Version int    `json:"version"`
	Error   string `json:"error"`
}

// api answers in JSON.
func (s *site) api(f func(*http.Request) (status int, answer any)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "application/json; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		status, answer := http.StatusMethodNotAllowed, any(problem{apiVersion, "only GET and HEAD are answered here"})
		if reads(w, r) {
			status, answer = f(r)
		}
		body, raw := answer.([]byte)
		if !raw {
			var err error
			if body, err = json.Marshal(answer); err != nil {
				s.board.Logger.Error("An answer of the API could not be made", "path", r.URL.Path, "err", err)
				status, body = http.StatusInternalServerError, []byte(`{"version":1,"error":"the answer could not be made; the log says why"}`)
			}
			body = append(body, '\n')
		}
		w.WriteHeader(status)
		s.write(w, r, body)
	}
}

func bad(err error) (int, any) {
	return http.StatusBadRequest, problem{apiVersion, err.Error()}
}

func (s *site) apiErrors(r *http.Request) (int, any) {
	f, err := parseFilter(r.URL.Query(), []string{"code", "family", "severity", "category", "actor", "source", "q", "since", "until", "sort", "limit"}, s.board.Now())
	if err != nil {
		return bad(err)
	}
	d := s.details(r)
	report := s.board.report(f, s.Sources(), d.Shown)
	answer := errorsAnswer{
		Version: apiVersion, Time: report.Time, Since: report.Since, Ready: s.Ready(), Details: d, Sources: report.Sources,
		Categories: report.Categories, Total: report.Matching, Errors: report.Rows,
	}
	if !report.QuietSince.IsZero() {
		answer.QuietSince = &report.QuietSince
	}
	return http.StatusOK, answer
}

func (s *site) apiCodes(r *http.Request) (int, any) {
	f, err := parseFilter(r.URL.Query(), []string{"code", "family", "severity", "category", "actor", "q", "limit"}, s.board.Now())
	if err != nil {
		return bad(err)
	}
	answer := codesAnswer{Version: apiVersion, Time: s.board.Now().UTC(), Codes: []known{}}
	for _, k := range s.board.known(f) {
		if answer.Total++; len(answer.Codes) < f.Limit {
			answer.Codes = append(answer.Codes, k)
		}
	}
	return http.StatusOK, answer
}

// known lists the codes of the catalog that a filter wants.
func (b *Board) known(f *Filter) []known {
	cat := b.catalog.Load()
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []known
	for _, c := range cat.Codes() {
		if !f.code(c, cat) {
			continue
		}
		k := known{Code: c}
		if rec := b.tally.codes[c.Name]; rec != nil {
			k.Occurred = rec.occurred()
		}
		all = append(all, k)
	}
	return all
}

// occurred adds up a record.
func (r *record) occurred() *occurred {
	o := &occurred{}
	for _, c := range r.cells {
		first, last := time.UnixMilli(c.first).UTC(), time.UnixMilli(c.last).UTC()
		if o.Total == 0 {
			o.FirstSeen = first
		}
		o.Total += c.total
		o.FirstSeen, o.LastSeen = earlier(o.FirstSeen, first), later(o.LastSeen, last)
	}
	return o
}

func (s *site) apiEvents(r *http.Request) (int, any) {
	f, err := parseFilter(r.URL.Query(), []string{"code", "family", "severity", "category", "actor", "source", "since", "until", "limit"}, s.board.Now())
	if err != nil {
		return bad(err)
	}
	d := s.details(r)
	answer := eventsAnswer{Version: apiVersion, Time: s.board.Now().UTC(), Details: d}
	answer.Events, answer.Total = s.board.shown(f, d.Shown)
	return http.StatusOK, answer
}

// shown lists the kept events that a filter wants, the newest first, and says how many there are. Without details they lack what comes
// from log lines.
func (b *Board) shown(f *Filter, details bool) (events []Shown, total int) {
	cat := b.catalog.Load()
	meanings := map[[2]string]catalog.Meaning{}
	of := func(e *Event) catalog.Meaning {
		key := [2]string{e.Code, e.Cause}
		m, ok := meanings[key]
		if !ok {
			finding := catalog.Finding{Name: e.Code, Family: e.Family}
			finding.Code, _ = cat.Lookup(e.Code)
			m = meaning(cat, finding, e.Cause)
			meanings[key] = m
		}
		return m
	}
	b.mu.Lock()
	kept := b.ring.newest(func(e *Event) bool {
		if !f.named(e.Code, e.Family) || !f.during(e.Time) {
			return false
		}
		m := of(e)
		return f.cell(e.Source, &CauseCount{Severity: m.Severity, Category: m.Category, Actor: m.Actor})
	})
	b.mu.Unlock()
	events = []Shown{}
	for i := range kept[:min(len(kept), f.Limit)] {
		e := &kept[i]
		m := of(e)
		shown := Shown{
			Time: e.Time.UTC(), Code: e.Code, Family: e.Family, Cause: e.Cause, Severity: m.Severity, Category: m.Category, Actor: m.Actor, Source: e.Source,
		}
		if details {
			shown.RequestID, shown.TraceID, shown.Excerpt = e.RequestID, e.TraceID, e.Excerpt
		}
		events = append(events, shown)
	}
	return events, len(kept)
}

func (s *site) apiDescription(*http.Request) (int, any) { return http.StatusOK, openAPI }

func (s *site) apiMissing(r *http.Request) (int, any) {
	return http.StatusNotFound, problem{apiVersion, "there is nothing at this path; GET /api/v1/openapi.json lists what there is"}
}
