package tailer

import (
	"os"
	"testing"
	"time"
)

// A file takes the place of the folder, and gives it back.
func TestParentReplacedByFile(t *testing.T) {
	f := func(name, pattern, parent string, rescan time.Duration) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := prepareRig(t)
			r.must(os.MkdirAll(r.path("var/log"), 0o755))
			r.start(pattern, func(o *Options) { o.Rescan = rescan })
			for round := range 3 {
				log := r.create("var/log/app.log")
				r.write(log, r.recordsOf(10))
				r.awaitGenerations(round + 1)
				r.rename(parent, "old")
				r.append(parent, "a file where a folder was\n")
				r.write(log, r.recordsOf(10))
				r.await("the file is missed", func() bool { return r.counted("rotation rename") == int64(round+1) })
				r.write(log, r.recordsOf(10))
				r.awaitAll()
				r.must(log.Close())
				r.must(os.Remove(r.path(parent)))
				r.must(os.MkdirAll(r.path("var/log"), 0o755))
				r.must(os.RemoveAll(r.path("old")))
			}
			r.append("var/log/app.log", r.recordsOf(10))
			r.finish()
			if got := r.counted("error open"); got != 0 {
				t.Errorf("%d errors were counted", got)
			}
		})
	}
	f("the folder of a file that is named", "var/log/app.log", "var/log", time.Hour)
	f("the folder of a glob", "var/log/*.log", "var/log", time.Hour)
	f("the folder above, which is not watched", "var/log/app.log", "var", 50*time.Millisecond)
	f("within a glob", "**/app.log", "var/log", time.Hour)
}
