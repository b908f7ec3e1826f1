package tailer

import (
	"os"
	"testing"
	"time"
)

// A program that writes a few thousand lines a second finds its file removed now and then, and begins another one a little later.
func TestDeleteRecreateUnderLoad(t *testing.T) {
	t.Parallel()
	r := newRig(t, "app.log")
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	log := r.create("app.log")
	for i := range 1200 {
		<-tick.C
		r.write(log, r.recordsOf(10))
		switch i % 60 {
		case 55:
			r.must(os.Remove(r.path("app.log")))
		case 59:
			next := r.create("app.log")
			r.write(log, r.recordsOf(10))
			r.write(next, r.recordsOf(10))
			r.must(log.Close())
			log = next
		}
	}
	r.finish()
	if got := r.counted("rotation rename"); got != 20 {
		t.Errorf("rotations: got %d, want 20", got)
	}
}
