package tailer

import (
	"errors"
	"fmt"
	"io"
	"os"
	"testing"
	"time"
)

// A file is copied and truncated by a program that makes the other one wait: nothing is lost by that.
func TestCopyTruncate(t *testing.T) {
	f := func(pattern, name string, rotate func(r *rig, log *os.File, round int)) {
		t.Run(pattern+" "+name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, pattern)
			log := r.create("app.log")
			for round := range 4 {
				r.write(log, r.recordsOf(50))
				if round%2 == 0 {
					r.awaitAll()
				}
				r.write(log, r.recordsOf(3000))
				rotate(r, log, round)
				r.await("the truncation is seen", func() bool {
					// What was not read at all before it was truncated is known by its copy alone.
					return r.counted("rotation truncate") > int64(round) || r.linesDelivered() == r.seq
				})
				if round%2 == 1 {
					r.awaitAll()
				}
			}
			r.write(log, r.recordsOf(5))
			r.awaitAll()
			r.await("everything is judged", func() bool {
				for _, p := range r.tailer.Positions() {
					if p.Unjudged {
						return false
					}
				}
				return true
			})
			if lost := r.counted("lost truncated"); lost != 0 {
				t.Errorf("%d bytes were counted as lost", lost)
			}
			r.finish()
			if r.Failed() {
				r.report()
			}
		})
	}
	for _, pattern := range []string{"app.log", "app.log*"} {
		f(pattern, "numbered", func(r *rig, log *os.File, _ int) {
			r.shiftCopies()
			r.copy("app.log", "app.log.1")
			r.must(log.Truncate(0))
		})
		f(pattern, "dated", func(r *rig, log *os.File, round int) {
			r.copy("app.log", fmt.Sprintf("app.log-2026112%d", round))
			r.must(log.Truncate(0))
		})
		f(pattern, "slowly", func(r *rig, log *os.File, round int) {
			r.copySlowly("app.log", fmt.Sprintf("app.log.%d", round))
			r.must(log.Truncate(0))
		})
		f(pattern, "copy is shorter", func(r *rig, log *os.File, round int) {
			r.copy("app.log", fmt.Sprintf("app.log.%d", round))
			r.write(log, r.recordsOf(20))
			r.awaitAll() // else they are nowhere
			r.must(log.Truncate(0))
		})
		f(pattern, "copy ends within a line", func(r *rig, log *os.File, round int) {
			name := fmt.Sprintf("app.log.%d", round)
			r.copy("app.log", name)
			last := r.record()
			r.write(log, last)
			r.append(name, last[:len(last)/2])
			r.awaitAll()
			r.must(log.Truncate(0))
		})
		f(pattern, "and larger at once", func(r *rig, log *os.File, round int) {
			r.copy("app.log", fmt.Sprintf("app.log.%d", round))
			r.must(log.Truncate(0))
			r.write(log, r.recordsOf(4000+round))
		})
		f(pattern, "and the copy is compressed", func(r *rig, log *os.File, round int) {
			name := fmt.Sprintf("app.log.%d", round)
			r.awaitAll()
			r.copy("app.log", name)
			r.must(log.Truncate(0))
			r.pack(name)
		})
	}
}

// shiftCopies makes place for a new app.log.1.
func (r *rig) shiftCopies() {
	r.Helper()
	for n := 8; n > 0; n-- {
		if _, err := os.Stat(r.path(rotated(n))); err == nil {
			r.rename(rotated(n), rotated(n+1))
		}
	}
}

// copySlowly copies in pieces, with pauses.
func (r *rig) copySlowly(from, to string) {
	r.Helper()
	in, err := os.Open(r.path(from))
	r.must(err)
	defer in.Close()
	out := r.create(to)
	for {
		_, err := io.CopyN(out, in, 100_000)
		if errors.Is(err, io.EOF) {
			break
		}
		r.must(err)
		time.Sleep(20 * time.Millisecond)
	}
	r.must(out.Close())
}

// A copy that is made for another reason is not read, nor does it disturb.
func TestCopyWithoutTruncation(t *testing.T) {
	for _, pattern := range []string{"app.log", "app.log*"} {
		t.Run(pattern, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, pattern)
			log := r.create("app.log")
			r.write(log, r.recordsOf(500))
			r.awaitAll()
			r.copy("app.log", "app.log.backup")
			for range 5 {
				r.write(log, r.recordsOf(500))
				r.awaitAll()
			}
			r.rename("app.log", "app.log.1")
			r.must(log.Close())
			r.await("it is over", func() bool { return len(r.tailer.Files()) == 0 })
			r.copy("app.log.1", "app.log.2")
			r.append("app.log", r.recordsOf(500))
			r.finish()
		})
	}
}

// While a program writes thousands of lines a second: what is on disk afterwards, in the file or in a copy, is delivered once.
// Lines that were written between copy and truncation are on disk nowhere; some of them may have been read in time.
func TestCopyTruncateUnderLoad(t *testing.T) {
	for _, pattern := range []string{"app.log", "app.log*"} {
		t.Run(pattern, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, pattern)
			log := r.create("app.log")
			stop, rotated := make(chan struct{}), make(chan struct{})
			go func() {
				defer close(rotated)
				for i := range 8 {
					select {
					case <-stop:
						return
					case <-time.After(250 * time.Millisecond):
					}
					text, err := os.ReadFile(r.path("app.log"))
					if err == nil {
						err = os.WriteFile(r.path(fmt.Sprintf("app.log.%d", i)), text, 0o644)
					}
					if err == nil {
						err = os.Truncate(r.path("app.log"), 0)
					}
					if err != nil {
						t.Error(err)
					}
				}
			}()
			tick := time.NewTicker(2 * time.Millisecond)
			defer tick.Stop()
			for range 1200 {
				<-tick.C
				r.write(log, r.recordsOf(20))
			}
			close(stop)
			<-rotated
			r.mayMissWhatIsNowhere()
			r.awaitAll()
			r.await("everything is judged", func() bool {
				for _, p := range r.tailer.Positions() {
					if p.Unjudged {
						return false
					}
				}
				return true
			})
			r.finish()
		})
	}
}

// mayMissWhatIsNowhere reads all files and excuses the lines that are in none.
func (r *rig) mayMissWhatIsNowhere() {
	r.Helper()
	names, err := os.ReadDir(r.dir)
	r.must(err)
	there := make([]bool, len(r.records))
	for _, name := range names {
		r.tick(there, bytesLines(r.content(name.Name())))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for seq := range there {
		if !there[seq] {
			r.mayMiss[seq] = true
		}
	}
	r.Logf("%d of %d lines were destroyed", len(r.mayMiss), r.seq)
}
