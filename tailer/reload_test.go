package tailer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// named is a source of files in the rig's folder.
func (r *rig) named(name string, patterns ...string) Source {
	s := Source{Name: name, StartAt: Beginning}
	for _, p := range patterns {
		s.Paths = append(s.Paths, r.path(p))
	}
	return s
}

// reads makes these the sources.
func (r *rig) reads(sources ...Source) {
	r.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	r.must(r.tailer.SetSources(ctx, sources))
}

// sources are those of all generations, in the order in which they were begun.
func (r *rig) sources() string {
	var all []string
	for _, c := range r.generations() {
		all = append(all, c.file.Source)
	}
	return strings.Join(all, " ")
}

// A source is added and another goes on undisturbed. What is there when a source is added is history, as at the very first start.
func TestSourceIsAdded(t *testing.T) {
	t.Parallel()
	r := newRig(t, "app.log")
	app := r.create("app.log")
	r.write(app, r.recordsOf(20))
	r.append("end.log", "history\nmore history\n")
	r.append("end.log.1", "older history\n")
	r.append("begin.log", r.recordsOf(20))
	r.append("packed.log.1", "old\n")
	r.pack("packed.log.1")
	r.awaitGenerations(1)
	end := r.named("end", "end.log")
	end.StartAt = End
	r.reads(r.named("app", "app.log"), end, r.named("begin", "begin.log", "packed.log"))
	r.awaitGenerations(3)
	r.append("end.log", r.recordsOf(20))
	r.append("packed.log", r.recordsOf(20)) // a file that comes later
	r.write(app, r.recordsOf(20))
	r.finish()
	if got := r.sources(); !strings.HasPrefix(got, "app ") || strings.Count(got, "app") != 1 || len(r.generations()) != 4 {
		t.Errorf("generations of %s", got)
	}
	for _, c := range r.generations() {
		for _, b := range c.blocks {
			if want := c.file.Source == "begin" && c.file.Path == r.path("begin.log"); b.History != want {
				t.Errorf("%s: history is %t", c.file.Path, b.History)
			}
		}
	}
}

// A source is taken away, its files are rotated in every way, and it comes back.
func TestSourceIsTakenAwayAndComesBack(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"app.log", "app.log*"} {
		for _, d := range slices.Concat(downs, packedDowns) {
			t.Run(pattern+" "+d.name, func(t *testing.T) {
				t.Parallel()
				r := prepareRig(t)
				log, other := r.create("app.log"), r.create("other.log")
				r.write(log, r.recordsOf(50))
				r.start(pattern)
				r.write(log, r.recordsOf(50))
				r.awaitAll()
				r.reads(r.named("other", "other.log"))
				r.write(other, r.recordsOf(5))
				if n := len(r.tailer.Files()); n != 1 {
					t.Errorf("%d files are read", n)
				}
				d.do(r, log)
				r.reads(r.named("other", "other.log"), r.named("app", pattern))
				r.awaitAll()
				r.append("app.log", r.recordsOf(10))
				r.write(other, r.recordsOf(5))
				r.finish()
				r.checkStates()
			})
		}
	}
}

// The same over a restart: what no source names is in the positions, too.
func TestSourceComesBackAfterARestart(t *testing.T) {
	t.Parallel()
	for _, d := range downs {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			r := prepareRig(t)
			log, other := r.create("app.log"), r.create("other.log")
			r.write(log, r.recordsOf(50))
			r.start("app.log")
			r.write(log, r.recordsOf(50))
			r.awaitAll()
			r.reads(r.named("other", "other.log"))
			r.write(other, r.recordsOf(5))
			r.awaitAll()
			for range 2 {
				s := r.down()
				r.up("other.log", s, func(o *Options) { o.Sources[0].Name = "other" })
			}
			d.do(r, log)
			r.reads(r.named("other", "other.log"), r.named("app", "app.log"))
			r.awaitAll()
			r.append("app.log", r.recordsOf(10))
			r.finish()
			r.checkStates()
		})
	}
}

// A source gets another name. Its files are not closed: what has no name any more, and what was cut off, goes on.
func TestSourceIsRenamed(t *testing.T) {
	t.Parallel()
	r := newRig(t, "app.log", func(o *Options) { o.DrainQuiet = deadline })
	app := r.create("app.log")
	r.write(app, r.recordsOf(20))
	r.awaitAll()
	r.must(os.Remove(r.path("app.log")))
	r.awaitPhase("app.log", Draining)
	whole, half := r.recordsOf(20), r.record()
	r.write(app, whole+half[:10])
	r.reads(r.named("web", "*.log"))
	r.write(app, half[10:]+r.recordsOf(20))
	r.append("app.log", r.recordsOf(20))
	r.awaitAll()
	r.must(app.Close())
	r.finish()
	if got := r.sources(); got != "app web web" {
		t.Errorf("generations of %s", got)
	}
	if c := r.generations()[1]; c.base == 0 || c.file.Offset == 0 {
		t.Errorf("begins at %d, after %d lines", c.file.Offset, c.base)
	}
	r.checkStates()
}

