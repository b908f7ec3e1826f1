package tailer

import (
	"bytes"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestModel does what programs, rotators and the kernel do, in random order: write, write half a line, rename, compress, copy and
// truncate, delete, write into what was renamed, stop, kill. Whatever is on disk in the end was delivered once.
//
// CHAOS_SEQUENCES asks for more sequences, CHAOS_SEED for a single one; what happens within one depends on time too.
func TestModel(t *testing.T) {
	sequences, first := 12, rand.Uint64N(1<<32)
	if s := os.Getenv("CHAOS_SEQUENCES"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatalf("CHAOS_SEQUENCES: %v", err)
		}
		sequences = n
	}
	if s := os.Getenv("CHAOS_SEED"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatalf("CHAOS_SEED: %v", err)
		}
		sequences, first = 1, n
	}
	for i := range uint64(sequences) {
		t.Run(strconv.FormatUint(first+i, 10), func(t *testing.T) {
			t.Parallel()
			newModel(t, first+i).play()
		})
	}
}

// model is one sequence.
type model struct {
	*rig
	*rand.Rand
	pattern string
	log     *os.File // of the program that writes
	old     *os.File // what another program, that did not notice the rotation, goes on writing; may be nil
	half    string   // what is missing of the last line
	oldHalf string
	saved   *saved
	told    journal
	links   int
	shifts  int    // names that a rotated file may have: .1 to this
	name    string // of the file that is written
	done    []string
}

func newModel(t *testing.T, seed uint64) *model {
	m := &model{rig: prepareRig(t), Rand: rand.New(rand.NewPCG(seed, 0))}
	// A test that is over goes on holding what its clean-ups hold.
	m.Cleanup(func() {
		m.tailer, m.files, m.records, m.mayMiss, m.saved, m.stop = nil, nil, nil, nil, nil, nil
		m.told.Buffer = bytes.Buffer{}
	})
	m.pattern, m.name = []string{"app.log", "app.log*", "link"}[m.IntN(3)], "app.log"
	m.tweak = func(tl *Tailer) { tl.stableFor = 100 * time.Millisecond }
	return m
}

func (m *model) play() {
	steps := []struct {
		weight int
		name   string
		do     func()
	}{
		{30, "write", func() { m.put(m.recordsOf(1 + m.IntN(20))) }},
		{6, "write much", func() { m.put(m.recordsOf(1 + m.IntN(3000))) }},
		{8, "half a line", m.putHalf},
		{6, "rename", m.rotate},
		{6, "compress and rename", func() { m.compress(); m.rotate() }},
		{3, "rename and compress", m.compressEarly},
		{8, "copy and truncate", m.copyTruncate},
		{2, "delete", m.remove},
		{3, "point elsewhere", m.pointElsewhere},
		{4, "late line", m.writeLate},
		{8, "save", m.keep},
		{6, "kill", m.kill},
		{2, "stop", m.pause},
		{15, "moment", func() { time.Sleep(time.Duration(m.IntN(60)) * time.Millisecond) }}, // what the Tailer does meanwhile is what is drawn
		{3, "read all", m.readAll},
	}
	all := 0
	for _, s := range steps {
		all += s.weight
	}
	m.Cleanup(func() {
		if m.Failed() {
			m.report()
			m.stop()
			for _, p := range m.tailer.packs {
				if p.pending() {
					m.Logf("%s %s: %d bytes since %s, listed %v, broken %v, waits for %v and %d of %d that were asked",
						p.id, p.path, p.size, p.since.Format("05.000"), p.listed, p.broken.regular, p.waiting != nil, len(unanswered(p.asked)), len(p.asked))
				}
			}
			m.Logf("%s: %s\n%s", m.pattern, strings.Join(m.done, ", "), m.told.text())
		}
	})
	m.log = m.create(m.name)
	if m.pattern == "link" {
		m.must(os.Symlink(m.name, m.path("link")))
	}
	m.goOn()
	m.keep()
	for range 30 + m.IntN(60) {
		n := m.IntN(all)
		for _, s := range steps {
			if n -= s.weight; n < 0 {
				m.done = append(m.done, s.name)
				fmt.Fprintf(&m.told, "%s # %s, %d lines written\n", time.Now().Format("05.000"), s.name, m.seq)
				s.do()
				break
			}
		}
	}
	m.put(m.recordsOf(3))
	m.readAll()
	m.await("everything is judged", func() bool { return !m.hasUnjudged() })
	m.finish()
}

// unanswered returns those of asked that were not answered.
func unanswered(asked []<-chan struct{}) []<-chan struct{} {
	return slices.DeleteFunc(slices.Clone(asked), func(c <-chan struct{}) bool {
		select {
		case <-c:
			return true
		default:
			return false
		}
	})
}

// put writes text after what is missing of the last line.
func (m *model) put(text string) {
	m.write(m.log, m.half+text)
	m.half = ""
}

