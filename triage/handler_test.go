package triage

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// served is a board that is served, to somebody who may read what logs say unless stranger is set.
type served struct {
	*rig
	handler  http.Handler
	stranger bool
	ready    bool
	sources  []SourceStatus
}

func serve(t *testing.T) *served {
	t.Helper()
	s := &served{rig: newRig(t, Limits{}), ready: true, sources: []SourceStatus{{Name: "search", Files: 1, LastLine: noon}}}
	var err error
	s.handler, err = s.Handler(HandlerOptions{
		Sources: func() []SourceStatus { return s.sources },
		Ready:   func() bool { return s.ready },
		MayRead: func(*http.Request) bool { return !s.stranger },
		Links: func(code string) []Link {
			return []Link{{"Dashboard", "https://grafana.example.com/d/x?var-code=" + code}}
		},
		Runbook: func(string) string { return "## Meaning\n\nIt means `this`.\n\n- first\n- second\n  goes on\n" },
		Footer:  []Link{{"Metrics", "metrics"}},
		Version: "1.2.3",
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *served) do(method, path string, header ...string) *httptest.ResponseRecorder {
	s.Helper()
	r := httptest.NewRequest(method, path, http.NoBody)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// get returns what is at a path, which must be there.
func (s *served) get(path string) string {
	s.Helper()
	w := s.do(http.MethodGet, path)
	if w.Code != http.StatusOK {
		s.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

func (s *served) errors(query string) errorsAnswer {
	s.Helper()
	var a errorsAnswer
	if err := json.Unmarshal([]byte(s.get("/api/v1/errors"+query)), &a); err != nil {
		s.Fatal(err)
	}
	return a
}

func (s *served) row(code string) Row {
	s.Helper()
	a := s.errors("?code=" + code)
	if len(a.Errors) != 1 {
		s.Fatalf("%d rows of %s", len(a.Errors), code)
	}
	return a.Errors[0]
}

func codesOf(rows []Row) string {
	var names []string
	for _, r := range rows {
		names = append(names, r.Code)
	}
	return strings.Join(names, " ")
}

func TestTheMostUrgentComesFirst(t *testing.T) {
	s := serve(t)
	s.occurs("IS.4006", "search") // critical, but hours ago
	s.pass(2 * time.Hour)
	for range 9 {
		s.occurs("IS.2002", "search")
	}
	s.occurs("IS.0021", "search") // a warning
	for range 2 {
		s.occurs("APIG.0308", "worker") // a warning
	}
	s.pass(time.Second)
	f := func(query, want string) {
		t.Helper()
		if got := codesOf(s.errors(query).Errors); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	severity := func(code string) string { return string(s.row(code).Severity) }
	if severity("IS.2002") != "info" || severity("IS.0021") != "warning" || severity("APIG.0308") != "warning" || severity("IS.4006") != "critical" {
		t.Fatal("the catalog has changed: choose other codes for this test")
	}
	f("", "APIG.0308 IS.0021 IS.2002 IS.4006")
	f("?sort=urgency", "APIG.0308 IS.0021 IS.2002 IS.4006")
	f("?sort=count", "IS.2002 APIG.0308 IS.0021 IS.4006")
	f("?sort=code", "APIG.0308 IS.0021 IS.2002 IS.4006")
	f("?sort=last&limit=1", "APIG.0308")
	f("?severity=critical", "IS.4006")
	f("?severity=critical&severity=info", "IS.2002 IS.4006")
	f("?actor=account+owner", "IS.4006")
	f("?category=raise_quota", "APIG.0308")
	f("?family=IS&severity=warning", "IS.0021")
	f("?source=worker", "APIG.0308")
	f("?source=", "APIG.0308 IS.0021 IS.2002 IS.4006")
	f("?since=1h", "APIG.0308 IS.0021 IS.2002")
	f("?until="+noon.Add(time.Minute).Format(time.RFC3339), "IS.4006")
	f("?q=FROZEN", "IS.4006")
	f("?code=IS.0001", "")
	if a := s.errors("?limit=1"); a.Total != 4 || len(a.Errors) != 1 {
		t.Errorf("%d of %d", len(a.Errors), a.Total)
	}
}

func TestWhatIsNotUnderstoodIsRefused(t *testing.T) {
	s := serve(t)
	f := func(path, want string) {
		t.Helper()
		w := s.do(http.MethodGet, path)
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s, want 400 with %q", path, w.Code, w.Body, want)
		}
	}
	f("/api/v1/errors?cod=IS.0001", "there is no parameter")
	f("/api/v1/errors?limit=0", "limit ")
	f("/api/v1/errors?limit=5001", "1 to 5000")
	f("/api/v1/events?since=yesterday", "since ")
	f("/api/v1/events?until=-5m", "until ")
	f("/api/v1/events?sort=code", "there is no parameter")
	f("/api/v1/codes?source=x", "there is no parameter")
	f("/api/v1/errors?sort=%3Cscript%3E", "sort ")
	f("/?limit=x", "limit ")
	f("/codes?x=y", "there is no parameter")
}

func TestCauses(t *testing.T) {
	s := serve(t)
	cat := s.catalog.Load()
	see := func(words string, n int) {
		for range n {
			s.lines++
			s.See(Sighting{Source: "search", Time: s.now(), Findings: findings(t, cat, "APIG.0201", words), Text: []byte("APIG.0201"), File: "f", Offset: s.lines})
		}
	}
	see("", 1)
	see("backend timeout", 3)
	row := s.row("APIG.0201")
	if len(row.Causes) != 2 || row.Total != 4 || row.LastHour != 4 {
		t.Fatalf("%+v", row)
	}
	if own, timeout := cat.Codes(), row.Causes[0]; own == nil || timeout.Category == row.Causes[1].Category {
		t.Fatalf("both causes have the category %s: choose another code for this test", timeout.Category)
	}
	for _, total := range s.errors("").Categories {
		if want := map[string]uint64{"check_service": 3}[total.Category]; want > 0 && total.LastHour != want {
			t.Errorf("%s: %d, want %d", total.Category, total.LastHour, want)
		}
	}
	only := s.errors("?category=check_service").Errors
	if len(only) != 1 || only[0].Total != 3 || only[0].Category != "check_service" {
		t.Errorf("of one category: %+v", only)
	}
	if page := s.get("/codes/APIG.0201"); !strings.Contains(page, "backend timeout") || !strings.Contains(page, "something else") {
		t.Errorf("the causes are not on the page of the code")
	}
}

func TestWhatIsKnown(t *testing.T) {
	s := serve(t)
	s.occurs("IS.0021", "search")
	s.occurs("IS.0021", "worker")
	f := func(after time.Duration, lines map[string]time.Duration, lag int64, want State, text string) {
		t.Helper()
		now := noon.Add(after)
		s.pass(now.Sub(s.now()))
		s.sources = nil
		for name, line := range lines {
			s.sources = append(s.sources, SourceStatus{Name: name, Files: 1, LastLine: noon.Add(line), LagBytes: lag})
		}
		if row := s.row("IS.0021"); row.State != want || !strings.Contains(row.Known, text) {
			t.Errorf("after %v, with lines until %v: %s %q, want %s %q", after, lines, row.State, row.Known, want, text)
		}
	}
	f(time.Second, nil, 0, Failing, "It is failing")
	f(4*time.Minute, nil, 0, Failing, "It is failing")
	f(time.Hour, map[string]time.Duration{"search": time.Hour, "worker": time.Hour}, 0, NotSeen, "not “repaired”")
	f(time.Hour, map[string]time.Duration{"search": time.Hour, "worker": 0}, 0, Unknown, "worker")
	f(time.Hour, map[string]time.Duration{"search": 0, "worker": 0}, 0, Unknown, "no log goes on")
	f(time.Hour, map[string]time.Duration{"search": time.Hour}, 0, Unknown, "worker")
	f(time.Hour, map[string]time.Duration{"search": time.Hour, "worker": time.Hour}, lagging, Unknown, "Not known")
	f(time.Hour, nil, 0, Unknown, "search and worker")
}

func TestHeadline(t *testing.T) {
	s := serve(t)
	f := func(headline, lead string) {
		t.Helper()
		page := s.get("/")
		if !strings.Contains(page, headline) || !strings.Contains(page, lead) {
			_, page, _ = strings.Cut(page, "<main")
			t.Errorf("want %q and %q: %.1500s", headline, lead, page)
		}
	}
	s.pass(time.Minute)
	f("Quiet since 2026-03-05 12:00:00 UTC", "No error code since counting began 1 min ago, while 1 source is being read")
	s.occurs("IS.4006", "search")
	s.occurs("IS.0021", "search")
	f("2 codes are failing", "To act, the most urgent first: account owner and application owner.")
	s.pass(2 * time.Hour)
	s.sources[0].LastLine = s.now()
	f("Quiet since 2026-03-05 12:01:00 UTC", "No error code for 2 h, while 1 source is being read. Not seen lately does not mean repaired")
	f("Not seen within the last hour, which does not mean repaired", "")
	s.sources = append(s.sources, SourceStatus{Name: "gone"}, SourceStatus{Name: "slow", Files: 1, LagBytes: 5 << 20, LastLine: s.now()}, SourceStatus{Name: "still", Files: 1, LastLine: noon})
	f("Not everything is seen", "5.0 MiB are not read yet")
	f(`<strong>gone</strong> <span class="badge missing">`, "No line has come of it for 2 h 1 min")
	f("1 missing, 1 lagging, 1 silent, 1 reading", "")
	s.sources = []SourceStatus{{Name: "gone"}}
	f("Nothing is known", "")
	s.ready = false
	f("Still reading", "")
}

func TestPageIsNotSentAgainIfNothingHasChanged(t *testing.T) {
	s := serve(t)
	s.occurs("IS.4006", "search")
	first := s.do(http.MethodGet, "/")
	f := func(want int) {
		t.Helper()
		if w := s.do(http.MethodGet, "/", "If-None-Match", first.Header().Get("ETag")); w.Code != want {
			t.Errorf("%d, want %d", w.Code, want)
		}
		first = s.do(http.MethodGet, "/")
	}
	f(http.StatusNotModified)
	s.occurs("IS.4006", "search")
	f(http.StatusOK)
	s.pass(time.Second)
	f(http.StatusNotModified)
	s.pass(time.Minute)
	f(http.StatusOK)
	s.sources[0].Files = 0
	f(http.StatusOK)
	s.stranger = true
	f(http.StatusOK)
	s.ready = false
	f(http.StatusOK)
	if w := s.do(http.MethodHead, "/"); w.Code != http.StatusOK || w.Body.Len() != 0 {
		t.Errorf("HEAD: %d with %d bytes", w.Code, w.Body.Len())
	}
}

func TestPathsAreHandled(t *testing.T) {
	s := serve(t)
	for _, path := range Paths() {
		mux := http.NewServeMux()
		mux.Handle(path, s.handler) // panics if it is none
	}
	// Wherever it is mounted, links lead there.
	mounted := httptest.NewServer(http.StripPrefix("/errors/of", s.handler))
	defer mounted.Close()
	s.occurs("IS.4006", "search")
	for _, path := range []string{"/", "/codes", "/codes/IS.4006", "/codes/none/none"} {
		base := mounted.URL + "/errors/of" + path
		response, err := http.Get(base)
		if err != nil {
			t.Fatal(err)
		}
		body := readAll(t, response)
		n := 0
		for _, attribute := range []string{`href="`, `src="`, `action="`} {
			for part := range strings.SplitSeq(body, attribute) {
				if n++; strings.HasPrefix(part, "<!doctype") {
					continue
				}
				link, _, _ := strings.Cut(part, `"`)
				if strings.HasPrefix(link, "#") || strings.HasPrefix(link, "https://grafana") {
					continue
				}
				to, err := resolve(base, link)
				if err != nil || !strings.HasPrefix(to, mounted.URL+"/errors/of/") {
					t.Errorf("%s: %q leads to %s %v", path, link, to, err)
					continue
				}
				if strings.HasSuffix(to, "/metrics") {
					continue
				}
				answer, err := http.Get(to)
				if err != nil {
					t.Fatal(err)
				}
				if readAll(t, answer); answer.StatusCode != http.StatusOK {
					t.Errorf("%s: %q: %s", path, link, answer.Status)
				}
			}
		}
		if n < 8 {
			t.Errorf("%s has %d links", path, n)
		}
	}
}

func resolve(base, link string) (string, error) {
	b, err := url.Parse(base)
	if err != nil {
		return "", err
	}
	to, err := b.Parse(strings.ReplaceAll(link, "&amp;", "&"))
	if err != nil {
		return "", err
	}
	return to.String(), nil
}
