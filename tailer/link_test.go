package tailer

import (
	"os"
	"testing"
)

// What a link leads to is known by name also while it is missing for a moment.
func TestResolve(t *testing.T) {
	r := prepareRig(t)
	r.must(os.MkdirAll(r.path("real/logs"), 0o755))
	r.must(os.Symlink("real", r.path("dir")))
	r.must(os.Symlink("dir/logs/app.log", r.path("way")))
	r.must(os.Symlink(r.path("way"), r.path("link")))
	r.must(os.Symlink("ring", r.path("ring")))
	r.must(os.Symlink("gone/app.log", r.path("nowhere")))
	f := func(path, want string) {
		t.Helper()
		if got := resolve(r.path(path)); got != r.path(want) {
			t.Errorf("%s leads to %s, want %s", path, got, r.path(want))
		}
	}
	for range 2 { // without the file, and with it
		f("link", "real/logs/app.log")
		f("dir/logs/app.log", "real/logs/app.log")
		f("real/logs/app.log", "real/logs/app.log")
		f("nowhere", "gone/app.log")
		f("ring", "ring")
		r.append("real/logs/app.log", "")
	}
}

// The file that a link leads to is missing while its rotated sibling is looked at for the first time. It is compressed after it
// was read: nothing counts twice.
func TestLinkWhileRotated(t *testing.T) {
	r := prepareRig(t)
	r.must(os.Symlink("app.log", r.path("link")))
	r.start("link")
	for range 3 {
		r.append("app.log", r.recordsOf(30))
		r.awaitAll()
		r.shift()
		r.pack("app.log.1")
	}
	r.append("app.log", r.recordsOf(3))
	r.awaitAll()
	r.await("everything is judged", func() bool { return !r.hasUnjudged() })
	r.finish()
}
