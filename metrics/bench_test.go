package metrics

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

func BenchmarkCount(b *testing.B) {
	s := newSite(b, Options{})
	listed, unlisted := finding(b, s.table.plan.catalog, "IS.4006"), finding(b, s.table.plan.catalog, "IS.9999")
	const id, trace = "0af7651916cd43dd8448eb211c80319c", "0af7651916cd43dd8448eb211c80319c"
	b.Run("listed", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.source.Count(listed, Occurrence{Time: start})
		}
	})
	b.Run("same_exemplar", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.source.Count(listed, Occurrence{Time: start, RequestID: id, TraceID: trace})
		}
	})
	b.Run("new_exemplar", func(b *testing.B) {
		ids := [2]string{id, "1" + id[1:]}
		i := 0
		b.ReportAllocs()
		for b.Loop() {
			s.source.Count(listed, Occurrence{Time: start, RequestID: ids[i&1], TraceID: trace})
			i++
		}
	})
	b.Run("unlisted", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.source.Count(unlisted, Occurrence{Time: start})
		}
	})
	b.Run("lines", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.source.AddLines(1)
		}
	})
}

// TestCountingAListedCodeAllocatesNothing keeps the hot path what the benchmark says it is.
func TestCountingAListedCodeAllocatesNothing(t *testing.T) {
	s := newSite(t, Options{})
	f := finding(t, s.table.plan.catalog, "IS.4006")
	for _, o := range []Occurrence{{}, {Time: start, RequestID: "req-1", TraceID: "trace-1"}} {
		s.source.Count(f, o)
		if n := testing.AllocsPerRun(100, func() { s.source.Count(f, o) }); n != 0 {
			t.Errorf("%+v: %v allocations", o, n)
		}
	}
}

// nowhere is a client that reads everything and keeps nothing.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header       { return n.header }
func (nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (nowhere) WriteHeader(int)             {}

// large is a table with many sources, each with some events, and with everything on.
func large(b *testing.B, sources int) *Table {
	b.Helper()
	c := loadCatalog(b)
	table := New(Options{Catalog: c, CodeInfo: true})
	for i := range sources {
		s := table.Source(fmt.Sprintf("source-%03d", i))
		for _, name := range []string{"IS.4006", "IS.0001", "APIG.0308", "ModelArts.4106", "IS.9999"} {
			s.Count(finding(b, c, name), Occurrence{Time: start, RequestID: "0af7651916cd43dd8448eb211c80319c"})
		}
	}
	table.SetStatus(func() []SourceStatus { return []SourceStatus{{"source-000", 2, 512, time.Unix(1, 0)}} })
	return table
}

func BenchmarkScrape(b *testing.B) {
	for _, sources := range []int{1, 200} {
		table := large(b, sources)
		handler := table.Handler(HandlerOptions{})
		f := func(name string, headers ...string) {
			r := request(append(headers, scrapeHeader, "10")...)
			b.Run(fmt.Sprintf("sources=%d/%s", sources, name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					handler.ServeHTTP(nowhere{http.Header{}}, r)
				}
			})
		}
		f("text")
		f("openmetrics", "Accept", openMetrics)
		f("openmetrics_gzip", "Accept", openMetrics, "Accept-Encoding", "gzip")
		b.Run(fmt.Sprintf("sources=%d/cut", sources), func(b *testing.B) {
			for b.Loop() {
				table.Cut()
			}
		})
		b.Run(fmt.Sprintf("sources=%d/snapshot", sources), func(b *testing.B) {
			for b.Loop() {
				table.Snapshot()
			}
		})
	}
}
