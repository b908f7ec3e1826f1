package tailer

import (
	"os"
	"strings"
	"sync/atomic"
	"testing"
)

// A file is created, written and renamed before the Tailer gets to open it.
func TestMissedGeneration(t *testing.T) {
	f := func(name, pattern string, shift func(r *rig), text func(r *rig) string) {
		t.Helper()
		t.Run(pattern+" "+name, func(t *testing.T) {
			t.Parallel()
			r := prepareRig(t)
			var missed atomic.Int64
			r.tweak = func(tl *Tailer) {
				tl.openFile = func(path string) (int, stat, error) {
					if path == r.path("app.log") && missed.Load()%2 == 1 {
						shift(r)
						missed.Add(1)
					}
					return openRegular(path)
				}
			}
			r.start(pattern)
			for i := range 3 {
				r.append("app.log", r.recordsOf(100))
				r.awaitAll()
				r.shift()
				missed.Store(2*int64(i) + 1)
				r.append("tmp", text(r)) // there as a whole at once
				r.rename("tmp", "app.log")
				r.await("it is missed", func() bool { return missed.Load() == 2*int64(i)+2 })
				r.awaitAll()
				if _, err := os.Stat(r.path("app.log")); err == nil {
					r.shift()
				}
			}
			r.append("app.log", r.recordsOf(100))
			r.finish()
			if lost := r.counted("lost truncated"); lost != 0 {
				t.Errorf("%d bytes were counted as lost", lost)
			}
		})
	}
	lines := func(r *rig) string { return r.recordsOf(100) }
	torn := func(r *rig) string { return strings.TrimSuffix(r.recordsOf(100), "\n") }
	for _, pattern := range []string{"app.log", "app.log*"} {
		f("renamed", pattern, func(r *rig) { r.shift() }, lines)
		f("renamed and created", pattern, func(r *rig) { r.shift(); r.append("app.log", r.recordsOf(10)) }, lines)
		f("renamed twice", pattern, func(r *rig) {
			r.shift()
			r.append("app.log", r.recordsOf(10))
			r.shift()
			r.append("app.log", r.recordsOf(10))
		}, lines)
	}
	f("with an unfinished last line", "app.log", func(r *rig) { r.shift() }, torn)
}

// A program holds a file open that was renamed before it was read.
func TestMissedGenerationIsStillWritten(t *testing.T) {
	r := newRig(t, "app.log")
	r.append("app.log", r.recordsOf(10))
	r.awaitAll()
	r.must(os.Remove(r.path("app.log")))
	log := r.create("app.log.1")
	for range 5 {
		r.write(log, r.recordsOf(10))
		r.awaitAll()
	}
	empty := r.create("app.log.2")
	r.await("it is held", func() bool {
		for _, p := range r.tailer.Positions() {
			if p.Unjudged {
				return true
			}
		}
		return false
	})
	r.write(empty, r.recordsOf(10))
	r.finish()
}

// What no source names and lies beside nothing is left alone, and so is what a source excludes.
func TestWhatLiesBeside(t *testing.T) {
	r := newRig(t, "app.log", func(o *Options) { o.Sources[0].Exclude = []string{"*.audit"} })
	r.append("app.log", r.recordsOf(10))
	r.awaitAll()
	for _, name := range []string{"app.logs", "app.log.", "other.log", "app.log.audit", "app.log.zst", "app.log.1.gz", "app.log.1.tmp", "app"} {
		r.append(name, "must not be read\n")
	}
	r.append("app.log.x", r.recordsOf(10))
	r.append("app.log-y", r.recordsOf(10))
	r.finish()
}
