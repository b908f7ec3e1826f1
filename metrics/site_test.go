package metrics

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"errcode_exporter/catalog"
)

// start is when the tests begin: 1700000000 in Unix seconds.
var start = time.Unix(1_700_000_000, 0)

func loadCatalog(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// site is a table with one source, behind its handler.
type site struct {
	t       testing.TB
	table   *Table
	source  *Source // "app"
	handler http.Handler
	now     time.Time
}

func newSite(t testing.TB, o Options) *site {
	t.Helper()
	s := &site{t: t, now: start}
	if o.Catalog == nil {
		o.Catalog = loadCatalog(t)
	}
	o.NoRuntime = true
	o.Now = func() time.Time { return s.now }
	s.table = New(o)
	s.source = s.table.Source("app")
	s.handler = s.table.Handler(HandlerOptions{})
	return s
}

// finding makes the finding that the extractor would: listed or not by what the catalog says.
func finding(t testing.TB, c *catalog.Catalog, name string) catalog.Finding {
	t.Helper()
	if code, ok := c.Lookup(name); ok {
		return catalog.Finding{Name: name, Family: code.Family, Code: code}
	}
	family, _, _ := strings.Cut(name, ".")
	return catalog.Finding{Name: name, Family: family}
}

func (s *site) count(names ...string) {
	s.t.Helper()
	for _, name := range names {
		s.source.Count(finding(s.t, s.table.plan.catalog, name), Occurrence{Time: s.now})
	}
}

// request is a GET of /metrics with headers, given as name and value in turn.
func request(headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

const openMetrics = "application/openmetrics-text;version=1.0.0"

func (s *site) serve(r *http.Request) string {
	s.t.Helper()
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		s.t.Errorf("status %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// scrape is a scrape by Prometheus.
func (s *site) scrape() string {
	s.t.Helper()
	return s.serve(request(scrapeHeader, "10", "Accept", openMetrics))
}

// curl is a look by a person.
func (s *site) curl() string {
	s.t.Helper()
	return s.serve(request("Accept", openMetrics))
}

// sample returns what follows the series in an exposition, or "none".
func sample(text, series string) string {
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, series+" "); ok {
			return strings.TrimSpace(rest)
		}
	}
	return "none"
}

func (s *site) want(text, series, value string) {
	s.t.Helper()
	if got := sample(text, series); got != value {
		s.t.Errorf("%s is %s, want %s", series, got, value)
	}
}

// Series that many tests look at.
const (
	frozen   = `huaweicloud_api_errors_total{category="restore_account",code="IS.4006",family="IS",source="app"}`
	unlisted = `huaweicloud_api_errors_total{category="open_ticket",code="IS.9999",family="IS",source="app"}`
	other    = `huaweicloud_api_errors_total{category="open_ticket",code="other",family="IS",source="app"}`
	families = `huaweicloud_api_unlisted_errors_total{family="IS",source="app"}`
	seen     = `huaweicloud_api_error_last_seen_timestamp_seconds{category="restore_account",code="IS.4006",source="app"}`
)
