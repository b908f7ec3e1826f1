package chaos

import (
	"fmt"
	"hash/crc32"
	"os"
	"strings"
	"testing"
)

// TestEventCutByCopyTruncate copies and empties a log when half of an event, or of a container's record, has been read. The other
// half is in the copy alone.
func TestEventCutByCopyTruncate(t *testing.T) {
	t.Parallel()
	f := func(name string, cri bool, codes map[string]int, half, rest func(s *scene) []string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			s.cri = cri
			s.writes(half(s), codes)
			s.isRead()
			s.x.asleep(func() {
				s.writes(rest(s), nil)
				s.rotate("copytruncate", 0, "-rounds=1").hasRotated()
			})
			s.isExact()
		})
	}
	f("event", false, map[string]int{"IS.4006": 1}, func(*scene) []string {
		return []string{sealed("2026-11-23 10:00:00 ERROR n=1 call failed"), sealed("com.example.ApiException: n=1 IS.4006")}
	}, func(*scene) []string { return []string{sealed("\tat com.example.Main n=1 IS.4006")} })

	record := sealed("2026-11-23 10:00:00 ERROR n=1 call failed: APIG.0308")
	cut := strings.Index(record, "0308")
	const at = "2026-11-23T10:00:00.123456789Z stdout "
	f("record", true, nil, func(*scene) []string { return []string{at + "P " + record[:cut] + "\n"} }, func(s *scene) []string {
		s.wrote.add(tally{Codes: map[string]int{"APIG.0308": 1}})
		return []string{at + "F " + record[cut:]}
	})
}

// TestEventCutByKill kills the exporter when half of an event has been read, and what the event means comes later.
func TestEventCutByKill(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	if heavy() {
		s.prom = startPrometheus(t, s.x)
	}
	s.writes([]string{sealed("2026-11-23 10:00:00 ERROR n=1 the gateway said APIG.0201")}, map[string]int{"APIG.0201": 1})
	s.x.until("the line is read", func() bool { return s.x.counted().Lines == s.wrote.Lines })
	if s.prom != nil {
		s.prom.until("that is scraped", func() bool { return s.prom.increases().Lines == s.wrote.Lines })
	}
	s.x.isKilled(1)
	s.writes([]string{sealed("  n=1 and that: backend timeout, again APIG.0201")}, nil)
	s.isExact()
}

// writes writes lines to the log, as an application that opens it for each.
func (s *scene) writes(lines []string, codes map[string]int) {
	s.Helper()
	file, err := os.OpenFile(s.log, os.O_APPEND|os.O_WRONLY, 0)
	s.must(err)
	for _, line := range lines {
		_, err := file.WriteString(line)
		s.must(err)
	}
	s.must(file.Close())
	s.wrote.add(tally{Lines: len(lines), Codes: codes})
}

// sealed is a line as the writer makes it.
func sealed(text string) string {
	text += " "
	return fmt.Sprintf("%scrc=%08x\n", text, crc32.ChecksumIEEE([]byte(text)))
}
