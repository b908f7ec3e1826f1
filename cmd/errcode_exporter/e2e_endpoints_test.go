package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// TestE2EEndpoints asks for every page, and for what is not there.
func TestE2EEndpoints(t *testing.T) {
	endToEnd(t)
	log := newAppLog(t)
	x := serve(t, log.path)
	f := func(method, path string, header http.Header, status int, kind, want string) {
		t.Helper()
		a := x.do(method, path, header)
		if a.status != status || !strings.HasPrefix(a.header.Get("Content-Type"), kind) || !strings.Contains(a.body, want) {
			t.Errorf("%s %s %v: %d %s, want %d %s with %q: %.2000s", method, path, header, a.status, a.header.Get("Content-Type"), status, kind, want, a.body)
		}
	}
	const html, text = "text/html", "text/plain"
	f("GET", "/", nil, 200, html, `href="metrics"`)
	f("GET", "/-/healthy", nil, 200, text, "healthy")
	f("GET", "/-/ready", nil, 200, text, "ready")
	f("HEAD", "/metrics", nil, 200, text, "")
	f("GET", "/no/such/page", nil, 404, text, "")
	f("GET", "/metrics/", nil, 404, text, "")
	f("GET", "/debug/pprof/", nil, 404, text, "")
	for path, kind := range map[string]string{
		"/": html, "/codes": html, "/codes/IS.4006": html, "/codes/IS.4006/ticket": text, "/api/v1/errors": "application/json", "/api/v1/events": "application/json",
		"/api/none": "application/json", "/metrics": text, "/-/healthy": text, "/-/ready": text,
	} {
		f("POST", path, nil, 405, kind, "")
		f("DELETE", path, nil, 405, kind, "")
		if allow := x.do("PUT", path, nil).header.Get("Allow"); !strings.Contains(allow, "GET") {
			t.Errorf("PUT %s is not told what is allowed, but %q", path, allow)
		}
	}
	f("GET", "/codes", nil, 200, html, `href="codes/IS.4006"`)
	f("GET", "/codes/IS.4006", nil, 200, html, "The account is frozen.")
	f("GET", "/codes/IS.9999", nil, 200, html, "does not list")
	f("GET", "/codes/nonsense", nil, 404, html, "Not a code")
	f("GET", "/codes/IS.4006/none", nil, 404, html, "Not found")
	f("GET", "/codes/IS.4006/ticket", nil, 404, text, "has not occurred")
	f("GET", "/api/v1/none", nil, 404, "application/json", `"error"`)
	f("GET", "/api/v1/errors?sort=none", nil, 400, "application/json", "sort ")
	f("GET", "/?sort=none", nil, 400, html, "sort ")
	f("GET", "/assets/none.css", nil, 404, html, "")
	f("GET", "/api/v1/openapi.json", nil, 200, "application/json", `"openapi": "3.0.3"`)
	for _, path := range []string{"/", "/codes", "/metrics", "/-/healthy", "/no/such/page", "/api/v1/codes", "/api/none", "/codes/nonsense", "/codes/IS.4006/ticket"} {
		h := x.get(path, nil).header
		if csp := h.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none';") || strings.Contains(csp, "unsafe") ||
			h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") != "DENY" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s lacks a header that keeps it safe: %v", path, h)
		}
	}

	accept := func(kinds string) http.Header { return http.Header{"Accept": {kinds}} }
	const openMetrics = "application/openmetrics-text; version=1.0.0"
	f("GET", "/metrics", nil, 200, "text/plain; version=0.0.4", "# TYPE huaweicloud_api_errors_total counter\n")
	f("GET", "/metrics", accept("*/*"), 200, "text/plain; version=0.0.4", "")
	f("GET", "/metrics", accept("image/png"), 200, "text/plain; version=0.0.4", "")
	f("GET", "/metrics", asOpenMetrics, 200, openMetrics, "# TYPE huaweicloud_api_errors counter\n")
	f("GET", "/metrics", accept("text/plain;q=0.2,application/openmetrics-text;version=1.0.0;q=0.8"), 200, openMetrics, "\n# EOF\n")
	f("GET", "/metrics", accept("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"), 200,
		"application/vnd.google.protobuf", errorsTotal)
}

