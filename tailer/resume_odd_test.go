package tailer

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"
)

// Two files begin with the same 4 KiB: neither is taken for the other.
func TestResumeSameBeginning(t *testing.T) {
	for _, pattern := range []string{"app.log", "app.log*"} {
		t.Run(pattern, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, pattern)
			banner := strings.Repeat("# one of many lines of a banner\n", 128)
			banners := 0
			text := func(n int) string { banners += 128; return banner + r.recordsOf(n) }
			log := r.create("app.log")
			r.write(log, text(50))
			all := func() {
				r.await("all is delivered", func() bool { return r.linesDelivered() == r.seq+banners })
			}
			all()
			s := r.down()
			for range 2 {
				r.shift()
				r.append("app.log", text(50))
			}
			r.up(pattern, s)
			all()
			// And while it runs, by copying too.
			r.shift()
			r.append("app.log", text(50))
			all()
			r.shiftCopies()
			r.copy("app.log", "app.log.1")
			r.must(os.Truncate(r.path("app.log"), 0))
			r.await("the truncation is seen", func() bool { return r.counted("rotation truncate") == 1 })
			r.append("app.log", text(50))
			all()
			r.await("everything is judged", func() bool { return !r.hasUnjudged() })
			r.await("all is delivered", func() bool { return r.linesDelivered() == r.seq+banners })
			r.mu.Lock()
			for _, c := range r.files {
				kept := c.lines[:0]
				for _, line := range c.lines {
					if !strings.HasPrefix(line, "#") {
						kept = append(kept, line)
					}
				}
				c.lines = kept
			}
			r.mu.Unlock()
			r.stop()
			r.verify()
		})
	}
}

func (r *rig) hasUnjudged() bool {
	for _, p := range r.tailer.Positions() {
		if p.Unjudged {
			return true
		}
	}
	return false
}

// A file is gone that was not read to its end: the others go on, and its consumer is told.
func TestResumeFileIsGone(t *testing.T) {
	r := newRig(t, "*.log")
	r.append("a.log", r.recordsOf(10))
	r.append("b.log", r.recordsOf(10))
	r.awaitAll()
	s := r.down()
	r.must(os.Remove(r.path("a.log")))
	r.append("b.log", r.recordsOf(10))
	r.up("*.log", s)
	r.awaitAll()
	r.await("the consumer is told", func() bool {
		for _, c := range r.generations() {
			if c.file.Path == r.path("a.log") && c.file.State != nil && r.read(func(*reading) bool { return c.ended }, 0) {
				return true
			}
		}
		return false
	})
	r.append("a.log", r.recordsOf(10))
	r.finish()
}

// What a consumer was in the midst of survives, also when it is saved again before anything was read.
func TestResumeKeepsState(t *testing.T) {
	r := newRig(t, "app.log")
	r.append("app.log", r.recordsOf(10))
	r.awaitAll()
	s := r.down()
	all := s.all(r)
	if len(all) != 1 || string(all[0].State) != "10" {
		t.Fatalf("saved %+v", all)
	}
	tl, err := New(Options{
		Sources: []Source{{Name: "app", Paths: []string{r.path("app.log")}}}, Open: func(File) Consumer { return nil }, Resume: all,
	})
	r.must(err)
	// As the supervisor does before any goroutine of a file has begun.
	sv := newSupervisor(t.Context(), tl)
	defer sv.watch.close()
	sv.initial = true
	f := sv.newFile(tl.sets[0], all[0].Home, all[0].Base, all[0].Path, -1, stat{id: all[0].ID})
	f.state = all[0].State
	tl.files[f.id] = f
	if again := tl.Positions(); len(again) != 1 || string(again[0].State) != "10" {
		t.Errorf("saved again: %+v", again)
	}
	r.up("app.log", s)
	r.append("app.log", r.recordsOf(10))
	r.awaitAll()
	r.await("the state was handed over", func() bool {
		g := r.generations()
		return len(g) == 2 && string(g[1].file.State) == "10" && g[1].file.Offset > 0
	})
	r.finish()
	r.checkStates()
}

