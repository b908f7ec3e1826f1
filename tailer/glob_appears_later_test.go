package tailer

import (
	"os"
	"testing"
)

// Folders and files that appear while tailing are found, by the directory watch alone.
func TestGlobAppearsLater(t *testing.T) {
	r := newRig(t, "logs/**/*.log", func(o *Options) { o.Sources[0].Exclude = []string{"skip*", "deep/not/*.log"} })
	r.must(os.Mkdir(r.path("logs"), 0o755))
	r.append("logs/a.log", r.recordsOf(3))
	r.awaitAll()
	r.must(os.MkdirAll(r.path("logs/deep/down"), 0o755))
	r.must(os.MkdirAll(r.path("logs/deep/not"), 0o755))
	for _, name := range []string{"logs/skip.log", "logs/deep/not/b.log", "logs/c.txt", "logs/d.log.gz"} {
		r.append(name, "must not be read\n")
	}
	r.append("logs/deep/down/b.log", r.recordsOf(3))
	r.awaitAll()
	r.rename("logs/c.txt", "logs/c.txt.old")
	r.append("logs/tmp", r.recordsOf(2))
	r.rename("logs/tmp", "logs/e.log") // begins to match
	r.awaitAll()
	r.must(os.RemoveAll(r.path("logs")))
	r.await("all files are over", func() bool { return len(r.tailer.Files()) == 0 })
	r.must(os.MkdirAll(r.path("logs/again"), 0o755))
	r.append("logs/again/a.log", r.recordsOf(3))
	r.finish()
}

// What is no file never blocks or fails anything.
func TestNotAFile(t *testing.T) {
	r := prepareRig(t)
	r.must(os.Mkdir(r.path("dir.log"), 0o755))
	r.must(mkfifo(r.path("pipe.log")))
	r.must(os.Symlink("ring.log", r.path("ring.log")))
	r.must(os.Symlink("/nowhere/at/all", r.path("dangling.log")))
	r.start("*.log")
	r.append("a.log", r.recordsOf(2))
	r.awaitAll()
	if n := r.counted("error open"); n != 0 {
		t.Errorf("%d errors were counted", n)
	}
	r.finish()
}