func (m *model) putHalf() {
	m.put("")
	line := m.record()
	n := 1 + m.IntN(len(line)-1)
	m.write(m.log, line[:n])
	m.half = line[n:]
}

// rotate renames and goes on in a new file. The old one may be written a little longer.
func (m *model) rotate() {
	m.endLate()
	m.shiftAll()
	m.rename(m.name, m.name+".1")
	m.old, m.oldHalf, m.half = m.log, m.half, ""
	m.log = m.create(m.name)
	if m.IntN(2) == 0 {
		m.endLate()
	}
}

// writeLate writes into what was renamed.
func (m *model) writeLate() {
	if m.old != nil {
		m.write(m.old, m.oldHalf+m.record())
		m.oldHalf = ""
	}
}

// endLate ends the line in what was renamed, and closes it.
func (m *model) endLate() {
	if m.old != nil {
		m.write(m.old, m.oldHalf)
		m.must(m.old.Close())
		m.old, m.oldHalf = nil, ""
	}
}

func (m *model) shiftAll() {
	m.shifts++
	for n := m.shifts; n > 0; n-- {
		for _, end := range []string{"", packedExt} {
			_ = os.Rename(m.path(fmt.Sprintf("%s.%d%s", m.name, n, end)), m.path(fmt.Sprintf("%s.%d%s", m.name, n+1, end))) // it may not be there
		}
	}
}

func (m *model) compress() {
	m.endLate() // or its lines would go nowhere
	if _, err := os.Stat(m.path(m.name + ".1")); err == nil {
		m.pack(m.name + ".1")
	}
}

// compressEarly renames and compresses at once, while the old file is still written. What comes too late for the compressed one
// is nowhere.
func (m *model) compressEarly() {
	m.rotate()
	if m.old != nil {
		m.write(m.old, m.oldHalf)
		m.oldHalf = ""
		m.pack(m.name + ".1")
	}
}

func (m *model) copyTruncate() {
	m.put("")
	m.endLate()
	m.shiftAll()
	m.copy(m.name, m.name+".1")
	m.must(m.log.Truncate(0))
}

func (m *model) remove() {
	m.put("")
	m.must(os.Remove(m.path(m.name)))
	m.must(m.log.Close())
	m.log = m.create(m.name)
}

func (m *model) readAll() {
	m.put("")
	m.endLate()
	m.mayMissWhatIsNowhere()
	m.await("everything that is on disk is delivered", func() bool {
		return m.linesDelivered() >= m.seq-len(m.mayMiss) && m.missing() == 0
	})
}

// missing counts the lines that must be delivered and are not.
func (m *model) missing() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	there := make([]bool, len(m.records))
	for _, c := range m.files {
		m.tick(there, c.lines)
	}
	n := 0
	for seq := range there {
		if !there[seq] && !m.mayMiss[seq] {
			n++
		}
	}
	return n
}

// keep takes a checkpoint, which is not done before the first scan.
func (m *model) keep() {
	<-m.tailer.Scanned()
	m.saved = m.save()
}

// pointElsewhere goes on in a file of another name, where a link leads to what is written.
func (m *model) pointElsewhere() {
	if m.pattern != "link" {
		return
	}
	m.put("")
	m.endLate()
	m.awaitFound()
	m.old = m.log
	m.links++
	m.name = fmt.Sprintf("other%d.log", m.links)
	m.log = m.create(m.name)
	m.must(os.Symlink(m.name, m.path("next")))
	m.rename("next", "link")
	m.awaitFound()
	m.keep()
	if m.IntN(2) == 0 {
		m.endLate()
	}
}

// awaitFound returns when what is written is known. What a link led to only while nobody looked has nothing that leads to it.
func (m *model) awaitFound() {
	st, err := statPath(m.path(m.name))
	m.must(err)
	m.await("the file is found", func() bool {
		for _, p := range m.tailer.Positions() {
			if p.ID == st.id {
				return true
			}
		}
		return false
	})
}

// kill ends the Tailer, of which only what was saved is left.
func (m *model) kill() {
	m.crash(m.saved)
	m.goOn()
}

// pause ends it in order; something may happen before it is started again.
func (m *model) pause() {
	<-m.tailer.Scanned()
	m.saved = m.down()
	for range m.IntN(3) {
		[]func(){func() { m.put(m.recordsOf(10)) }, m.rotate, m.copyTruncate, m.compress}[m.IntN(4)]()
	}
	m.goOn()
}

func (m *model) goOn() {
	m.launch(m.pattern, func(o *Options) {
		o.Logger = slog.New(slog.NewTextHandler(&m.told, &slog.HandlerOptions{Level: slog.LevelDebug}))
		if m.saved != nil {
			o.Resume = m.saved.all(m.rig)
		}
	})
	if m.IntN(3) > 0 {
		m.keep()
	}
}

// journal is what a Tailer logged, and what was done to it.
type journal struct {
	mu sync.Mutex
	bytes.Buffer
}

func (j *journal) text() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.String()
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.Buffer.Write(p)
}
