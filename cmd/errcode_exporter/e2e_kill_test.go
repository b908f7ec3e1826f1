package main

import (
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// kills is how often the exporter is killed in each scenario. internal/chaos does it more often, and in more ways.
const kills = 6

// TestE2EKill kills the exporter again and again, at any moment, while a log is written and rotated. Counts stay exact, and a
// Prometheus that scrapes throughout never sees one go down.
func TestE2EKill(t *testing.T) {
	endToEnd(t)
	for name, c := range map[string]struct {
		rotate func(*rotatedLog)
		pieces func(l *rotatedLog, code string) []string
	}{
		"no rotation":              {func(*rotatedLog) {}, (*rotatedLog).appEvent},
		"rename":                   {(*rotatedLog).shift, (*rotatedLog).appEvent},
		"rename and gzip":          {func(l *rotatedLog) { l.compress(); l.shift() }, (*rotatedLog).appEvent},
		"copy and truncate":        {(*rotatedLog).copyTruncate, (*rotatedLog).appEvent},
		"container runtime's log":  {func(*rotatedLog) {}, (*rotatedLog).criEvent},
		"container's log, renamed": {(*rotatedLog).shift, (*rotatedLog).criEvent},
	} {
		t.Run(name, func(t *testing.T) { killAgainAndAgain(t, c.rotate, c.pieces) })
	}
}

func killAgainAndAgain(t *testing.T, rotate func(*rotatedLog), pieces func(*rotatedLog, string) []string) {
	l := newRotatedLog(t)
	l.pieces = pieces
	args := []string{"serve", l.path, "--checkpoint.path=" + filepath.Join(t.TempDir(), "checkpoint.json"), "--web.listen-address=" + freeAddress(t)}
	run := func() *process {
		p := startProgram(t, args...)
		p.says(`msg="Listening on"`)
		return p
	}
	p := run()
	prom := startPrometheus(t, &exporter{process: p, url: "http://" + strings.TrimPrefix(args[3], "--web.listen-address=")})
	series := func(code string) string { return fmt.Sprintf("huaweicloud_api_errors_total{code=%q}", code) }
	prom.until("it has scraped", func() bool { return prom.last(series("IS.4006")) == 0 })

	writing := make(chan struct{})
	wrote := make(chan struct{})
	go func() {
		defer close(wrote)
		for i := 0; ; i++ {
			select {
			case <-writing:
				return
			default:
			}
			l.write()
			if i%40 == 39 {
				rotate(l)
			}
			time.Sleep(5 * time.Millisecond) // the pace of the application, not a wait for anything
		}
	}()
	for range kills {
		alive := time.Duration(100+rand.IntN(700)) * time.Millisecond
		select {
		case <-time.After(alive): // the moment of the kill is what is drawn
		case <-p.ended:
			t.Fatalf("ended by itself: %s", &p.stderr)
		}
		p.signal(syscall.SIGKILL)
		<-p.ended
		p = run()
	}
	close(writing)
	<-wrote
	for code, n := range l.codes {
		prom.isExact(series(code), n)
	}
}

// freeAddress returns a loopback address that nobody listens on, for a program that is started there more than once.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// rotatedLog is an application's log that is rotated by number. It is not for several goroutines at once.
type rotatedLog struct {
	*testing.T
	path  string
	file  *os.File
	n     int
	codes map[string]int
	// pieces are what an event is written in, one write after the other.
	pieces func(l *rotatedLog, code string) []string
}

func newRotatedLog(t *testing.T) *rotatedLog {
	t.Helper()
	l := &rotatedLog{T: t, path: filepath.Join(t.TempDir(), "app.log"), codes: map[string]int{}}
	l.open()
	t.Cleanup(func() { _ = l.file.Close() })
	return l
}

func (l *rotatedLog) open() {
	var err error
	if l.file, err = os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644); err != nil {
		l.Error(err)
	}
}

