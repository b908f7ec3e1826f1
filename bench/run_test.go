package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"errcode_exporter/bench/logs"
)

// newBench builds the programs and gives back a bench with very little to do.
func newBench(t *testing.T) *bench {
	t.Helper()
	if testing.Short() {
		t.Skip("builds programs")
	}
	folder := t.TempDir()
	out, err := exec.Command("go", "build", "-buildvcs=false", "-o", folder, "errcode_exporter/cmd/errcode_exporter", "errcode_exporter/bench/naive", "errcode_exporter/bench/nxadm").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return &bench{
		exporter: filepath.Join(folder, "errcode_exporter"), programs: folder, data: t.TempDir(),
		bytes: 400_000, runs: 1, slowRuns: 1, seconds: 200 * time.Millisecond, samples: 5,
	}
}

// Everything runs once, with small logs: what each program counts is the truth, or there would be an error.
func TestEverythingIsMeasured(t *testing.T) {
	b := newBench(t)
	b.only = "mixed-1,two-files,follow,latency"
	r, err := b.everything("")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"mixed-1", "two-files"} {
		measured := r.find(name)
		if measured == nil {
			t.Fatalf("%s was not measured", name)
		}
		for _, row := range measured.Rows {
			if len(row.Samples) != 1 || row.speed() <= 0 || row.cost() < 0 {
				t.Errorf("%s, %s: %+v", name, row.Name, row)
			}
		}
		if measured.row(scanName) == nil || measured.row(serveName) == nil || measured.row(wcName) == nil || measured.row(grepName) == nil {
			t.Errorf("%s: somebody is missing in %+v", name, measured.Rows)
		}
	}
	if len(r.Following) != 3 || len(r.Latency) != 2 || r.Latency[0].Samples != b.samples {
		t.Errorf("following %+v, latency %+v", r.Following, r.Latency)
	}
	if left, err := os.ReadDir(b.data); err != nil || len(left) > 0 {
		t.Errorf("logs are left behind: %v (%v)", left, err)
	}
	path := filepath.Join(t.TempDir(), "results.json")
	if err := r.save(path); err != nil {
		t.Fatal(err)
	}
	again, err := loadResults(path)
	if err != nil {
		t.Fatal(err)
	}
	var one, two bytes.Buffer
	r.print(&one)
	again.print(&two)
	if one.String() != two.String() {
		t.Errorf("saved results are shown differently:\n%s\n%s", &one, &two)
	}
}

// A program that counts wrongly ends the measurement, whoever it is.
func TestAWrongCountIsAnError(t *testing.T) {
	b := newBench(t)
	b.work = t.TempDir()
	path, truth, err := b.write(logs.Options{Shape: logs.Mixed, Percent: 20, Bytes: b.bytes, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	all, err := b.contenders()
	if err != nil {
		t.Fatal(err)
	}
	// One line more than the truth says, with a code that it has.
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString("2026-03-02 08:00:00 ERROR IS.4006\n"); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	b.patience = time.Second // serve is not believed to get there
	for _, c := range all {
		if _, err := c.run([]string{path}, truth); err == nil {
			t.Errorf("%s: a wrong count went unnoticed", c.name)
		} else {
			t.Logf("%s: %v", c.name, err)
		}
	}
}

func TestProgramsThatFailAreErrors(t *testing.T) {
	f := func(want string, argv ...string) {
		t.Helper()
		if _, err := run(argv); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want one about %q", argv, err, want)
		}
	}
	f("exit status 3", "sh", "-c", "echo gone >&2; exit 3")
	f("gone", "sh", "-c", "echo gone >&2; exit 3")
	f("killed", "sh", "-c", "kill -9 $$")
	f("not found", "no-such-program-here")
}

func TestReadScrapes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "go.txt")
	text := "goos: linux\nBenchmarkScan/mixed-1-2 37 14547833 ns/op\n" +
		"BenchmarkDurableScrape/sources=1-2  \t 217\t   2437121 ns/op\t  352203 B/op\nBenchmarkDurableScrape/sources=1-2  \t 217\t   2637121 ns/op\n" +
		"BenchmarkDurableScrape/sources=200/every-code-2 \t 2\t 349463508 ns/op\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := readScrapes(path)
	if err != nil {
		t.Fatal(err)
	}
	want := []Scrape{{"1", 0.002537121}, {"200/every-code", 0.349463508}}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %v, want %v", got, want)
	}
}
