package metrics

import (
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestFormatFollowsTheClient(t *testing.T) {
	s := newSite(t, Options{})
	f := func(accept, contentType, end string) {
		t.Helper()
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, request("Accept", accept))
		if got := w.Header().Get("Content-Type"); !strings.HasPrefix(got, contentType) {
			t.Errorf("%q gets %q, want %q", accept, got, contentType)
		}
		if !strings.HasSuffix(w.Body.String(), end) {
			t.Errorf("%q ends in %q", accept, w.Body.String()[w.Body.Len()-40:])
		}
	}
	f("", "text/plain; version=0.0.4", "\n")
	f("*/*", "text/plain; version=0.0.4", "\n")
	f(openMetrics, "application/openmetrics-text; version=1.0.0", "\n# EOF\n")
	f("application/openmetrics-text;version=0.0.1,text/plain;q=0.5", "application/openmetrics-text; version=0.0.1", "\n# EOF\n")
	f("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited", "application/vnd.google.protobuf", "")
}

func TestHistoryDoesNotSayWhenItBegan(t *testing.T) {
	s := newSite(t, Options{})
	s.source.Count(finding(t, s.table.plan.catalog, "IS.4006"), Occurrence{History: true})
	r := request("Accept", "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text")
	for part := range strings.SplitSeq(s.serve(r), "metric:") {
		code, created := strings.Contains(part, `"IS.4006"`), strings.Contains(part, "created_timestamp")
		counter := strings.Contains(part, "restore_account") || strings.Contains(part, `"IS.0001"`)
		if counter && created == code {
			t.Errorf("creation time: %t\n%s", created, part)
		}
	}
}

func TestAnswerIsCompressedWhereAccepted(t *testing.T) {
	s := newSite(t, Options{})
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, request("Accept-Encoding", "gzip", "Accept", openMetrics))
	if w.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("header %v", w.Header())
	}
	r, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil || string(text) != s.curl() {
		t.Errorf("%v\n%s", err, text)
	}
}

