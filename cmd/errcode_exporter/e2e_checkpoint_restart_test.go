package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// endings are the ways in which a life ends: in order, and at once.
var endings = []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL}

// eachEnding runs a test with each way of ending a life.
func eachEnding(t *testing.T, f func(t *testing.T, end syscall.Signal)) {
	t.Helper()
	endToEnd(t)
	for _, end := range endings {
		t.Run(end.String(), func(t *testing.T) {
			t.Parallel()
			f(t, end)
		})
	}
}

// TestE2ECheckpointKeepsWhatWasCounted ends a life and looks at the next one: counts, times and what scrapes have seen are
// as they were.
func TestE2ECheckpointKeepsWhatWasCounted(t *testing.T) {
	eachEnding(t, func(t *testing.T, end syscall.Signal) {
		l := newLives(t, t.TempDir())
		l.log.events("IS.4006", 5)
		l.log.events("APIG.0308", 3)
		l.log.events("IS.9876", 2) // is not listed
		l.isExact()
		l.log.events("IS.9875", 1) // is not listed either, and no scrape sees it
		l.isCounted(l.log)
		before := l.metrics(nil)
		l.end(end)

		l.begin(t)
		l.until("it is read again", func() bool { return l.counted("IS.9875") == 1 })
		m := l.shows()
		for code, want := range map[string]float64{"IS.4006": 5, "APIG.0308": 3, "IS.9876": 2, "IS.9875": 0} {
			if got := m.sum(errorsTotal, "code", code); got != want {
				t.Errorf("the first scrape sees %s %v times, want %v", code, got, want)
			}
		}
		if got := l.shows().sum(errorsTotal, "code", "IS.9875"); got != 1 {
			t.Errorf("the second scrape sees the code that is new %v times, want 1", got)
		}
		for _, family := range []string{"huaweicloud_api_error_last_seen_timestamp_seconds", "huaweicloud_api_unlisted_errors_total"} {
			for _, want := range before[family].GetMetric() {
				after := ""
				for _, got := range m[family].GetMetric() {
					if labelsOf(got) == labelsOf(want) {
						after = got.String()
					}
				}
				if family == "huaweicloud_api_error_last_seen_timestamp_seconds" && after != want.String() {
					t.Errorf("%s was %v and is %q", family, want, after)
				}
				if after == "" {
					t.Errorf("%s%s is not there any more", family, labelsOf(want))
				}
			}
		}
		l.log.events("IS.4006", 2)
		l.isExact()
	})
}

// TestE2ECheckpointKeepsOpenEvents ends a life in the middle of an event. It counts once.
func TestE2ECheckpointKeepsOpenEvents(t *testing.T) {
	const at = "2026-11-23 20:49:58.123 "
	eachEnding(t, func(t *testing.T, end syscall.Signal) {
		for name, half := range map[string]struct {
			first, second string
			counted       float64 // when the first half is read
		}{
			"code in both halves":    {at + "ERROR search failed: IS.4006\n", "com.example.ServiceException: IS.4006 bad\n\tat com.example.Main.main(Main.java:7)\nCaused by: IS.4006\n", 1},
			"code in the second":     {at + "ERROR answer:\n{\n", "  \"error_code\": \"IS.4006\"\n}\n", 0},
			"code cut in two":        {at + "ERROR search failed: IS.40", "06 request_id=r1\n  IS.4006 again\n", 0},
			"another in the second":  {at + "ERROR search failed: APIG.0308\n", "Caused by: IS.4006\n\t... 3 more APIG.0308\n", 0},
			"waits for what follows": {at + "ERROR search failed: IS.4006 APIG.0201\n", "  error_msg: Backend timeout.  IS.4006 APIG.0201\n", 1},
		} {
			for _, when := range []string{"down", "up"} {
				t.Run(name+", second half while "+when, func(t *testing.T) {
					l := newLives(t, t.TempDir())
					l.log.write(at + "INFO fine\n" + half.first)
					l.log.codes["IS.4006"]++
					for _, other := range []string{"APIG.0308", "APIG.0201"} {
						if strings.Contains(half.first, other) {
							l.log.codes[other]++
						}
					}
					l.until("the first half is read", func() bool {
						return l.counted("IS.4006") == half.counted && l.metrics(nil).sum("errcode_exporter_lines_total") >= 1
					})
					l.shows()
					l.end(end)
					if when == "down" {
						l.log.write(half.second)
						l.begin(t)
					} else {
						l.begin(t)
						l.until("/-/ready", func() bool { return l.get("/-/ready", nil).status == http.StatusOK })
						l.log.write(half.second)
					}
					l.isExact()
				})
			}
		}
	})
}

// TestE2ECheckpointKeepsContainerRecords ends a life between the parts of records of a container, whose streams take turns.
func TestE2ECheckpointKeepsContainerRecords(t *testing.T) {
	const out, errs = "2026-11-23T20:49:58.123456789Z stdout ", "2026-11-23T20:49:58.123456789Z stderr "
	eachEnding(t, func(t *testing.T, end syscall.Signal) {
		for _, saved := range []bool{true, false} {
			t.Run(fmt.Sprintf("saved %t", saved), func(t *testing.T) {
				l := newLives(t, t.TempDir())
				l.log.write(out + "F fine\n" + out + "P ERROR search failed: IS.40\n" + errs + "F fine\n" + errs + "P ERROR call failed: APIG\n")
				l.log.codes["IS.4006"], l.log.codes["APIG.0308"] = 1, 1
				l.until("the first parts are read", func() bool { return l.metrics(nil).sum("errcode_exporter_lines_total") == 4 })
				if saved {
					l.shows()
				}
				l.end(end)

				l.log.write(errs + "P .03\n")
				l.begin(t)
				l.until("/-/ready", func() bool { return l.get("/-/ready", nil).status == http.StatusOK })
				l.shows()
				l.kill()

				l.begin(t)
				l.log.write(out + "P 06 \n" + errs + "F 08 bad\n" + out + "F IS.4006 again\n" + out + "F fine\n")
				l.isExact()
			})
		}
	})
}

// TestE2ECheckpointValuesNeverGoDown kills the program between scrapes and in the middle of them.
func TestE2ECheckpointValuesNeverGoDown(t *testing.T) {
	endToEnd(t)
	l := newLives(t, t.TempDir())
	for i := range 10 {
		l.log.events("IS.4006", 1+i)
		l.log.events(fmt.Sprintf("IS.98%d0", i), 1) // is not listed
		for range 3 {
			l.shows()
			l.log.events("APIG.0308", 1)
		}
		answered, x := make(chan answer, 1), l.exporter
		go func() {
			defer close(answered)
			if a, err := x.try(http.MethodGet, "/metrics", asScrape); err == nil {
				answered <- a
			}
		}()
		select {
		case <-time.After(rand.N(4 * time.Millisecond)): // the moment of the kill is what is drawn
		case <-l.ended:
		}
		l.kill()
		if a, ok := <-answered; ok {
			l.look(a)
		}
		l.begin(t)
	}
	l.isExact()
}
