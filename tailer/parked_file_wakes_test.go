package tailer

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestParkedFileWakes(t *testing.T) {
	f := func(name string, blind bool) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			r := prepareRig(t)
			if blind {
				r.tweak = withoutWatch
			}
			r.start("*.log", func(o *Options) { o.ParkAfter = 30 * time.Millisecond })
			for range 5 {
				for _, name := range []string{"a.log", "b.log"} {
					r.append(name, r.recordsOf(3))
					r.awaitAll()
					r.awaitPhase(name, Parked)
				}
			}
			r.append("a.log", r.recordsOf(1))
			r.rename("a.log", "a.old")
			r.finish()
			if got := r.counted("error watch") > 0; got != blind {
				t.Errorf("failed watches are counted: got %v, want %v", got, blind)
			}
		})
	}
	f("by the directory watch", false)
	f("by the rescan", true)
}

// withoutWatch is what the system says when all its inotify instances are in use.
func withoutWatch(t *Tailer) {
	t.newInotify = func() (*inotify, error) { return nil, unix.EMFILE }
}

func TestIdleIsSaidOnce(t *testing.T) {
	f := func(name string, parkAfter time.Duration) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			r := newRig(t, "app.log", func(o *Options) { o.ParkAfter, o.IdleAfter = parkAfter, 20*time.Millisecond })
			for i := range 3 {
				r.append("app.log", r.recordsOf(3))
				r.awaitAll()
				r.await("idle", func() bool { return r.read(func(c *reading) bool { return c.idles == i+1 }, 0) })
			}
			r.finish()
			if got := r.generations()[0].idles; got != 3 {
				t.Errorf("got %d idles, want 3", got)
			}
		})
	}
	f("following", time.Hour)
	f("parked", 1)
}
