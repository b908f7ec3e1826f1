package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// appLog is the log of an application. It keeps book of what a reader has to find in it.
type appLog struct {
	*testing.T
	path  string
	file  *os.File
	lines int            // whole ones
	codes map[string]int // events
	n     int            // calls of event
}

// newAppLog returns a log that is to be in a new folder; create makes it.
func newAppLog(t *testing.T) *appLog {
	l := &appLog{T: t, path: filepath.Join(t.TempDir(), "app.log"), codes: map[string]int{}}
	t.Cleanup(func() { _ = l.file.Close() }) // nil is fine
	return l
}

// create makes the file and writes to it from now on; the one before stays as it is.
func (l *appLog) create() {
	l.Helper()
	_ = l.file.Close() // nil at first
	var err error
	l.file, err = os.OpenFile(l.path, os.O_CREATE|os.O_EXCL|os.O_APPEND|os.O_WRONLY, 0o644)
	l.must(err)
}

// moveAway gives the file another name. Who writes it goes on writing it.
func (l *appLog) moveAway(suffix string) {
	l.Helper()
	l.must(os.Rename(l.path, l.path+suffix))
}

func (l *appLog) remove() {
	l.Helper()
	l.must(os.Remove(l.path))
}

func (l *appLog) truncate() {
	l.Helper()
	l.must(os.Truncate(l.path, 0))
}

func (l *appLog) must(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

// write appends anything, in which no code is counted.
func (l *appLog) write(text string) {
	l.Helper()
	_, err := l.file.WriteString(text)
	l.must(err)
	l.lines += strings.Count(text, "\n")
}

// events appends events that name the code, each in another shape and behind a line that only looks as if it named one.
func (l *appLog) events(code string, n int) {
	l.Helper()
	var text strings.Builder
	for range n {
		l.n++
		// First, since the first line of a file decides its format, and that of the CRI would end events of several lines.
		fmt.Fprintf(&text, "2026-11-23 20:49:58.123 INFO  [worker-1] uploaded v1.%s.png as THIS.4006, IS.40067 and shoe-%d\n", code, l.n)
		text.WriteString(l.shape(code, fmt.Sprintf("req-%06d", l.n)))
	}
	l.write(text.String())
	l.codes[code] += n
}

// shape is one event that names a code, in one of the ways in which programs print it.
func (l *appLog) shape(code, id string) string {
	const at = "2026-11-23 20:49:58.123"
	switch l.n % 9 {
	case 0:
		return fmt.Sprintf("%s ERROR search failed: %s request_id=%s\n", at, code, id)
	case 1:
		return fmt.Sprintf(`{"level":"error","error_code":%q,"error_msg":"no such instance","request_id":%q}`+"\n", code, id)
	case 2:
		return fmt.Sprintf(`{"level":"error","body":"{\"error_code\":\"%s\",\"error_msg\":\"see %s\",\"request_id\":\"%s\"}"}`+"\n", code, code, id)
	case 3:
		return fmt.Sprintf("%s - ERROR - ClientRequestException - {status_code:400,request_id:%s,error_code:%s,error_msg:x}\n", at, id, code)
	case 4:
		return fmt.Sprintf("%s ERROR [worker-1] search failed: %s\ncom.huaweicloud.sdk.core.exception.ClientRequestException: %s bad\n"+
			"\tat com.example.search.Client.call(Client.java:71)\nCaused by: java.io.IOException: %s\n\t... 3 more\n", at, code, code, code)
	case 5:
		return fmt.Sprintf("%s ERROR answer of the service:\n{\n  \"error_code\": %q,\n  \"request_id\": %q\n}\n", at, code, id)
	case 6:
		return fmt.Sprintf("%s \x1b[31mERROR\x1b[0m 调用失败，错误码%s，request_id=%s\n", at, code, id)
	case 7:
		return fmt.Sprintf("{'error_code': '%s', 'request_id': '%s'}\r\n", code, id)
	default:
		return fmt.Sprintf("2026-11-23T20:49:58.123456789Z stderr F call failed: %s\n", code)
	}
}

// isCounted waits until all that was written is counted, and checks that it is counted once. The last line of the file
// that is there now proves that nothing more is to come of it.
func (x *exporter) isCounted(l *appLog) {
	x.Helper()
	l.events(lastWords, 1)
	var m exposed
	x.until("everything is read", func() bool {
		m = x.metrics(nil)
		for code, n := range l.codes {
			if m.sum(errorsTotal, "code", code) < float64(n) {
				return false
			}
		}
		return m.sum("errcode_exporter_lines_total") >= float64(l.lines) && m.sum("errcode_exporter_source_lag_bytes") == 0
	})
	for code, n := range l.codes {
		if got := m.sum(errorsTotal, "code", code); got != float64(n) {
			x.Errorf("%s was counted %v times, want %d", code, got, n)
		}
	}
	if got := m.sum("errcode_exporter_lines_total"); got != float64(l.lines) {
		x.Errorf("%v lines were read, want %d", got, l.lines)
	}
	if all := m.sum(errorsTotal); all != float64(sumOf(l.codes)) {
		x.Errorf("%v events were counted, want %d", all, sumOf(l.codes))
	}
}

// lastWords is a code that nothing else is written with.
const lastWords = "IS.0002"

func sumOf(counts map[string]int) int {
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return sum
}