// write writes a line, every fourth time an event.
func (l *rotatedLog) write() {
	l.n++
	code := []string{"IS.4006", "APIG.0308", "ModelArts.4101"}[l.n/4%3]
	if l.n%4 == 0 {
		l.codes[code]++
	} else {
		code = ""
	}
	pieces := l.pieces(l, code)
	for _, p := range pieces {
		if _, err := io.WriteString(l.file, p); err != nil {
			l.Error(err)
		}
	}
}

// appEvent is an event as applications write it; it may have several lines. Without a code it is a line that is fine.
func (l *rotatedLog) appEvent(code string) []string {
	if code == "" {
		return []string{fmt.Sprintf("2026-11-23 10:00:00 INFO line %d is fine\n", l.n)}
	}
	switch l.n / 4 % 4 {
	case 0:
		return []string{fmt.Sprintf("{\"error_code\":%q,\"request_id\":\"r%d\"}\n", code, l.n)}
	case 1:
		return []string{fmt.Sprintf("ERROR %d %s\n", l.n, code), "com.example.ApiException: " + code + "\n", "\tat com.example.Main(" + code + ")\n"}
	case 2:
		return []string{fmt.Sprintf("ERROR %d answer\n  ", l.n), code[:4], code[4:] + "\n", "  again " + code + "\n"}
	default:
		return []string{"ERROR " + code, fmt.Sprintf(" in line %d\n", l.n)}
	}
}

// criEvent is an event as a container runtime writes it, in parts, with lines of the other stream between. Without
// a code it is a line that is fine.
func (l *rotatedLog) criEvent(code string) []string {
	const out, err = "2026-11-23T10:00:00.123456789Z stdout ", "2026-11-23T10:00:00.123456789Z stderr "
	if code == "" {
		return []string{fmt.Sprintf("%sF line %d is fine\n", out, l.n)}
	}
	cut := l.n / 4 % len(code)
	return []string{
		fmt.Sprintf("%sP ERROR %d %s\n", out, l.n, code[:cut]), err + "F fine\n", out + "F " + code[cut:] + " failed\n",
		err + "P more\n", out + "P   again \n", out + "F " + code + "\n", err + "F of that\n",
	}
}

// shift moves app.log to app.log.1, that to app.log.2 and so on, and goes on in a new app.log.
func (l *rotatedLog) shift() {
	for n := 40; n > 0; n-- {
		for _, end := range []string{"", ".gz"} {
			_ = os.Rename(fmt.Sprintf("%s.%d%s", l.path, n, end), fmt.Sprintf("%s.%d%s", l.path, n+1, end)) // it may not be there
		}
	}
	if err := os.Rename(l.path, l.path+".1"); err != nil {
		l.Error(err)
	}
	_ = l.file.Close()
	l.open()
}

// copyTruncate moves the older ones on, copies app.log to app.log.1 and empties it, while nobody writes.
func (l *rotatedLog) copyTruncate() {
	for n := 40; n > 0; n-- {
		_ = os.Rename(fmt.Sprintf("%s.%d", l.path, n), fmt.Sprintf("%s.%d", l.path, n+1)) // it may not be there
	}
	all, err := os.ReadFile(l.path)
	if err != nil {
		l.Error(err)
		return
	}
	if err := os.WriteFile(l.path+".1", all, 0o644); err != nil {
		l.Error(err)
	}
	if err := l.file.Truncate(0); err != nil {
		l.Error(err)
	}
}

// compress makes app.log.1.gz of app.log.1, as logrotate does with delaycompress.
func (l *rotatedLog) compress() {
	from, err := os.ReadFile(l.path + ".1")
	if err != nil {
		return // not rotated yet
	}
	to, err := os.Create(l.path + ".1.gz")
	if err != nil {
		l.Error(err)
		return
	}
	z := gzip.NewWriter(to)
	if _, err := z.Write(from); err != nil {
		l.Error(err)
	}
	if err := z.Close(); err != nil {
		l.Error(err)
	}
	if err := to.Close(); err != nil {
		l.Error(err)
	}
	if err := os.Remove(l.path + ".1"); err != nil {
		l.Error(err)
	}
}
