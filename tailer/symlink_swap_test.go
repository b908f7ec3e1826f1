package tailer

import (
	"fmt"
	"os"
	"testing"
)

// A link is pointed elsewhere by renaming another link over it.
func TestSymlinkSwap(t *testing.T) {
	r := prepareRig(t)
	r.must(os.Mkdir(r.path("data"), 0o755))
	point := func(target string) {
		r.must(os.Symlink(target, r.path("next")))
		r.rename("next", "current.log")
	}
	point("data/0.log")
	r.start("current.log")
	for i := range 5 {
		name := fmt.Sprintf("data/%d.log", i)
		if i == 3 {
			// It leads nowhere for a while.
			point(name)
			r.await("the file before is over", func() bool { return r.read(func(c *reading) bool { return c.ended }, i-1) })
		}
		log := r.create(name)
		r.write(log, r.recordsOf(10))
		if i != 3 {
			point(name)
		}
		r.awaitGenerations(i + 1)
		r.write(log, r.recordsOf(10))
		if i%2 == 0 {
			r.awaitAll()
		}
		r.must(log.Close())
	}
	r.finish()
}

// As on a node: a link in one folder, the files and their rotation in another.
func TestKubeletRotation(t *testing.T) {
	r := prepareRig(t)
	r.must(os.Mkdir(r.path("containers"), 0o755))
	r.must(os.MkdirAll(r.path("pods/ns_pod_uid/app"), 0o755))
	r.must(os.Symlink(r.path("pods/ns_pod_uid/app/0.log"), r.path("containers/pod_ns_app.log")))
	r.start("containers/*.log")
	const file = "pods/ns_pod_uid/app/0.log"
	for i := range 5 {
		log := r.create(file)
		r.write(log, r.recordsOf(10))
		r.awaitGenerations(i + 1)
		rotated := fmt.Sprintf("%s.2026112320250%d", file, i)
		r.rename(file, rotated)
		r.write(log, r.recordsOf(10)) // the runtime is told afterwards
		r.must(log.Close())
		if i%2 == 0 {
			r.await("the file is over", func() bool { return r.read(func(c *reading) bool { return c.ended }, i) })
			r.must(os.Remove(r.path(rotated))) // gzipped
		}
	}
	r.append(file, r.recordsOf(10))
	r.finish()
}

// Two names, and a second source, lead to one file: it is read once.
func TestTwoNamesOneFile(t *testing.T) {
	r := prepareRig(t)
	r.append("b.log", r.recordsOf(3))
	r.must(os.Link(r.path("b.log"), r.path("c.log")))
	r.must(os.Symlink("b.log", r.path("a.log")))
	r.start("*.log", func(o *Options) {
		o.Sources = append(o.Sources, Source{Name: "again", Paths: []string{r.path("**")}, StartAt: Beginning})
	})
	r.append("c.log", r.recordsOf(3))
	r.awaitAll()
	for i, name := range []string{"a.log", "b.log"} {
		r.must(os.Remove(r.path(name)))
		r.append("c.log", r.recordsOf(1+i))
		r.awaitAll()
	}
	if got := len(r.generations()); got != 1 {
		t.Errorf("got %d generations, want 1", got)
	}
	r.finish()
}
