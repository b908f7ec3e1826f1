package tailer

import (
	"os"
	"testing"
)

// A file is removed, and another of the same size gets its inode number at once, as ext4 does.
func TestInodeReuse(t *testing.T) {
	f := func(name string, restart bool) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, "app.log")
			r.append("app.log", r.recordsOf(90)) // lengths repeat after 90
			r.awaitAll()
			reused := 0
			for range 5 {
				before, err := statPath(r.path("app.log"))
				r.must(err)
				var s *saved
				if restart {
					s = r.down() // gives the inode free
				}
				r.must(os.Remove(r.path("app.log")))
				if !restart {
					r.await("the file is given back", func() bool { return len(r.tailer.Files()) == 0 })
				}
				r.append("app.log", r.recordsOf(90))
				after, err := statPath(r.path("app.log"))
				r.must(err)
				if after.id.Ino == before.id.Ino && after.size == before.size {
					reused++
				}
				if restart {
					r.up("app.log", s)
				}
				r.awaitAll()
			}
			t.Logf("the inode was used again in %d of 5 rounds", reused)
			r.finish()
			r.checkStates()
			if reused == 0 {
				t.Skip("this file system does not use inode numbers again at once")
			}
		})
	}
	f("across a restart", true)
	f("while it runs", false)
}
