package tailer

import (
	"os"
	"testing"
)

// The folder is removed with all that is in it, and made again. Programs go on writing to the files that they hold.
func TestDirectoryRemoved(t *testing.T) {
	f := func(name string, remove func(r *rig)) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := prepareRig(t)
			r.must(os.MkdirAll(r.path("var/log"), 0o755))
			r.start("var/log/*.log")
			for round := range 4 {
				a, b := r.create("var/log/a.log"), r.create("var/log/b.log")
				r.write(a, r.recordsOf(10))
				r.write(b, r.recordsOf(10))
				r.awaitGenerations(2 * (round + 1))
				if round%2 == 0 {
					r.awaitAll()
				}
				remove(r)
				r.write(a, r.recordsOf(10))
				r.await("both are missed", func() bool { return r.counted("rotation rename") == 2*int64(round+1) })
				r.write(b, r.recordsOf(10))
				r.awaitAll()
				r.must(os.MkdirAll(r.path("var/log"), 0o755))
				r.write(a, r.recordsOf(10))
				r.must(a.Close())
				r.must(b.Close())
			}
			r.append("var/log/a.log", r.recordsOf(10))
			r.finish()
		})
	}
	f("alone", func(r *rig) { r.must(os.RemoveAll(r.path("var/log"))) })
	f("with the one above", func(r *rig) { r.must(os.RemoveAll(r.path("var"))) })
	f("by renaming", func(r *rig) {
		r.must(os.RemoveAll(r.path("old")))
		r.rename("var/log", "old")
	})
}
