package triage

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"errcode_exporter/catalog"
)

// busyBoard has 300 codes (those of the catalog and as many unlisted ones as it takes) that failed within the hour, in 200 sources: all
// codes in all of them, or each in a few.
func busyBoard(b *testing.B, everywhere bool) http.Handler {
	b.Helper()
	const codes, sources, few = 300, 200, 5
	cat := load(b)
	board := New(Options{Catalog: cat})
	var names []string
	for _, c := range cat.Codes() {
		names = append(names, c.Name)
	}
	for _, family := range []string{"IS", "APIG", "ModelArts"} {
		for i := range maxUnlisted {
			if len(names) < codes {
				names = append(names, fmt.Sprintf("%s.%04d", family, 7000+i))
			}
		}
	}
	if len(names) != codes {
		b.Fatalf("%d codes", len(names))
	}
	now := time.Now()
	var statuses []SourceStatus
	for i := range sources {
		statuses = append(statuses, SourceStatus{Name: fmt.Sprintf("namespace-%d/service-%03d", i%20, i), Files: 3, LastLine: now})
	}
	for i, name := range names {
		f := []catalog.Finding{finding(b, cat, name, "")}
		n := few
		if everywhere {
			n = sources
		}
		for j := range n {
			board.See(Sighting{
				Source: statuses[(i+j)%sources].Name, Time: now.Add(-time.Duration(j*i%59) * time.Minute), Findings: f, RequestID: fmt.Sprintf("%032x", i*sources+j),
				Text: []byte("2026-03-02 07:00:00 ERROR call failed: " + name + " error_msg=something went wrong"), File: "f", Offset: int64(i*sources + j),
			})
		}
	}
	h, err := board.Handler(HandlerOptions{Sources: func() []SourceStatus { return statuses }, MayRead: func(*http.Request) bool { return true }})
	if err != nil {
		b.Fatal(err)
	}
	return h
}

// BenchmarkPages renders each page with 200 sources and 300 active codes. The goal is 50 ms for each.
func BenchmarkPages(b *testing.B) {
	for _, everywhere := range []bool{false, true} {
		h := busyBoard(b, everywhere)
		spread := "few-sources"
		if everywhere {
			spread = "all-sources"
		}
		for name, path := range map[string]string{
			"now": "/", "now-all": "/?limit=300", "codes": "/codes", "code": "/codes/IS.4006", "errors": "/api/v1/errors?limit=300", "events": "/api/v1/events", "unchanged": "/",
		} {
			b.Run(spread+"/"+name, func(b *testing.B) {
				r := httptest.NewRequest(http.MethodGet, path, http.NoBody)
				want := http.StatusOK
				if name == "unchanged" {
					w := httptest.NewRecorder()
					h.ServeHTTP(w, r)
					r.Header.Set("If-None-Match", w.Header().Get("ETag"))
				}
				size := 0
				for b.Loop() {
					w := httptest.NewRecorder()
					h.ServeHTTP(w, r)
					if w.Code != want && w.Code != http.StatusNotModified {
						b.Fatal(w.Code)
					}
					size = w.Body.Len()
				}
				b.ReportMetric(float64(size), "bytes")
			})
		}
	}
}
