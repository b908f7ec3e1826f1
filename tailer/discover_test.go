package tailer

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestDiscover(t *testing.T) {
	r := prepareRig(t)
	for _, dir := range []string{"a/b/c", "a/skip"} {
		r.must(os.MkdirAll(r.path(dir), 0o755))
	}
	for _, name := range []string{"a/x.log", "a/b/y.log", "a/b/c/z.txt", "a/b/c/z.log.1", "a/skip/s.log", "a/x.log.gz", "a/[odd].log"} {
		r.append(name, name)
	}
	r.must(os.Symlink("b/y.log", r.path("a/link.log")))
	r.must(os.Symlink("..", r.path("a/b/up")))
	r.must(os.Mkdir(r.path("a/dir.log"), 0o755))

	f := func(paths, exclude []string, want ...string) {
		t.Helper()
		s := Source{Name: "s", Exclude: exclude}
		for _, p := range paths {
			s.Paths = append(s.Paths, r.path(p))
		}
		found, err := Discover(s)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, one := range found {
			rel, _ := filepath.Rel(r.dir, one.Path)
			got = append(got, rel)
			if one.Err != nil || one.Size == 0 || one.ID.Ino == 0 || one.ModTime.IsZero() {
				t.Errorf("%+v", one)
			}
			if target, _ := filepath.EvalSymlinks(one.Path); one.Target != target {
				t.Errorf("target: got %s, want %s", one.Target, target)
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%v without %v: got %q, want %q", paths, exclude, got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%v without %v: got %q, want %q", paths, exclude, got, want)
			}
		}
	}
	f([]string{"a/*.log"}, nil, "a/[odd].log", "a/link.log", "a/x.log")
	f([]string{"**/*.log"}, nil, "a/[odd].log", "a/b/y.log", "a/link.log", "a/skip/s.log", "a/x.log")
	f([]string{"**/*.log"}, []string{"link*", "skip/*", "*odd*"}, "a/b/y.log", "a/x.log")
	f([]string{"a/**/z*"}, []string{"*.txt"}, "a/b/c/z.log.1")
	f([]string{"a/{b,skip}/*.log", "a/b/y.log"}, nil, "a/b/y.log", "a/skip/s.log")
	f([]string{`a/\[odd\].log`}, nil, "a/[odd].log")
	f([]string{"a/b/up/x.log"}, nil, "a/b/up/x.log")
	f([]string{"a/x.log", "a/no.log", "none/*"}, []string{r.path("a/x.*")})
}

func TestValidateGlob(t *testing.T) {
	f := func(pattern string, good bool) {
		t.Helper()
		err := ValidateGlob(pattern)
		if (err == nil) != good || err != nil && !errors.Is(err, ErrBadGlob) {
			t.Errorf("%q: got %v", pattern, err)
		}
	}
	f("/var/log/*.log", true)
	f("**/{a,b}/[a-z]?.log", true)
	f("", false)
	f("/var/log/[a-", false)
	f("/var/log/{a,b", false)
	f(`a\`, false)
	f("a\x00b", false)
}

func TestNewChecksOptions(t *testing.T) {
	good := Options{Sources: []Source{{Name: "a", Paths: []string{"*.log"}}}, Open: func(File) Consumer { return nil }}
	f := func(change func(*Options), ok bool) {
		t.Helper()
		o := good
		o.Sources = append([]Source(nil), good.Sources...)
		change(&o)
		if _, err := New(o); (err == nil) != ok {
			t.Errorf("got %v", err)
		}
	}
	f(func(*Options) {}, true)
	f(func(o *Options) { o.Sources = nil }, false)
	f(func(o *Options) { o.Open = nil }, false)
	f(func(o *Options) { o.Rescan = -1 }, false)
	f(func(o *Options) { o.MaxLineBytes = 1 }, false)
	f(func(o *Options) { o.Sources[0].Paths = nil }, false)
	f(func(o *Options) { o.Sources[0].Paths = []string{"["} }, false)
	f(func(o *Options) { o.Sources[0].Exclude = []string{"["} }, false)
}
