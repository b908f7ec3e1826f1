package tailer

import (
	"context"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// rig runs a Tailer over a temporary folder and holds what it delivers against what was written.
type rig struct {
	*testing.T
	dir    string
	tailer *Tailer
	tweak  func(*Tailer) // before it runs
	stop   func()        // stops the Tailer and waits until Run has returned
	news   chan struct{}

	mu        sync.Mutex
	files     []*reading
	counts    map[string]int64 // of Observer
	delivered int              // lines

	seq     int          // lines written by record
	records []string     // as written, without newline
	mayMiss map[int]bool // which of them are not on disk any more
}

// reading is the Consumer of one generation.
type reading struct {
	rig    *rig
	file   File
	base   int // lines before, by the state it was opened with
	blocks []Block
	lines  []string
	idles  int
	ended  bool
}

// deadline bounds every wait for an event. It is reached only by a failure.
const deadline = 20 * time.Second

// newRig starts a Tailer on pattern (relative to a new folder), begun at the beginning of what is there.
func newRig(t *testing.T, pattern string, change ...func(*Options)) *rig {
	t.Helper()
	r := prepareRig(t)
	r.start(pattern, change...)
	return r
}

// prepareRig returns a rig whose Tailer is not started, to write into its folder first.
func prepareRig(t *testing.T) *rig {
	t.Helper()
	return &rig{T: t, dir: t.TempDir(), counts: make(map[string]int64), mayMiss: make(map[int]bool), news: make(chan struct{}, 1), tweak: func(*Tailer) {}, stop: func() {}}
}

func (r *rig) start(pattern string, change ...func(*Options)) {
	r.Helper()
	r.launch(pattern, change...)
	select {
	case <-r.tailer.Ready():
	case <-time.After(deadline):
		r.Fatal("the Tailer is not ready")
	}
}

// launch starts a Tailer and waits for nothing.
func (r *rig) launch(pattern string, change ...func(*Options)) {
	r.Helper()
	o := Options{
		Sources:  []Source{{Name: "app", Paths: []string{r.path(pattern)}, StartAt: Beginning}},
		Open:     r.open,
		Observer: r,
		// Only the directory watch may be what finds things in time, unless a test says otherwise.
		Rescan:    time.Hour,
		IdleAfter: 50 * time.Millisecond,
	}
	for _, f := range change {
		f(&o)
	}
	var err error
	if r.tailer, err = New(o); err != nil {
		r.Fatal(err)
	}
	r.tailer.stableFor = 200 * time.Millisecond
	r.tweak(r.tailer)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.tailer.Run(ctx) }()
	r.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			r.Error(err)
		}
	})
	r.Cleanup(func() { r.stop() })
}

func (r *rig) path(name string) string { return filepath.Join(r.dir, name) }

// open implements Options.Open.
func (r *rig) open(f File) Consumer {
	c := &reading{rig: r, file: f}
	c.base, _ = strconv.Atoi(string(f.State))
	r.mu.Lock()
	r.files = append(r.files, c)
	r.mu.Unlock()
	r.tell()
	return c
}

func (c *reading) Consume(b Block) {
	b.Data = append([]byte(nil), b.Data...)
	c.rig.mu.Lock()
	c.blocks = append(c.blocks, b)
	for line := range strings.SplitSeq(strings.TrimSuffix(string(b.Data), "\n"), "\n") {
		c.lines = append(c.lines, line)
		c.rig.delivered++
	}
	c.rig.mu.Unlock()
	c.rig.tell()
}

func (c *reading) Idle() {
	c.rig.mu.Lock()
	c.idles++
	c.rig.mu.Unlock()
	c.rig.tell()
}

func (c *reading) End() {
	c.rig.mu.Lock()
	c.ended = true
	c.rig.mu.Unlock()
	c.rig.tell()
}

func (c *reading) State() ([]byte, error) {
	c.rig.mu.Lock()
	defer c.rig.mu.Unlock()
	return []byte(strconv.Itoa(c.base + len(c.lines))), nil
}

