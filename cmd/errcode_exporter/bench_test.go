package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/prometheus/common/promslog"

	"errcode_exporter/bench/logs"
	"errcode_exporter/catalog"
	"errcode_exporter/config"
	"errcode_exporter/metrics"
	"errcode_exporter/tailer"
)

// benchBytes is the size of the logs here; bench/ measures the whole process with large ones.
const benchBytes = 16 << 20

// benchLogs runs f with one log after another, by name: the shape, and how many percent of its lines name a code.
func benchLogs(b *testing.B, f func(b *testing.B, path string, truth logs.Truth)) {
	for _, o := range []logs.Options{
		{Shape: logs.Mixed, Percent: 0},
		{Shape: logs.Mixed, Percent: 1},
		{Shape: logs.Mixed, Percent: 20},
		{Shape: logs.Mixed, Percent: 100},
		{Shape: logs.JSON, Percent: 1},
		{Shape: logs.Text, Percent: 1},
		{Shape: logs.CRI, Percent: 1},
	} {
		o.Bytes, o.Seed = benchBytes, 1
		b.Run(fmt.Sprintf("%s-%v", o.Shape, o.Percent), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "app.log")
			file, err := os.Create(path)
			if err != nil {
				b.Fatal(err)
			}
			truth, err := logs.Write(file, o)
			if err != nil {
				b.Fatal(err)
			}
			if err := file.Close(); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(truth.Bytes)
			b.ReportAllocs()
			f(b, path, truth)
		})
	}
}

// BenchmarkScan is scan from its arguments to what it prints.
func BenchmarkScan(b *testing.B) {
	benchLogs(b, func(b *testing.B, path string, _ logs.Truth) {
		for b.Loop() {
			if status := run([]string{"scan", "--format=json", path}, &program{stdout: io.Discard, stderr: io.Discard}); status != exitFine {
				b.Fatalf("exit status %d", status)
			}
		}
	})
}

// BenchmarkScanCores is scan of one large file and of two. Compare a run with -cpu 1 and one with -cpu 2: within one run the first one would use
// all cores.
func BenchmarkScanCores(b *testing.B) {
	var files []string
	for seed := range uint64(2) {
		path := filepath.Join(b.TempDir(), "app.log")
		file, err := os.Create(path)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := logs.Write(file, logs.Options{Shape: logs.Mixed, Percent: 1, Bytes: 4 * benchBytes, Seed: seed + 1}); err != nil {
			b.Fatal(err)
		}
		if err := file.Close(); err != nil {
			b.Fatal(err)
		}
		files = append(files, path)
	}
	for n := 1; n <= len(files); n++ {
		b.Run(fmt.Sprintf("files=%d", n), func(b *testing.B) {
			b.SetBytes(int64(n) * 4 * benchBytes)
			b.ReportAllocs()
			for b.Loop() {
				if status := run(append([]string{"scan", "--format=json"}, files[:n]...), &program{stdout: io.Discard, stderr: io.Discard}); status != exitFine {
					b.Fatalf("exit status %d", status)
				}
			}
		})
	}
}

// BenchmarkCatchUp is what serve does with a log that is there when it starts.
func BenchmarkCatchUp(b *testing.B) {
	benchLogs(b, func(b *testing.B, path string, truth logs.Truth) {
		for b.Loop() {
			cfg := sourcesFor(b, map[string]string{"app": path})
			pipe, err := newPipeline(cfg, saved{}, promslog.NewNopLogger())
			if err != nil {
				b.Fatal(err)
			}
			stop := tails(b, pipe)
			for <-pipe.tailer.Ready(); pipe.status()[0].LagBytes > 0; {
				time.Sleep(time.Millisecond)
			}
			b.StopTimer() // following, which begins now, takes a moment to end
			if err := pipe.tailer.ReadToEnd(context.Background()); err != nil {
				b.Fatal(err)
			}
			stop()
			counts := map[string]int64{}
			for _, s := range pipe.table.Snapshot().Sources[0].Series {
				counts[s.Code] += int64(s.Total)
			}
			if !maps.Equal(counts, truth.Codes) {
				b.Fatalf("counts are %v, the truth is %v", counts, truth.Codes)
			}
			b.StartTimer()
		}
	})
}

// BenchmarkDurableScrape is a scrape of sources whose counts have changed: a checkpoint is written before the answer. Every listed code has its series in
// each source; one code has happened there, or all.
func BenchmarkDurableScrape(b *testing.B) {
	cat, err := catalog.Load()
	if err != nil {
		b.Fatal(err)
	}
	every := ""
	for _, code := range cat.Codes() {
		every += "2026-03-02 07:00:00 ERROR " + code.Name + " request_id=8f2c1d5e9a7b4c3d8e6f0a1b2c3d4e5f\n"
	}
	const one = "2026-03-02 07:00:00 ERROR IS.4006 The account is frozen.\n"
	for _, n := range []int{1, 200} {
		b.Run(fmt.Sprintf("sources=%d", n), func(b *testing.B) { benchScrape(b, n, one) })
		b.Run(fmt.Sprintf("sources=%d/every-code", n), func(b *testing.B) { benchScrape(b, n, every) })
	}
}

func benchScrape(b *testing.B, sources int, log string) {
	b.Helper()
	folder := b.TempDir()
	files := map[string]string{}
	for i := range sources {
		name := fmt.Sprintf("source-%03d", i)
		files[name] = filepath.Join(folder, name+".log")
		if err := os.WriteFile(files[name], []byte(log), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	pipe, err := newPipeline(sourcesFor(b, files), saved{}, promslog.NewNopLogger())
	if err != nil {
		b.Fatal(err)
	}
	store, err := openCheckpoint(filepath.Join(folder, "checkpoint.json"), promslog.NewNopLogger())
	if err != nil || store == nil {
		b.Fatalf("no checkpoint: %v", err)
	}
	keeper := newDurability(store, pipe, false, promslog.NewNopLogger())
	defer keeper.close()
	defer tails(b, pipe)()
	<-pipe.tailer.Ready()
	handler := pipe.table.Handler(metrics.HandlerOptions{Cut: keeper.forScrape})
	r, err := http.NewRequest(http.MethodGet, "/metrics", http.NoBody)
	if err != nil {
		b.Fatal(err)
	}
	r.Header = asScrape
	b.ReportAllocs()
	for b.Loop() {
		for name := range files {
			pipe.table.Source(name).AddLines(1)
		}
		handler.ServeHTTP(nobody{}, r)
	}
}

// sourcesFor makes a source of each file, read from the beginning.
func sourcesFor(b *testing.B, files map[string]string) *config.Config {
	b.Helper()
	cfg := config.Default()
	for name, path := range files {
		if err := cfg.AddSource(config.Source{Name: name, Paths: []string{path}, StartAt: tailer.Beginning.String()}); err != nil {
			b.Fatal(err)
		}
	}
	return cfg
}

// tails lets the tailer run until the function that it returns is called.
func tails(b *testing.B, pipe *pipeline) (stop func()) {
	b.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- pipe.tailer.Run(ctx) }()
	return func() {
		b.Helper()
		cancel()
		if err := <-ended; err != nil {
			b.Fatal(err)
		}
	}
}

// nobody reads an answer.
type nobody struct{}

func (nobody) Header() http.Header         { return http.Header{} }
func (nobody) Write(p []byte) (int, error) { return len(p), nil }
func (nobody) WriteHeader(int)             {}
