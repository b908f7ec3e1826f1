package tailer

import "testing"

// The kubelet renames a file back when the runtime fails to open a new one.
func TestRenameBack(t *testing.T) {
	f := func(name string, held bool) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			r := newRig(t, "0.log")
			log := r.create("0.log")
			r.write(log, r.recordsOf(10))
			r.awaitAll()
			if !held {
				r.must(log.Close())
			}
			r.rename("0.log", "0.log.20261123")
			r.await("the rename is seen", func() bool { return r.counted("rotation rename") == 1 })
			if !held {
				r.await("the file is over", func() bool { return len(r.tailer.Files()) == 0 })
			}
			r.rename("0.log.20261123", "0.log")
			if held {
				r.await("it has its name again", func() bool { return r.phase("0.log") != Draining && r.phase("0.log") != Done })
			}
			r.append("0.log", r.recordsOf(10))
			r.finish()
		})
	}
	f("while it is drained", true)
	f("after it was closed", false)
}