func (r *rig) count(key string, n int64) {
	r.mu.Lock()
	r.counts[key] += n
	r.mu.Unlock()
	r.tell()
}

func (r *rig) SourceError(_, reason string)               { r.count("error "+reason, 1) }
func (r *rig) Rotation(_, kind string)                    { r.count("rotation "+kind, 1) }
func (r *rig) LostBytes(_ string, reason string, n int64) { r.count("lost "+reason, n) }
func (r *rig) counted(key string) int64                   { r.mu.Lock(); defer r.mu.Unlock(); return r.counts[key] }

func (r *rig) linesDelivered() int { r.mu.Lock(); defer r.mu.Unlock(); return r.delivered }

func (r *rig) generations() []*reading {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]*reading(nil), r.files...)
}

func (r *rig) read(f func(c *reading) bool, i int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return i < len(r.files) && f(r.files[i])
}

// tell wakes await.
func (r *rig) tell() {
	select {
	case r.news <- struct{}{}:
	default:
	}
}

// await returns when is says so. It asks after everything the Tailer does, and, for what raises no call (a phase),
// also every few milliseconds.
func (r *rig) await(what string, is func() bool) {
	r.Helper()
	late := time.After(deadline)
	tick := time.NewTicker(3 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-r.news:
		case <-tick.C:
		case <-late:
			r.report()
			r.Fatalf("waited in vain until %s", what)
		}
	}
}

// awaitAll returns when as many lines were delivered as written by record.
func (r *rig) awaitAll() {
	r.Helper()
	r.await(fmt.Sprintf("%d lines are delivered", r.seq), func() bool { return r.linesDelivered() >= r.seq-len(r.mayMiss) })
}

// awaitGenerations returns when so many generations of files were begun.
func (r *rig) awaitGenerations(n int) {
	r.Helper()
	r.await(fmt.Sprintf("%d generations are begun", n), func() bool { return len(r.generations()) >= n })
}

// awaitPhase returns when the file at path is in that phase.
func (r *rig) awaitPhase(path string, p Phase) {
	r.Helper()
	r.await(path+" is "+p.String(), func() bool { return r.phase(path) == p })
}

// phase is Done for a file that is not read.
func (r *rig) phase(path string) Phase {
	for _, f := range r.tailer.Files() {
		if f.Path == r.path(path) {
			return f.Phase
		}
	}
	return Done
}

// filler is what makes records long.
var filler = strings.Repeat("x", 110)

// record returns the next line: its number, a checksum, and something to fill it.
func (r *rig) record() string {
	body := fmt.Sprintf("%08d %s", r.seq, filler[:20+r.seq%90])
	line := fmt.Sprintf("%08x %s", crc32.ChecksumIEEE([]byte(body)), body)
	r.seq++
	r.records = append(r.records, line)
	return line + "\n"
}

// tick ticks off in there, by their numbers, the records that are whole among lines.
func (r *rig) tick(there []bool, lines []string) {
	const sum = 9 // its digits and a space
	for _, line := range lines {
		if len(line) < sum+8 {
			continue
		}
		if seq, err := strconv.Atoi(line[sum : sum+8]); err == nil && seq >= 0 && seq < len(there) && r.records[seq] == line {
			there[seq] = true
		}
	}
}

func (r *rig) recordsOf(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(r.record())
	}
	return b.String()
}

// create opens a file for appending, as a program would that logs.
func (r *rig) create(name string) *os.File {
	r.Helper()
	f, err := os.OpenFile(r.path(name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	r.must(err)
	r.Cleanup(func() { _ = f.Close() })
	return f
}

func (r *rig) write(f *os.File, text string) {
	r.Helper()
	_, err := f.WriteString(text)
	r.must(err)
}

// append writes text to a file by its name, as a shell does.
func (r *rig) append(name, text string) {
	r.Helper()
	f := r.create(name)
	r.write(f, text)
	r.must(f.Close())
}

func (r *rig) rename(from, to string) { r.Helper(); r.must(os.Rename(r.path(from), r.path(to))) }

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}
