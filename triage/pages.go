package triage

import (
	"bytes"
	"embed"
	"fmt"
	"hash/fnv"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"
)

//go:embed pages/*.html
var pageFiles embed.FS

// parsePages reads the templates.
func parsePages() (*template.Template, error) {
	return template.New("").Funcs(template.FuncMap{
		"clock":    clock,
		"iso":      func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"count":    count,
		"rate":     rate,
		"bytes":    lag,
		"first":    firstParagraph,
		"lines":    func(list []string) string { return strings.Join(list, "\n") },
		"relative": func(url string) bool { return !strings.Contains(url, "://") },
	}).ParseFS(pageFiles, "pages/*.html")
}

// page is what every page knows.
type page struct {
	Page    string // which one: now, codes, code, problem
	Title   string
	Root    string // leads from the page to the first one
	Assets  *assets
	Time    time.Time
	Live    string // what tells whether the page has changed; empty for one that does not
	Details details
	Footer  []Link
	Version string
	Status  int
	Body    any
}

// page answers with a page that f makes. A request that already has it is told so.
func (s *site) page(f func(*http.Request) page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		h.Set("Vary", "If-None-Match")
		var p page
		if reads(w, r) {
			tag := s.tag(r)
			if strings.TrimPrefix(r.Header.Get("If-None-Match"), "W/") == tag {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			h.Set("ETag", tag)
			p = f(r)
			p.Live = tag
		} else {
			p = s.problem(http.StatusMethodNotAllowed, "Not like this", "Pages can only be read: GET and HEAD are answered.")
		}
		if p.Status == 0 {
			p.Status = http.StatusOK
		} else {
			h.Del("ETag")
			p.Live = ""
		}
		p.Root, p.Assets, p.Time = strings.Repeat("../", max(0, strings.Count(r.URL.Path, "/")-1)), s.assets, s.board.Now().UTC()
		p.Details, p.Footer, p.Version = s.details(r), s.Footer, s.Version
		var body bytes.Buffer
		if err := s.templates.ExecuteTemplate(&body, p.Page, p); err != nil {
			s.board.Logger.Error("A page could not be made", "path", r.URL.Path, "err", err)
			h.Del("ETag")
			h.Set("Content-Type", "text/plain; charset=utf-8")
			w.WriteHeader(http.StatusInternalServerError)
			s.write(w, r, []byte("the page could not be made; the log says why\n"))
			return
		}
		w.WriteHeader(p.Status)
		s.write(w, r, body.Bytes())
	}
}

// tag says what a page depends on: what has happened, the state of the sources, who asks, and the minute, by which courses and times
// move on.
func (s *site) tag(r *http.Request) string {
	h := fnv.New64a()
	put := func(parts ...any) { fmt.Fprintln(h, parts...) }
	s.board.mu.Lock()
	put(s.board.tally.changes, s.board.ring.seq, s.board.tally.since.UnixNano())
	s.board.mu.Unlock()
	now := s.board.Now()
	put(minuteOf(now), s.Ready(), s.MayRead(r), s.assets.Style, s.assets.Script, r.URL.RequestURI())
	for _, status := range s.Sources() {
		v := sourceOf(status, now)
		put(v.Name, v.Health, v.Files)
	}
	return `"` + strconv.FormatUint(h.Sum64(), 36) + `"`
}

// problem is a page that says what is wrong.
func (s *site) problem(status int, title, text string, near ...string) page {
	return page{Page: "problem", Title: title, Status: status, Body: struct {
		Title, Text string
		Near        []string
	}{title, text, near}}
}

func (s *site) missing(*http.Request) page {
	return s.problem(http.StatusNotFound, "Not found", "There is no page at this address.")
}

// count writes a number with its thousands apart.
func count(n uint64) string {
	text := strconv.FormatUint(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "\u202f" + text[i:]
	}
	return text
}

// rate writes events a minute.
func rate(perMinute float64) string {
	switch {
	case perMinute == 0:
		return "0"
	case perMinute < 10:
		return strconv.FormatFloat(perMinute, 'f', 1, 64)
	default:
		return count(uint64(perMinute + 0.5))
	}
}

func lag(n int64) string {
	if n <= 0 {
		return "0"
	}
	return bytesInWords(n)
}

// firstParagraph is what a table has room for; the code's own page has all.
func firstParagraph(text string) string {
	first, _, more := strings.Cut(text, "\n")
	if more {
		return first + " …"
	}
	return first
}

// paragraphs splits a text of the catalog.
func paragraphs(text string) []string {
	var all []string
	for p := range strings.SplitSeq(text, "\n") {
		if p = strings.TrimSpace(p); p != "" {
			all = append(all, p)
		}
	}
	return all
}