// TestE2ETelemetryPath moves the metrics.
func TestE2ETelemetryPath(t *testing.T) {
	endToEnd(t)
	log := newAppLog(t)
	x := serve(t, log.path, "--web.telemetry-path=/internal/numbers")
	if a := x.get("/internal/numbers", nil); a.status != 200 || parseMetrics(t, a)[errorsTotal] == nil {
		t.Errorf("/internal/numbers answers %d: %s", a.status, a.body)
	}
	if a := x.get("/metrics", nil); a.status != 404 {
		t.Errorf("/metrics answers %d, want 404", a.status)
	}
	if a := x.get("/", nil); !strings.Contains(a.body, `href="internal/numbers"`) {
		t.Errorf("the first page leads elsewhere: %s", a.body)
	}
}

// TestE2ETelemetryPathThatCannotBe gives paths that are wrong or belong to another page: each is an error at the start.
func TestE2ETelemetryPathThatCannotBe(t *testing.T) {
	endToEnd(t)
	for _, path := range []string{"", "/", "metrics", "/-/ready", "/-/healthy", "/codes", "/api/v1/errors", "/assets/x", "/{", "/{x}", "/a{$}"} {
		t.Run("path "+path, func(t *testing.T) {
			p := startProgram(t, "serve", "app.log", "--web.listen-address=127.0.0.1:0", "--web.telemetry-path="+path)
			p.exits(exitUsage)
			if !strings.Contains(p.stderr.String(), "--web.telemetry-path="+path) {
				t.Errorf("it does not say what is wrong: %s", &p.stderr)
			}
		})
	}
}

// soundCounter is what a line may look like, with an exemplar or without.
var soundCounter = regexp.MustCompile(`(?m)^huaweicloud_api_errors_total{category="[a-z_]+",code="IS.4006",family="IS",source="default"} [0-9.]+` +
	`( # {(request_id="[A-Za-z0-9_.:-]{1,64}")?,?(trace_id="[A-Za-z0-9_.:-]{1,64}")?} 1\.0 [0-9.e+]+)?$`)

// TestE2EHostileRequestID writes request IDs that would break the metrics or a page if they got there as they are.
func TestE2EHostileRequestID(t *testing.T) {
	endToEnd(t)
	log := newAppLog(t)
	x := serve(t, log.path)
	log.create()
	for _, id := range []string{
		`evil"quotes`, `evil\"} 6.66e66`, `evil\nhuaweicloud_api_errors_total{code=\"IS.4006\"} 6.66e66`, "evil\r# EOF", "evil\u2028line", "evil\x00zero",
		"evil\xff\xfe", "<script>alert('evil')</script>", `"><img src=x onerror=evil()>`, "{{evil}}", "evil'; DROP TABLE codes; --", "evil" + strings.Repeat("x", 10_000),
		"evil" + strings.Repeat("-", 100),
	} {
		log.write("2026-11-23 20:49:58.123 ERROR IS.4006 request_id=" + id + "\n")
		log.write(`{"error_code":"IS.4006","request_id":"` + id + `","trace_id":"` + id + `"}` + "\n")
		log.codes["IS.4006"] += 2
		x.until("the events are counted", func() bool { return x.counted("IS.4006") == float64(log.codes["IS.4006"]) })
		for _, header := range []http.Header{nil, asScrape, asOpenMetrics} {
			a := x.get("/metrics?name[]="+errorsTotal, header)
			for _, bad := range []string{"script", "6.66e66", "onerror", "DROP", "{{", "xxxxx", "-----", "\r", "\u2028", "\x00", "\xff"} {
				if strings.Contains(a.body, bad) {
					t.Errorf("with the request ID %.50q, /metrics holds %q", id, bad)
				}
			}
			if n := len(soundCounter.FindAllString(a.body, -1)); n != 1 {
				t.Errorf("with the request ID %.50q, there are %d sound lines of IS.4006, want 1: %s", id, n, a.body)
			}
		}
	}
	x.isCounted(log)
	a := x.get("/metrics?name[]="+errorsTotal, asOpenMetrics)
	if n := len(parseMetrics(t, a).with(errorsTotal, "code", "IS.4006")); n != 1 || !strings.Contains(a.body, `# {request_id="evil"`) {
		t.Errorf("%d series of IS.4006, want one with an exemplar, without which nothing was tested: %s", n, a.body)
	}
}
