package tailer

import (
	"os"
	"testing"
	"time"
)

// Somebody writes a file that was read to its end and closed, before and after a restart.
func TestLateWriter(t *testing.T) {
	for _, pattern := range []string{"app.log", "app.log*"} {
		t.Run(pattern, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, pattern)
			over := func() { r.await("it is over", func() bool { return len(r.tailer.Files()) == 0 }) }
			r.append("app.log", r.recordsOf(20))
			r.awaitAll()
			r.shift()
			over()
			for range 2 {
				r.append("app.log.1", r.recordsOf(20))
				r.awaitAll()
				over()
			}
			s := r.down()
			r.append("app.log.1", r.recordsOf(20)) // while nobody looks
			r.up(pattern, s)
			r.awaitAll()
			over()
			r.append("app.log.1", r.recordsOf(20))
			r.awaitAll()
			over()
			r.append("app.log", r.recordsOf(5))
			r.awaitAll()
			r.shift() // and under another name
			r.append("app.log.2", r.recordsOf(20))
			r.finish()
			r.checkStates()
		})
	}
}

// The file that is over gets other content.
func TestOtherContentAfterDone(t *testing.T) {
	f := func(name string, size int, restart bool) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, "app.log")
			r.append("app.log", r.recordsOf(20))
			r.awaitAll()
			r.shift()
			r.await("it is over", func() bool { return len(r.tailer.Files()) == 0 })
			var s *saved
			if restart {
				s = r.down()
			}
			r.must(os.WriteFile(r.path("app.log.1"), []byte(r.recordsOf(size)), 0o644))
			if restart {
				r.up("app.log", s)
			}
			r.awaitAll()
			r.finish()
		})
	}
	f("larger", 60, false)
	f("smaller", 5, false)
	f("larger after a restart", 60, true)
	f("smaller after a restart", 5, true)
}

// The kubelet renames a file back, while no Tailer runs.
func TestRenameBackWhileDown(t *testing.T) {
	r := newRig(t, "0.log")
	log := r.create("0.log")
	r.write(log, r.recordsOf(10))
	r.awaitAll()
	r.rename("0.log", "0.log.20261123")
	r.await("the rename is seen", func() bool { return r.counted("rotation rename") == 1 })
	s := r.down()
	r.rename("0.log.20261123", "0.log")
	r.write(log, r.recordsOf(10))
	r.up("0.log", s)
	r.awaitAll()
	if phase := r.phase("0.log"); phase == Draining {
		t.Error("it is draining although it has its name")
	}
	r.must(log.Close())
	torn := r.record()
	r.append("0.log", torn[:10])
	r.append("0.log", torn[10:]+r.recordsOf(10))
	r.finish()
}

// A file of which nothing was read yet is compressed, and written once more by whoever still holds it.
func TestLateLineAfterCompression(t *testing.T) {
	r := prepareRig(t)
	r.tweak = func(tl *Tailer) { tl.stableFor = time.Second } // the compressed file is judged first
	r.start("app.log")
	r.append("app.log", "") // what is beside it may be a copy of it, as long as nothing is in it
	r.await("the file is followed", func() bool { return len(r.tailer.Files()) == 1 })
	old := r.create("app.log.1")
	r.write(old, r.recordsOf(4))
	r.await("the rotated file is looked at", r.hasUnjudged)
	r.pack("app.log.1")
	r.write(old, r.record())
	r.mayMissWhatIsNowhere()
	r.await("everything is judged", func() bool { return !r.hasUnjudged() && r.linesDelivered() >= 4 })
	r.append("app.log", r.record())
	r.finish()
}
