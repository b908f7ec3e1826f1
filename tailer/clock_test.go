package tailer

import (
	"os"
	"testing"
	"time"
)

// A program writes the file under another name, in a folder that nobody watches: no event tells, and the clock notices.
func TestWrittenUnderAnotherName(t *testing.T) {
	r := newRig(t, "app.log", func(o *Options) { o.ParkAfter = time.Hour })
	r.append("app.log", r.recordsOf(3))
	r.awaitAll()
	r.awaitPhase("app.log", Following)
	r.must(os.Mkdir(r.path("elsewhere"), 0o755))
	r.must(os.Link(r.path("app.log"), r.path("elsewhere/other.log")))
	for i := range 3 {
		r.await("nothing is due for it", func() bool { return r.read(func(c *reading) bool { return c.idles == i+1 }, 0) })
		r.append("elsewhere/other.log", r.recordsOf(3))
		r.awaitAll()
	}
	r.finish()
}
