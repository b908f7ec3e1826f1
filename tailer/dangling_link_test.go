package tailer

import (
	"os"
	"testing"
)

// A link leads nowhere, for as long as it takes: before the start, and again later. Neither is an error.
func TestDanglingLink(t *testing.T) {
	f := func(name string, change func(*rig, *Options)) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := prepareRig(t)
			r.must(os.Mkdir(r.path("links"), 0o755))
			r.must(os.Symlink(r.path("pods/a/0.log"), r.path("links/way")))
			r.must(os.Symlink("way", r.path("links/app.log")))
			r.append("links/other.log", r.recordsOf(3))
			r.start("links/*.log", func(o *Options) { change(r, o) })
			dir := func() { r.must(os.MkdirAll(r.path("pods/a"), 0o755)) }
			for round := range 3 {
				for range 3 { // everything else goes on meanwhile
					r.append("links/other.log", r.recordsOf(3))
					r.awaitAll()
				}
				dir()
				log := r.create("pods/a/0.log")
				r.write(log, r.recordsOf(10))
				r.awaitAll()
				r.must(os.Remove(r.path("pods/a/0.log")))
				r.write(log, r.recordsOf(10)) // to the file without a name
				r.must(log.Close())
				if round == 1 {
					r.must(os.RemoveAll(r.path("pods")))
				}
				r.awaitAll()
			}
			if got := r.counted("error open"); got != 0 {
				t.Errorf("%d errors were counted", got)
			}
			r.finish()
		})
	}
	f("by events alone", func(*rig, *Options) {})
	f("rescanned all the time", func(_ *rig, o *Options) { o.Rescan = 1 })
	f("named in full", func(r *rig, o *Options) {
		o.Sources[0].Paths = []string{r.path("links/app.log"), r.path("links/other.log")}
	})
}
