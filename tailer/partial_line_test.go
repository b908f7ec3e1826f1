package tailer

import (
	"os"
	"testing"
)

// A line is delivered when its newline is there, whatever the pieces are that it comes in.
func TestPartialLine(t *testing.T) {
	r := newRig(t, "app.log")
	log := r.create("app.log")
	for i := range 40 {
		whole, torn := r.recordsOf(i%3), r.record()
		cut := 1 + i*len(torn)/41
		r.write(log, whole+torn[:cut])
		before := r.seq - 1
		r.await("the whole lines are delivered and the piece is seen", func() bool {
			f := r.tailer.Files()
			return r.linesDelivered() == before && len(f) == 1 && f[0].Lag == int64(cut)
		})
		r.write(log, torn[cut:])
		r.awaitAll()
	}
	r.finish()
}

// Writes end anywhere but at a line's end.
func TestUnalignedWrites(t *testing.T) {
	r := newRig(t, "app.log")
	log := r.create("app.log")
	text := r.recordsOf(5000)
	for len(text) > 0 {
		n := min(len(text), 4096)
		r.write(log, text[:n])
		text = text[n:]
	}
	r.finish()
}

// A line that is unfinished when the file is renamed is finished there by who has it open, or is delivered once as it
// is when nobody has.
func TestPartialLineAtRename(t *testing.T) {
	r := newRig(t, "app.log")
	log := r.create("app.log")
	torn := r.recordsOf(3) + r.record()
	r.write(log, torn[:len(torn)-30])
	r.await("the whole lines are delivered", func() bool { return r.linesDelivered() == 3 })
	r.rename("app.log", "app.log.1")
	r.append("app.log", r.recordsOf(2))
	r.await("the new file is read", func() bool { return r.linesDelivered() == 5 })
	r.write(log, torn[len(torn)-30:])
	last := r.record()
	r.write(log, last[:len(last)-1])
	r.must(log.Close())
	r.awaitAll()
	blocks := r.generations()[0].blocks
	for i, b := range blocks {
		if b.Final != (i == len(blocks)-1) {
			t.Errorf("block %d of %d: Final is %v", i, len(blocks), b.Final)
		}
	}
	r.finish()
}

// While a file has its name, a last line without newline may still be finished.
func TestPartialLineStays(t *testing.T) {
	r := newRig(t, "app.log", func(o *Options) { o.ParkAfter = 1 })
	text := r.recordsOf(2)
	r.append("app.log", text[:len(text)-1])
	r.awaitPhase("app.log", Parked)
	r.await("the first line is delivered", func() bool { return r.linesDelivered() == 1 })
	r.append("app.log", "\n")
	r.awaitAll()
	third := r.record()
	r.append("app.log", third[:len(third)-1])
	r.await("the piece is seen", func() bool { return r.tailer.Files()[0].Lag > 0 })
	r.must(os.Remove(r.path("app.log")))
	r.finish()
}