func TestScrapeOverTheNetwork(t *testing.T) {
	s := newSite(t, Options{})
	server := httptest.NewServer(s.handler)
	defer server.Close()
	get := func() string {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set(scrapeHeader, "10")
		resp, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	s.count("IS.4006")
	s.want(get(), frozen, "0")
	s.want(get(), frozen, "1")
}

// golden are the codes of the golden file; all of them would make it unreadable.
var golden = regexp.MustCompile(`code="(IS\.4006|IS\.0001|APIGW?\.0201|IS\.9999|other|)"`)

func TestWholeExposition(t *testing.T) {
	s := newSite(t, Options{UnlistedLimit: 1, CodeInfo: true})
	s.table.Source("batch")
	s.source.AddLines(120)
	s.source.AddMatchedLines(4)
	s.source.AddReadBytes(34_567)
	s.source.LineErrors(LineTooLong, 1)
	s.source.LostBytes(LostTooLong, 70_000)
	s.table.CheckpointSucceeded(start.Add(-time.Second))
	s.table.SetDurable(true)
	s.table.SetStatus(func() []SourceStatus {
		return []SourceStatus{{"app", 2, 512, start.Add(-1500 * time.Millisecond)}, {"nobody", 1, 1, start}}
	})
	s.scrape()
	s.countID("req-1", "0af7651916cd43dd8448eb211c80319c")
	s.count("IS.9999", "IS.9998")
	s.scrape()

	var kept strings.Builder
	for line := range strings.Lines(s.scrape()) {
		switch {
		case strings.HasPrefix(line, "errcode_exporter_build_info{"):
			line = "errcode_exporter_build_info{…} 1.0\n"
		case strings.Contains(line, " code=") || strings.Contains(line, ",code=") || strings.Contains(line, "{code="):
			if !golden.MatchString(line) {
				continue
			}
		}
		kept.WriteString(line)
	}
	const file = "testdata/metrics.txt"
	if *update {
		if err := os.WriteFile(file, []byte(kept.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if kept.String() != string(want) {
		t.Errorf("%s is not what is served (go test ./metrics -update rewrites it):\n%s", file, kept.String())
	}
}

func TestExpositionIsLintFree(t *testing.T) {
	for _, detail := range []Detail{DetailCode, DetailCategory} {
		s := busy(t, Options{Detail: detail, CodeInfo: true})
		s.table.CheckpointSucceeded(start)
		s.table.SetStatus(func() []SourceStatus { return []SourceStatus{{"app", 2, 512, start}} })
		s.table.program = programGatherer(true)
		text := s.serve(request())
		for _, metric := range []string{"go_goroutines ", "process_cpu_seconds_total ", "errcode_exporter_build_info{", codeInfoGauge + "{", lastSeenGauge + "{"} {
			if !strings.Contains(text, "\n"+metric) {
				t.Errorf("no %s", metric)
			}
		}
		problems, err := promlint.New(strings.NewReader(text)).Lint()
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range problems {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "# HELP ") && len(strings.Fields(line)) < 5 {
				t.Errorf("says nothing: %s", line)
			}
		}
	}
}

func TestHealthIsShown(t *testing.T) {
	s := newSite(t, Options{})
	f := func(metric, want string) {
		t.Helper()
		s.want(s.curl(), program+"_"+metric, want)
	}
	f("checkpoint_durable", "0.0")
	f("checkpoint_errors_total", "0.0")
	f("checkpoint_last_success_timestamp_seconds", "none")
	f("config_last_reload_successful", "1.0")
	f("config_last_reload_success_timestamp_seconds", "1.7e+09")
	f(`source_files{source="app"}`, "none")

	s.table.CheckpointFailed()
	s.table.CheckpointSucceeded(start.Add(time.Second))
	s.table.SetDurable(true)
	s.table.ReloadFailed()
	s.table.SetStatus(func() []SourceStatus { return nil })
	f("checkpoint_durable", "1.0")
	f("checkpoint_errors_total", "1.0")
	f("checkpoint_last_success_timestamp_seconds", "1.700000001e+09")
	f("config_last_reload_successful", "0.0")
	f("config_last_reload_success_timestamp_seconds", "1.7e+09")
	f(`source_files{source="app"}`, "0.0")
	f(`source_last_line_timestamp_seconds{source="app"}`, "none")

	s.table.ReloadSucceeded(start.Add(time.Second))
	f("config_last_reload_successful", "1.0")
	f("config_last_reload_success_timestamp_seconds", "1.700000001e+09")
}

func TestScrapeShowsTheCutThatItIsGiven(t *testing.T) {
	s := newSite(t, Options{})
	s.scrape()
	s.count("IS.4006")
	durable := s.table.Cut()
	var whole []bool
	s.handler = s.table.Handler(HandlerOptions{
		Cut:       func(context.Context) *Cut { return durable },
		Delivered: func(d Delivery) { whole = append(whole, d.Whole) },
	})
	s.count("IS.4006", "IS.9999")
	text := s.scrape()
	s.want(text, frozen, "1.0")
	s.want(text, unlisted, "none")
	s.want(s.curl(), frozen, "2.0") // a person sees what is
	durable = nil
	text = s.scrape()
	s.want(text, frozen, "2.0")
	s.want(text, unlisted, "0.0") // the cut without the series has not shown it
	s.want(s.scrape(), unlisted, "1.0")
	if fmt.Sprint(whole) != "[true false true]" { // the second one held the unlisted code at 0
		t.Errorf("scrapes delivered in full: %v", whole)
	}
}

func TestRequestsAtOnceAreLimited(t *testing.T) {
	s := newSite(t, Options{})
	s.handler = s.table.Handler(HandlerOptions{MaxInFlight: 1})
	inner := httptest.NewRecorder()
	s.table.SetStatus(func() []SourceStatus {
		s.handler.ServeHTTP(inner, request(scrapeHeader, "10"))
		return nil
	})
	s.curl()
	if inner.Code != http.StatusServiceUnavailable {
		t.Errorf("status %d", inner.Code)
	}
	s.table.SetStatus(nil)
	s.curl() // the slot is free again
}
