package triage

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"errcode_exporter/catalog"
)

// HandlerOptions say what the pages and the API know beside the Board. The zero value shows counts and texts only.
type HandlerOptions struct {
	// Sources returns the state of every configured source. Nil means that nobody can tell.
	Sources func() []SourceStatus
	// Ready reports whether what was in the files at the start has been read; nil means that it has.
	Ready func() bool
	// MayRead reports whether who asks may see what comes from log lines: request IDs and excerpts. Nil means nobody.
	MayRead func(*http.Request) bool
	// Links lead from a code to where more is known of it: its alert, its dashboard.
	Links func(code string) []Link
	// Runbook returns what to do about a code, as Markdown; empty if there is none.
	Runbook func(code string) string
	// Footer are the links at the end of each page; relative ones start at the first page.
	Footer []Link
	// Version is that of the program.
	Version string
}

// Link leads somewhere.
type Link struct {
	Text string
	URL  string
}

// site answers requests.
type site struct {
	HandlerOptions
	board     *Board
	templates *template.Template
	assets    *assets
}

// Paths are those under which Handler has to be served.
func Paths() []string {
	return []string{"/{$}", "/codes", "/codes/", "/api/", "/assets/", "/favicon.ico"}
}

// Handler serves the pages and the API under Paths. Links in pages are relative, so that they work wherever the paths are mounted,
// and behind any proxy: whoever mounts them strips the prefix.
func (b *Board) Handler(o HandlerOptions) (http.Handler, error) {
	if o.Sources == nil {
		o.Sources = func() []SourceStatus { return nil }
	}
	if o.Ready == nil {
		o.Ready = func() bool { return true }
	}
	if o.MayRead == nil {
		o.MayRead = func(*http.Request) bool { return false }
	}
	if o.Links == nil {
		o.Links = func(string) []Link { return nil }
	}
	if o.Runbook == nil {
		o.Runbook = func(string) string { return "" }
	}
	files, err := loadAssets()
	if err != nil {
		return nil, fmt.Errorf("triage: %w", err)
	}
	templates, err := parsePages()
	if err != nil {
		return nil, fmt.Errorf("triage: %w", err)
	}
	s := &site{HandlerOptions: o, board: b, templates: templates, assets: files}
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", s.page(s.now))
	mux.HandleFunc("/codes", s.page(s.codes))
	mux.HandleFunc("/codes/{code}", s.page(s.code))
	mux.HandleFunc("/codes/{code}/ticket", s.text(s.ticket))
	mux.HandleFunc("/assets/{file}", func(w http.ResponseWriter, r *http.Request) { s.asset(w, r, r.PathValue("file")) })
	// What is no page has no link to the icon: browsers look for it here.
	mux.HandleFunc("/favicon.ico", func(w http.ResponseWriter, r *http.Request) { s.asset(w, r, s.assets.Icon) })
	mux.HandleFunc("/api/v1/errors", s.api(s.apiErrors))
	mux.HandleFunc("/api/v1/codes", s.api(s.apiCodes))
	mux.HandleFunc("/api/v1/events", s.api(s.apiEvents))
	mux.HandleFunc("/api/v1/openapi.json", s.api(s.apiDescription))
	mux.HandleFunc("/api/", s.api(s.apiMissing))
	mux.HandleFunc("/", s.page(s.missing))
	return Secured(mux), nil
}

// Secured puts the headers on every answer that keep a page from being framed, sniffed, or made to run or load what is not the
// exporter's own.
func Secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

// reads reports whether a request only asks. Another is told what it may do.
func reads(w http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return true
	}
	w.Header().Set("Allow", "GET, HEAD")
	return false
}

// details says whether request IDs and excerpts are in an answer, and if not, what to do to have them.
type details struct {
	Shown bool   `json:"shown"`
	How   string `json:"how,omitempty"`
}

// howToSeeDetails is shown where they are withheld.
const howToSeeDetails = "Request IDs and excerpts of log lines are shown only to requests from the exporter's own machine (kubectl port-forward and ssh -L are that) and behind a password or client certificate: start the exporter with --web.config.file and basic_auth_users in that file."

func (s *site) details(r *http.Request) details {
	if s.MayRead(r) {
		return details{Shown: true}
	}
	return details{How: howToSeeDetails}
}

// text answers in plain text.
func (s *site) text(f func(*http.Request) (status int, text string)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/plain; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		if !reads(w, r) {
			w.WriteHeader(http.StatusMethodNotAllowed)
			s.write(w, r, []byte("only GET and HEAD are answered here\n"))
			return
		}
		status, text := f(r)
		w.WriteHeader(status)
		s.write(w, r, []byte(text))
	}
}

// write sends a body. Who has gone away needs none.
func (s *site) write(w http.ResponseWriter, r *http.Request, body []byte) {
	if r.Method == http.MethodHead {
		return
	}
	if _, err := bytes.NewReader(body).WriteTo(w); err != nil {
		s.board.Logger.Debug("An answer was not taken in full", "path", r.URL.Path, "err", err)
	}
}

// spelled reports whether a name is written like a code of a family of the catalog, and of which.
func spelled(cat *catalog.Catalog, name string) (family string, ok bool) {
	prefix, digits, _ := strings.Cut(name, ".")
	for _, f := range cat.Families() {
		if name == others(f.Name) {
			return f.Name, true
		}
		if slices.ContainsFunc(f.Spellings, func(s catalog.Spelling) bool {
			return s.Prefix == prefix && len(digits) >= s.MinDigits && len(digits) <= s.MaxDigits && strings.Trim(digits, "0123456789") == ""
		}) {
			return f.Name, true
		}
	}
	return "", false
}
