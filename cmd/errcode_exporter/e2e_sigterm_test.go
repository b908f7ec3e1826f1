package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestE2EEndReadsWhatIsThere ends the program while there is much that it has not read. It reads that, and with
// --shutdown.linger it waits until a scrape has seen it.
func TestE2EEndReadsWhatIsThere(t *testing.T) {
	endToEnd(t)
	f := func(s syscall.Signal, linger string, lingers bool) {
		t.Helper()
		t.Run(s.String()+" "+linger, func(t *testing.T) {
			log := newAppLog(t)
			log.create()
			x := serve(t, log.path, "--shutdown.linger="+linger)
			log.events("IS.4006", 3)
			x.isCounted(log)
			x.metrics(asScrape) // from here on scrapes see the truth

			x.asleep(func() {
				log.events("IS.4006", 2000)
				x.signal(s)
			})
			if lingers {
				x.says("Waiting for one more scrape")
				m := x.metrics(asScrape)
				if got, want := m.sum(errorsTotal, "code", "IS.4006"), float64(log.codes["IS.4006"]); got != want {
					t.Errorf("the last scrape sees %v events, want %v", got, want)
				}
				if got := m.sum("errcode_exporter_lines_total"); got != float64(log.lines) {
					t.Errorf("the last scrape sees %v lines, want %d", got, log.lines)
				}
			}
			x.exits(exitFine)
			if strings.Contains(x.stderr.String(), "level=WARN") {
				t.Errorf("it warns: %s", &x.stderr)
			}
		})
	}
	f(syscall.SIGTERM, "20s", true)
	f(syscall.SIGTERM, "0s", false)
	f(syscall.SIGINT, "20s", true)
	f(syscall.SIGINT, "0s", false)
}

// TestE2EEndCountsWhatWasUndecided ends the program behind an event that was not counted yet, since its next lines may
// say what it means.
func TestE2EEndCountsWhatWasUndecided(t *testing.T) {
	endToEnd(t)
	log := newAppLog(t)
	log.create()
	x := serve(t, log.path, "--shutdown.linger=20s")
	x.metrics(asScrape)
	x.asleep(func() {
		log.write("2026-11-23 20:49:58.123 ERROR search failed: APIG.0201\n")
		x.signal(syscall.SIGTERM)
	})
	x.says("Waiting for one more scrape")
	if got := x.metrics(asScrape).sum(errorsTotal, "code", "APIG.0201"); got != 1 {
		t.Errorf("the last scrape sees %v events, want 1", got)
	}
	x.exits(exitFine)
}

// TestE2EEndShowsWhatNoScrapeHasShown ends the program when a code that is not listed has just come up. The scrape that
// it waits for must see the event, not the 0 with which a new series begins.
func TestE2EEndShowsWhatNoScrapeHasShown(t *testing.T) {
	endToEnd(t)
	log := newAppLog(t)
	log.create()
	x := serve(t, log.path, "--shutdown.linger=20s")
	x.metrics(asScrape)
	log.events("IS.9876", 1)
	x.isCounted(log)
	x.signal(syscall.SIGTERM)
	x.says("Waiting for one more scrape")
	seen := []float64{}
	for {
		a, err := x.try("GET", "/metrics", asScrape)
		if err != nil {
			break // it has ended
		}
		seen = append(seen, parseMetrics(t, a).sum(errorsTotal, "code", "IS.9876"))
	}
	x.exits(exitFine)
	if len(seen) == 0 || seen[0] != 0 || seen[len(seen)-1] != 1 {
		t.Errorf("the last scrapes see %v events, want 0 and then 1", seen)
	}
}

// TestE2EEndIsNotSeenByAnOlderScrape ends the program while a scrape is being answered that began before the end. It does
// not hold the final counts, so the program must go on waiting for one that does.
func TestE2EEndIsNotSeenByAnOlderScrape(t *testing.T) {
	endToEnd(t)
	log := newAppLog(t)
	log.create()
	var config strings.Builder
	fmt.Fprintf(&config, "sources:\n- {name: app, paths: [%q]}\n", log.path)
	for i := range 500 { // more than fits into the buffers of a connection
		fmt.Fprintf(&config, "- {name: none-%d, paths: [/nowhere/%d.log]}\n", i, i)
	}
	file := filepath.Join(t.TempDir(), "many.yml")
	log.must(os.WriteFile(file, []byte(config.String()), 0o600))
	x := serve(t, "--config.file="+file, "--shutdown.linger=20s")
	x.get("/metrics", asScrape)

	slow, err := net.Dial("tcp", strings.TrimPrefix(x.url, "http://"))
	log.must(err)
	defer slow.Close()
	_, err = io.WriteString(slow, "GET /metrics HTTP/1.1\r\nHost: x\r\nX-Prometheus-Scrape-Timeout-Seconds: 50\r\nConnection: close\r\n\r\n")
	log.must(err)
	_, err = io.ReadFull(slow, make([]byte, 1000)) // the answer has begun
	log.must(err)

	log.events("IS.4006", 1)
	x.signal(syscall.SIGTERM)
	x.says("Waiting for one more scrape")
	_, err = io.Copy(io.Discard, slow)
	log.must(err)

	a, err := x.try("GET", "/metrics", asScrape)
	if err != nil {
		t.Fatalf("no scrape has seen the final counts, but the program has ended: %v", err)
	}
	if !strings.Contains(a.body, `code="IS.4006",family="IS",source="app"} 1`+"\n") {
		t.Error("the last scrape does not see the event")
	}
	x.exits(exitFine)
}
