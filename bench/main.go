// Command bench measures the exporter against wc, grep and its peers on logs whose truth is known, checks every count, and draws the table and
// the picture of docs/performance.md. `make bench` builds what it needs and runs it.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// bench is one run of everything.
type bench struct {
	exporter string // the program under test
	programs string // folder of the others
	data     string // folder for logs
	work     string // folder for everything else, gone in the end
	bytes    int64  // of each log
	runs     int
	slowRuns int
	seconds  time.Duration // that a live process is looked at
	only     string        // names of parts, separated by commas; "" for all
	samples  int           // of the latency
	patience time.Duration // bounds every wait for the exporter; 0: for ten minutes
}

func main() {
	b := &bench{}
	mb := flag.Int("mb", 100, "size of each log in megabytes (millions of bytes)")
	flag.IntVar(&b.runs, "runs", 3, "counted rounds")
	flag.IntVar(&b.slowRuns, "slow-runs", 3, "counted rounds of those that take seconds for 100 MB")
	flag.DurationVar(&b.seconds, "seconds", 10*time.Second, "how long a live process is looked at")
	flag.IntVar(&b.samples, "samples", 200, "how often the time from written to visible is taken")
	flag.StringVar(&b.exporter, "exporter", "bin/errcode_exporter", "the program under test")
	flag.StringVar(&b.programs, "programs", "bin/bench", "folder of naive and nxadm")
	flag.StringVar(&b.data, "data", os.TempDir(), "folder for the logs")
	flag.StringVar(&b.only, "only", "", "parts to run: catchup, follow, latency, idle, nodes, or names of cases; all of them if empty")
	goBench := flag.String("go-bench", "", "output of go test -bench; the scrapes in it are shown as well")
	results := flag.String("results", "", "file for everything that was measured, as JSON")
	render := flag.Bool("render", false, "measure nothing: draw again what -results holds")
	docs := flag.String("docs", "", "folder whose performance.md and performance.svg are rewritten")
	flag.Parse()
	b.bytes = int64(*mb) * 1e6
	if err := b.main(*goBench, *results, *render, *docs); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (b *bench) main(goBench, path string, render bool, docs string) error {
	var r *Results
	var err error
	if render {
		r, err = loadResults(path)
	} else {
		r, err = b.everything(goBench)
		if err == nil && path != "" {
			err = r.save(path)
		}
	}
	if err != nil {
		return err
	}
	r.print(os.Stdout)
	if docs == "" {
		return nil
	}
	return r.document(docs)
}

// wants says whether a part is to be run.
func (b *bench) wants(parts ...string) bool {
	if b.only == "" {
		return true
	}
	for _, part := range parts {
		for word := range strings.SplitSeq(b.only, ",") {
			if word == part {
				return true
			}
		}
	}
	return false
}

// program is one that was built for the benchmark.
func (b *bench) program(name string) string { return filepath.Join(b.programs, name) }

// everything measures what is wanted.
func (b *bench) everything(goBench string) (*Results, error) {
	for _, path := range []string{b.exporter, b.program("naive"), b.program("nxadm")} {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("%w: make bench builds it", err)
		}
	}
	var err error
	if b.work, err = os.MkdirTemp("", "errcode_exporter-bench-"); err != nil {
		return nil, err
	}
	defer func() {
		if err := os.RemoveAll(b.work); err != nil {
			say("%v", err)
		}
	}()
	r := &Results{Machine: thisMachine(), Date: time.Now().UTC().Format(time.DateOnly), Revision: revision(), MB: int(b.bytes / 1e6), Runs: b.runs}
	if goBench != "" {
		if r.Scrapes, err = readScrapes(goBench); err != nil {
			return nil, err
		}
	}
	all, err := b.contenders()
	if err != nil {
		return nil, err
	}
	for _, c := range cases(b.bytes) {
		if !b.wants("catchup", c.name) {
			continue
		}
		say("%s", c.title)
		measured, err := b.measure(c, all)
		if err != nil {
			return nil, err
		}
		r.Cases = append(r.Cases, measured)
	}
	for _, part := range []struct {
		name string
		run  func(*Results) error
	}{{"follow", b.following}, {"latency", b.latency}, {"idle", b.idle}, {"nodes", b.nodes}} {
		if !b.wants(part.name) {
			continue
		}
		say("%s", part.name)
		if err := part.run(r); err != nil {
			return nil, fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return r, nil
}

// say tells a person how far it is.
func say(format string, values ...any) { fmt.Fprintf(os.Stderr, "bench: "+format+"\n", values...) }

func thisMachine() Machine {
	m := Machine{Processor: runtime.GOARCH, Cores: runtime.NumCPU(), System: runtime.GOOS, Go: runtime.Version()}
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				m.Processor = strings.TrimSpace(value)
				break
			}
		}
	}
	if text, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		m.System = "Linux " + strings.TrimSpace(string(text))
	}
	return m
}

// revision is the commit that is measured, or "" where git does not know.
func revision() string {
	out, err := exec.Command("git", "describe", "--always", "--dirty").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
