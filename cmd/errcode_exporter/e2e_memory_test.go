package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// memoryBound is what the program may occupy at its peak, whatever it is given to read.
const memoryBound = 64 << 20

// leanProgram is the program without the race detector, which multiplies what is occupied.
var leanProgram = sync.OnceValues(func() (*os.File, error) { return buildProgram() })

// giants are ways in which a log gets something very long. Each leaves the log at a line's beginning.
var giants = map[string]func(l *appLog, size int){
	"a line in one write": func(l *appLog, size int) {
		l.write(strings.Repeat("x", size) + "\n")
	},
	"a line in pieces": func(l *appLog, size int) {
		piece := strings.Repeat("x", 64<<10)
		for range size / len(piece) {
			l.write(piece)
		}
		l.write("\n")
	},
	"a hole": func(l *appLog, size int) {
		st, err := l.file.Stat()
		l.must(err)
		l.must(l.file.Truncate(st.Size() + int64(size)))
	},
}

// TestE2EMemory gives the program what is very long, between lines that count, and looks at the most memory that it occupied.
func TestE2EMemory(t *testing.T) {
	endToEnd(t)
	size, rounds := 40<<20, 1
	if os.Getenv("CHAOS") != "" {
		size, rounds = 200<<20, 5
	}
	for what, grow := range giants {
		t.Run(what+" that is there", func(t *testing.T) {
			log := newAppLog(t)
			log.create()
			kept := "--checkpoint.path=" + filepath.Join(t.TempDir(), "checkpoint.json")
			x := serveLean(t, log.path, kept)
			log.events("IS.4006", 20)
			x.isCounted(log)
			x.signal(os.Interrupt)
			x.exits(0)
			log.events("IS.4006", 20)
			grow(log, size)
			log.events("IS.4006", 20)
			x = serveLean(t, log.path, kept)
			x.isCounted(log)
			x.occupiesLittle()
		})
		t.Run(what+" that comes", func(t *testing.T) {
			log := newAppLog(t)
			log.create()
			x := serveLean(t, log.path, "--checkpoint.path="+filepath.Join(t.TempDir(), "checkpoint.json"))
			for range rounds {
				log.events("IS.4006", 20)
				x.isCounted(log)
				x.until("the log is followed", func() bool { return x.opened(log.path) == 2 })
				time.Sleep(rand.N(50 * time.Millisecond)) // to meet every moment between two looks at the file
				grow(log, size)
				log.events("IS.4006", 20)
				x.isCounted(log)
				t.Logf("at most %d MiB so far", x.peak()>>20)
			}
			x.occupiesLittle()
		})
	}
}

// serveLean is serve with the program that has no race detector.
func serveLean(t *testing.T, args ...string) *exporter {
	t.Helper()
	built, err := leanProgram()
	if err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), built.Fd())
	return reach(start(t, path, append([]string{"serve", "--web.listen-address=127.0.0.1:0"}, args...)...), nil)
}

// opened is how often the program has the file open.
func (x *exporter) opened(path string) int {
	x.Helper()
	dir := fmt.Sprintf("/proc/%d/fd", x.cmd.Process.Pid)
	all, err := os.ReadDir(dir)
	if err != nil {
		x.Fatal(err)
	}
	n := 0
	for _, fd := range all {
		if to, err := os.Readlink(filepath.Join(dir, fd.Name())); err == nil && to == path {
			n++
		}
	}
	return n
}

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peak is how many bytes the program occupied at most so far.
func (x *exporter) peak() int {
	x.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", x.cmd.Process.Pid))
	if err != nil {
		x.Fatal(err)
	}
	kib, err := strconv.Atoi(string(bytes.TrimSpace(highWater.FindSubmatch(status)[1])))
	if err != nil {
		x.Fatal(err)
	}
	return kib << 10
}

func (x *exporter) occupiesLittle() {
	x.Helper()
	if got := x.peak(); got > memoryBound {
		x.Errorf("%d MiB were occupied at the peak, want at most %d", got>>20, memoryBound>>20)
	}
}
