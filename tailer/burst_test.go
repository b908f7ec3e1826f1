package tailer

import (
	"bufio"
	"testing"
	"time"
)

// A program flushes its buffer of 4,096 bytes wherever a line happens to be, now a little and now thousands of lines at once:
// nxadm/tail and the block reader take turns, at any place in the file.
func TestBursts(t *testing.T) {
	t.Parallel()
	r := newRig(t, "app.log", func(o *Options) { o.ParkAfter = time.Hour })
	log := r.create("app.log")
	out := bufio.NewWriterSize(log, 4096)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for round := range 3 {
		for i := range 50 { // 50,000 lines a second
			<-tick.C
			_, err := out.WriteString(r.recordsOf(100))
			r.must(err)
			if i == 30 && round == 1 {
				r.rename("app.log", "app.log.1")
				r.write(r.create("app.log"), r.recordsOf(3))
			}
		}
		r.must(out.Flush())
		r.awaitAll()
		if round > 0 {
			continue // the file with that name is the new one
		}
		r.await("it was taken from nxadm/tail", func() bool { return r.phase("app.log") == Waiting })
		r.awaitPhase("app.log", Following)
		for range 100 {
			<-tick.C
			_, err := out.WriteString(r.record())
			r.must(err)
		}
	}
	r.finish()
}