// Globs change, and with them the name by which a file is known.
func TestFileIsNamedOtherwise(t *testing.T) {
	t.Parallel()
	r := prepareRig(t)
	app := r.create("app.log")
	r.must(os.Symlink(r.path("app.log"), r.path("link.txt")))
	r.write(app, r.recordsOf(20))
	r.launchOn(r.named("app", "app.log", "*.txt"))
	r.awaitAll()
	r.reads(r.named("app", "*.txt"))
	r.write(app, r.recordsOf(20))
	r.awaitAll()
	s := r.down()
	r.up("*.txt", s)
	r.write(app, r.recordsOf(20))
	r.finish()
}

// launchOn starts a Tailer on a source.
func (r *rig) launchOn(s Source, change ...func(*Options)) {
	r.Helper()
	r.start("none", append([]func(*Options){func(o *Options) { o.Sources = []Source{s} }}, change...)...)
}

// A source that is new after a restart begins as at the very first start; one that was there before does not.
func TestSourceIsNewAfterARestart(t *testing.T) {
	t.Parallel()
	r := newRig(t, "app.log")
	r.append("app.log", r.recordsOf(20))
	r.awaitAll()
	s := r.down()
	r.append("new.log", "history\n")
	r.append("old.log", r.recordsOf(20))
	fresh, old := r.named("new", "new.log"), r.named("old", "old.log")
	fresh.StartAt, old.StartAt = End, End
	all := s.all(r)
	r.launchOn(r.named("renamed", "app.log"), func(o *Options) {
		o.Resume, o.Begun = all, []string{"app", "old"}
		o.Sources = append(o.Sources, fresh, old)
	})
	r.append("app.log", r.recordsOf(20))
	r.append("new.log", r.recordsOf(20))
	r.finish()
}

// Nothing changes by a change that is refused.
func TestBadSourcesChangeNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, "app.log")
	app := r.create("app.log")
	r.write(app, r.recordsOf(20))
	r.awaitAll()
	ctx := context.Background()
	if err := r.tailer.SetSources(ctx, nil); !errors.Is(err, errNoSources) {
		t.Errorf("no sources: %v", err)
	}
	if err := r.tailer.SetSources(ctx, []Source{r.named("app", "app.log"), {Name: "bad", Paths: []string{"["}}}); !errors.Is(err, ErrBadGlob) {
		t.Errorf("a bad glob: %v", err)
	}
	r.write(app, r.recordsOf(20))
	r.finish()
	if err := r.tailer.SetSources(ctx, []Source{r.named("app", "app.log")}); !errors.Is(err, errNotRunning) {
		t.Errorf("after the end: %v", err)
	}
	if got := r.sources(); got != "app" {
		t.Errorf("generations of %s", got)
	}
}

// Sources come, go and change their names while their files are written and rotated. Nothing is lost, nothing is read twice, and
// nothing is left over.
func TestSourcesChangeUnderLoad(t *testing.T) {
	defer goleak.VerifyNone(t)
	before := descriptors(t)
	r := newRig(t, "app.log", func(o *Options) { o.ParkAfter, o.IdleAfter = 1, 1 })
	logs := map[string]*os.File{}
	for _, name := range []string{"app.log", "web.log", "other.log"} {
		logs[name] = r.create(name)
	}
	app, web, other := r.named("app", "app.log"), r.named("web", "web.log*"), r.named("other", "other.log")
	renamed, both := r.named("application", "app.log"), r.named("all", "app.log", "web.log*")
	rounds := [][]Source{
		{app}, {app, web}, {other}, {web, other}, {renamed, web}, {both}, {both, other}, {other, app}, {renamed}, {r.named("all", "*.log", "web.log*")}, {web, renamed, other},
	}
	for i := range 60 {
		for name, log := range logs {
			r.write(log, r.recordsOf(1+i%40))
			switch {
			case i%7 == 3 && name == "app.log", i%5 == 2 && name == "web.log":
				for n := 8; n > 0; n-- {
					if _, err := os.Stat(r.path(fmt.Sprintf("%s.%d", name, n))); err == nil {
						r.rename(fmt.Sprintf("%s.%d", name, n), fmt.Sprintf("%s.%d", name, n+1))
					}
				}
				r.rename(name, name+".1")
				r.write(log, r.recordsOf(3))
				r.must(log.Close())
				logs[name] = r.create(name)
			}
		}
		r.reads(rounds[i%len(rounds)]...)
	}
	r.reads(app, web, other)
	r.finish()
	for _, log := range logs {
		r.must(log.Close())
	}
	if after := descriptors(t); after > before {
		t.Errorf("%d descriptors, %d before", after, before)
	}
}

// The Tailer stops while a change is being made.
func TestStopDuringAChange(t *testing.T) {
	defer goleak.VerifyNone(t)
	before := descriptors(t)
	for range 20 {
		r := newRig(t, "app.log")
		log := r.create("app.log")
		r.write(log, r.recordsOf(2000))
		changed := make(chan error, 1)
		go func() { changed <- r.tailer.SetSources(context.Background(), []Source{r.named("web", "app.log")}) }()
		r.stop()
		if err := <-changed; err != nil && !errors.Is(err, errNotRunning) {
			t.Error(err)
		}
		r.must(log.Close())
	}
	if after := descriptors(t); after > before {
		t.Errorf("%d descriptors, %d before", after, before)
	}
}