// A file cannot be opened at the start: its position is kept, also across another restart.
func TestResumeUnreadable(t *testing.T) {
	r := newRig(t, "app.log")
	r.append("app.log", r.recordsOf(10))
	r.awaitAll()
	s := r.down()
	r.append("app.log", r.recordsOf(10))
	for range 2 {
		r.tweak = func(tl *Tailer) {
			tl.openFile = func(path string) (int, stat, error) {
				return -1, stat{}, &os.PathError{Op: "open", Path: path, Err: os.ErrPermission}
			}
		}
		r.up("app.log", s)
		s = r.down()
	}
	r.tweak = func(*Tailer) {}
	r.up("app.log", s)
	r.finish()
	if r.counted("error open") == 0 {
		t.Error("no failure was counted")
	}
}

// The same device has another number after a reboot.
func TestResumeOnRenumberedDevice(t *testing.T) {
	r := newRig(t, "app.log")
	r.append("app.log", r.recordsOf(10))
	r.awaitAll()
	s := r.down()
	all := s.all(r)
	if all[0].ID.Born == 0 {
		t.Skip("no birth times here")
	}
	all[0].ID.Dev++
	s.positions, _ = json.Marshal(all)
	r.rename("app.log", "app.log.1")
	r.append("app.log.1", r.recordsOf(10))
	r.append("app.log", r.recordsOf(10))
	r.up("app.log", s)
	r.awaitAll()
	r.finish()
}

// An inode is used again, without a birth time to tell.
func TestResumeReusedInode(t *testing.T) {
	r := newRig(t, "app.log")
	r.append("app.log", r.recordsOf(30))
	r.awaitAll()
	s := r.down()
	r.must(os.Remove(r.path("app.log")))
	r.append("app.log", r.recordsOf(90))
	st, err := statPath(r.path("app.log"))
	r.must(err)
	all := s.all(r)
	all[0].ID = st.id
	s.positions, err = json.Marshal(all)
	r.must(err)
	r.up("app.log", s)
	r.awaitAll()
	r.finish()
	if r.counted("rotation truncate") != 1 {
		t.Error("the other content was not noticed")
	}
}

// Positions are bounded in size, whatever the size of the file.
func TestMarksAreFew(t *testing.T) {
	var tr trail
	block := []byte(strings.Repeat("0123456789abcde\n", 1<<10))
	for i := range 1 << 16 {
		tr.add(block[:64*(1+i%256)])
	}
	if len(tr.marks) > markLimit {
		t.Errorf("%d marks", len(tr.marks))
	}
	last := int64(0)
	for _, m := range append(tr.marks, Mark{End: tr.offset}) {
		if far := tr.offset - last; m.End <= last || last > markBytes && m.End-last > far*3/4+2*markSpread {
			t.Errorf("mark at %d after %d of %d", m.End, last, tr.offset)
		}
		last = m.End
	}
}

// A killed Tailer's copy is not read twice.
func TestResumeAfterCopyTruncate(t *testing.T) {
	for _, pattern := range []string{"app.log", "app.log*"} {
		t.Run(pattern, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, pattern)
			log := r.create("app.log")
			for i := range 4 {
				r.write(log, r.recordsOf(50))
				r.awaitAll()
				s := r.save()
				r.write(log, r.recordsOf(50))
				r.shiftCopies()
				r.copy("app.log", "app.log.1")
				r.must(log.Truncate(0))
				if i%2 == 0 {
					r.await("the truncation is seen", func() bool { return r.counted("rotation truncate") > int64(i) })
					s = r.save() // the copy is not judged yet
				}
				r.crash(s)
				r.up(pattern, s)
				r.awaitAll()
				r.await("everything is judged", func() bool { return !r.hasUnjudged() })
			}
			r.write(log, r.recordsOf(50))
			r.finish()
		})
	}
}

// Stopping while something is held for judgement gives everything back.
func TestStopWhileJudging(t *testing.T) {
	before := descriptors(t)
	r := prepareRig(t)
	r.tweak = func(tl *Tailer) { tl.stableFor = time.Hour }
	r.start("app.log")
	r.append("app.log", r.recordsOf(10))
	r.awaitAll()
	r.copy("app.log", "app.log.1")
	r.await("it is held", r.hasUnjudged)
	r.finish()
	if after := descriptors(t); after > before {
		t.Errorf("%d descriptors, %d before", after, before)
	}
}
