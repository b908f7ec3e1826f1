package tailer

import (
	"os"
	"testing"
)

// A file is cut in the middle: nothing that is or comes in it is lost. What was kept is delivered again, which is not promised
// otherwise.
func TestTruncateToHalf(t *testing.T) {
	f := func(name string, change func(*Options), phase Phase, within bool) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, "app.log", change)
			log := r.create("app.log")
			kept := r.recordsOf(40)
			r.write(log, kept)
			r.write(log, r.recordsOf(40))
			r.awaitAll()
			r.awaitPhase("app.log", phase)
			size := int64(len(kept))
			if within {
				size -= 5 // so that the first line that follows continues what is left of this one
			}
			r.must(os.Truncate(r.path("app.log"), size))
			r.await("the truncation is seen", func() bool { return r.counted("rotation truncate") == 1 })
			if within {
				r.write(log, kept[size:])
			}
			r.write(log, r.recordsOf(30))
			r.await("the kept part and the new lines are delivered", func() bool { return r.linesDelivered() == r.seq+40 })
			r.mu.Lock()
			again := r.files[1]
			for i, line := range again.lines[:40] {
				if line != r.records[i] {
					t.Errorf("line %d of what was kept: got %.80q", i, line)
				}
			}
			again.lines = again.lines[40:]
			r.delivered -= 40
			r.mu.Unlock()
			r.await("what was cut is over", func() bool { return r.ended() == 1 })
			r.finish()
		})
	}
	f("while following", func(*Options) {}, Following, false)
	f("while parked", func(o *Options) { o.ParkAfter = 1 }, Parked, false)
	f("within a line", func(*Options) {}, Following, true)
}
