package tailer

import (
	"os"
	"testing"
	"time"
)

func TestDeleteRecreate(t *testing.T) {
	r := prepareRig(t)
	r.tweak = func(tl *Tailer) { tl.rememberGone = 0 }
	r.start("app.log", func(o *Options) { o.Rescan = 100 * time.Millisecond })
	for i := range 20 {
		r.append("app.log", r.recordsOf(30))
		r.awaitGenerations(i + 1)
		if i%2 == 0 {
			r.awaitAll()
		}
		r.must(os.Remove(r.path("app.log")))
	}
	r.awaitAll()
	// Nothing is kept in mind of what has no name any more.
	r.await("all are forgotten", func() bool { return len(r.tailer.Positions()) == 0 })
	r.append("app.log", r.recordsOf(3))
	r.finish()
}
