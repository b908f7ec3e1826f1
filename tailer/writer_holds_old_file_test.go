package tailer

import "testing"

// What a program writes to the file that it still has open, long after the name belongs to another, is read.
func TestWriterHoldsOldFile(t *testing.T) {
	f := func(name, pattern string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			r := newRig(t, pattern)
			old := r.create("app.log")
			r.write(old, r.recordsOf(20))
			r.awaitAll()
			r.rename("app.log", "app.log.1")
			r.await("the old file is draining", func() bool {
				for _, f := range r.tailer.Files() {
					if f.Phase == Draining {
						return true
					}
				}
				return false
			})
			for range 4 {
				r.append("app.log", r.recordsOf(10))
				r.write(old, r.recordsOf(10))
				r.awaitAll()
			}
			if r.read(func(c *reading) bool { return c.ended }, 0) {
				t.Error("the old file was ended while it was open for writing")
			}
			last := r.record()
			r.write(old, last[:len(last)-1])
			r.must(old.Close())
			r.await("the old file is over", func() bool { return r.read(func(c *reading) bool { return c.ended }, 0) })
			r.await("and closed", func() bool { return len(r.tailer.Files()) == 1 })
			// Somebody opens it once more.
			r.append("app.log.1", "\n"+r.recordsOf(3))
			r.await("it is read on", func() bool { return r.linesDelivered() == r.seq+1 })
			gens := r.generations()
			if got := gens[len(gens)-1]; got.file.ID != gens[0].file.ID || got.file.Offset == 0 || got.lines[0] != "" {
				t.Errorf("went on with %+v, first line %q", got.file, got.lines[0])
			}
			r.mu.Lock()
			gens[len(gens)-1].lines = gens[len(gens)-1].lines[1:] // the newline of the line that was already delivered
			r.mu.Unlock()
			r.finish()
		})
	}
	f("the old name does not match", "app.log")
	f("the old name matches too", "app.log*")
}
