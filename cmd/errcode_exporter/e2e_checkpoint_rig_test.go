package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
)

// promptly bounds what must not wait for a disk. It takes less than a second, but not on every machine that runs tests.
const promptly = 5 * time.Second

// lives are the lives of a program, one after the other: they share a log, a checkpoint and the folder for temporary files.
type lives struct {
	*exporter // the present one
	log       *appLog
	path      string // of the checkpoint
	tmp       string
	args      []string
	seen      map[string]float64 // the last value of each counter that a scrape has seen
}

// newLives begins the first life, with a log that is empty and a checkpoint in this folder.
func newLives(t *testing.T, folder string, args ...string) *lives {
	t.Helper()
	l := &lives{log: newAppLog(t), path: filepath.Join(folder, "checkpoint.json"), tmp: t.TempDir(), seen: map[string]float64{}}
	l.log.create()
	l.args = append([]string{"serve", l.log.path, "--checkpoint.path=" + l.path, "--web.listen-address=127.0.0.1:0"}, args...)
	l.begin(t)
	l.until("/-/ready", func() bool { return l.get("/-/ready", nil).status == http.StatusOK })
	return l
}

// begin begins a life and waits until it listens.
func (l *lives) begin(t *testing.T) {
	t.Helper()
	built, err := builtProgram()
	if err != nil {
		t.Fatal(err)
	}
	program := append([]string{"TMPDIR=" + l.tmp, fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), built.Fd())}, l.args...)
	p := start(t, needs(t, "env"), program...)
	t.Cleanup(func() {
		for _, bad := range []string{"DATA RACE", "panic:", "fatal error:"} {
			if strings.Contains(p.stderr.String(), bad) {
				t.Errorf("%s: %s", bad, &p.stderr)
			}
		}
	})
	client := &http.Client{Transport: &http.Transport{}, Timeout: patience}
	t.Cleanup(client.CloseIdleConnections)
	l.exporter = &exporter{process: p, client: client}
	l.url = "http://" + l.says(`msg="Listening on" address=(127\.0\.0\.1:\d+)`)
}

// kill ends a life at once.
func (l *lives) kill() {
	l.Helper()
	l.signal(syscall.SIGKILL)
	<-l.ended
}

// end ends a life with a signal that may leave it time.
func (l *lives) end(s syscall.Signal) {
	l.Helper()
	l.signal(s)
	if s == syscall.SIGKILL {
		<-l.ended
		return
	}
	l.exits(exitFine)
}

// scrape asks as Prometheus does. It returns nil for an answer of 503, which shows nothing. No counter about logs may be
// below what a scrape has seen before, in whichever life.
func (l *lives) scrape() exposed {
	l.Helper()
	begun := time.Now()
	a := l.get("/metrics", asScrape)
	if took := time.Since(begun); took > promptly {
		l.Errorf("a scrape took %v", took)
	}
	return l.look(a)
}

func (l *lives) look(a answer) exposed {
	l.Helper()
	switch a.status {
	case http.StatusOK:
	case http.StatusServiceUnavailable:
		return nil
	default:
		l.Fatalf("a scrape is answered %d: %s", a.status, a.body)
	}
	m, now := parseMetrics(l.T, a), map[string]float64{}
	for _, name := range []string{errorsTotal, "huaweicloud_api_unlisted_errors_total", "errcode_exporter_lines_total", "errcode_exporter_read_bytes_total"} {
		for _, series := range m[name].GetMetric() {
			now[name+labelsOf(series)] = series.GetCounter().GetValue()
		}
	}
	for series, before := range l.seen {
		if value, ok := now[series]; !ok || value < before {
			l.Fatalf("%s went down from %v to %v (there: %t)", series, before, value, ok)
		}
	}
	l.seen = now
	return m
}

func labelsOf(series *dto.Metric) string {
	var all []string
	for _, label := range series.GetLabel() {
		all = append(all, fmt.Sprintf("%s=%q", label.GetName(), label.GetValue()))
	}
	slices.Sort(all)
	return "{" + strings.Join(all, ",") + "}"
}

// shows waits for a scrape that is answered, and returns it.
func (l *lives) shows() exposed {
	l.Helper()
	var m exposed
	l.until("a scrape is answered", func() bool { m = l.scrape(); return m != nil })
	return m
}

// isExact waits until everything that was written is counted, once, and seen by scrapes as it is.
func (l *lives) isExact() {
	l.Helper()
	l.shows()
	l.isCounted(l.log)
	for range 2 { // what is new is shown as 0 once
		l.shows()
	}
	m := l.shows()
	for code, n := range l.log.codes {
		if got := m.sum(errorsTotal, "code", code); got != float64(n) {
			l.Errorf("a scrape sees %s %v times, want %d", code, got, n)
		}
	}
}

// isDurable waits until scrapes say whether what they show survives a crash.
func (l *lives) isDurable(want float64) {
	l.Helper()
	l.until(fmt.Sprintf("durable is %v", want), func() bool { return l.shows().sum("errcode_exporter_checkpoint_durable") == want })
}

// isSilentUntilRead checks that a life shows nothing at first, and then not less than before. It must have much to read.
func (l *lives) isSilentUntilRead() {
	l.Helper()
	if l.scrape() != nil {
		l.Error("the first scrape is answered, before the lines are read again that were counted and not saved")
	}
	l.shows()
}

// backlog writes so much that reading it takes longer than a request.
func (l *lives) backlog() {
	l.Helper()
	const lines = 1_000_000
	l.log.write(strings.Repeat("2026-11-23 20:49:58.123 ERROR search failed: ModelArts.4101\n", lines))
	l.log.codes["ModelArts.4101"] += lines
}
