package tailer

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"pgregory.net/rapid"
)

// overlapOf returns the path of a file that both name, and by which globs.
func overlapOf(a, b Source) (example, globA, globB string) {
	for _, c := range Conflicts([]Source{a, b}) {
		if c.With == 0 {
			return c.Example, a.Paths[c.WithGlob], b.Paths[c.Glob]
		}
	}
	return "", "", ""
}

func TestOverlap(t *testing.T) {
	f := func(a, b Source, want string) {
		t.Helper()
		got, p, q := overlapOf(a, b)
		if got != want {
			t.Errorf("%q and %q: %q (%s, %s), want %q", a, b, got, p, q, want)
		}
		if got != "" && (!Names(a, got) || !Names(b, got)) {
			t.Errorf("%q and %q: %q is not named by both", a, b, got)
		}
	}
	of := func(paths ...string) Source { return Source{Paths: paths} }
	but := func(exclude string, paths ...string) Source { return Source{Paths: paths, Exclude: []string{exclude}} }
	f(of("/var/log/*.log"), of("/var/log/*.log"), "/var/log/aaa.log")
	f(of("/var/log/*.log"), of("/var/log/*.txt"), "")
	f(of("/var/log/app.log"), of("/var/log/*.log"), "/var/log/app.log")
	f(of("/var/log/app.log"), but("app.log", "/var/log/*.log"), "")
	f(of("/var/log/app*.log"), but("app.log", "/var/log/*.log"), "/var/log/appaaa.log")
	f(of("/var/log/app.log"), but("/var/log/app.*", "/var/log/*.log"), "")
	f(of("/var/log/app/x.log"), but("app/*", "/var/log/**/*.log"), "")
	f(of("/var/**/x/*.log"), of("/var/log/**"), "/var/log/x/aaa.log")
	f(of("/var/log/**/*.log"), of("/var/log/app.log"), "/var/log/app.log")
	f(of("/var/log/a?.log"), of("/var/log/?b.log"), "/var/log/ab.log")
	f(of("/var/log/[a-c].log"), of("/var/log/[d-f].log"), "")
	f(of("/var/log/[a-c].log"), of("/var/log/[!ab].log"), "/var/log/c.log")
	f(of("/var/log/{a,b/c}.log"), of("/var/log/b/*"), "/var/log/b/c.log")
	f(of("/x/1", "/var/log/{api,web}.log"), of("/x/2", "/var/log/w*"), "/var/log/web.log")
	f(of("/var/log/*.gz"), of("/var/log/*"), "") // never read
	f(of(`/var/log/\*.log`), of("/var/log/a*.log"), "")
	f(of("/日志/*.log"), of("/日志/应用.log"), "/日志/应用.log")
	f(of("/var/log/["), of("/var/log/*"), "")
	f(of("/var/log/app.log"), of("/var/log/app.log"), "/var/log/app.log")
}

func TestUseless(t *testing.T) {
	f := func(s Source, want ...string) {
		t.Helper()
		var got []string
		for _, c := range Conflicts([]Source{s}) {
			got = append(got, s.Paths[c.Glob])
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
	f(Source{Paths: []string{"/var/log/*.log"}, Exclude: []string{"*.gz"}})
	f(Source{Paths: []string{"/var/log/*.log"}, Exclude: []string{"*.log"}}, "/var/log/*.log")
	f(Source{Paths: []string{"/var/log/*.log", "/srv/*.log"}, Exclude: []string{"/var/**"}}, "/var/log/*.log")
	f(Source{Paths: []string{"/var/log/*.gz"}}, "/var/log/*.gz")
	f(Source{Paths: []string{"/var/log/*[!z]"}})
	f(Source{Paths: []string{"/var/log/app.log", "/var/log/web.log"}, Exclude: []string{"web.*"}}, "/var/log/web.log")
}

// Intricate globs are given up, not thought about for ever.
func TestOverlapIsBounded(t *testing.T) {
	a := Source{Paths: []string{"/" + strings.Repeat("{a,b}*", 200)}}
	b := Source{Paths: []string{"/" + strings.Repeat("*{b,c}?", 200) + "x"}, Exclude: []string{strings.Repeat("*a", 100)}}
	begun := time.Now()
	all := []Source{a, b}
	for range 300 {
		all = append(all, a)
	}
	Conflicts(all)
	if took := time.Since(begun); took > time.Minute {
		t.Errorf("took %v", took)
	}
}

// odd are two stars that stand for folders only if what is beside them is taken in one way. config refuses them.
var odd = regexp.MustCompile(`[^/]\*\*|\*\*[^/]`)

// What Conflicts says is held against all short paths.
func TestOverlapAgreesWithAllShortPaths(t *testing.T) {
	paths := []string{"/"}
	for i, round := 0, 0; round < 4; round++ {
		for end := len(paths); i < end; i++ {
			for _, r := range "ab/" {
				paths = append(paths, paths[i]+string(r))
			}
		}
	}
	// Without [!a]: doublestar matches a slash by it, which no walk over folders does.
	piece := rapid.SampledFrom([]string{"a", "b", "/", "*", "?", "**/", "/**", "[a]", "{a,b}", "{a,/b}", "{,a*}", `\*`})
	// doublestar decides oddly about a*/** and a*{,a}, which do not match a.
	simple := rapid.SampledFrom([]string{"a", "b", "/", "*", "?", "[a]"})
	rapid.Check(t, func(t *rapid.T) {
		draw := func(what string) string { return "/" + strings.Join(rapid.SliceOfN(piece, 0, 4).Draw(t, what), "") }
		a, b := Source{Paths: []string{draw("a")}}, Source{Paths: []string{draw("b")}}
		if rapid.Bool().Draw(t, "excludes") {
			a.Exclude = []string{strings.Join(rapid.SliceOfN(simple, 1, 4).Draw(t, "exclude"), "")}
		}
		p, errA := compile(a)
		q, errB := compile(b)
		if errA != nil || errB != nil || odd.MatchString(a.Paths[0]) || odd.MatchString(b.Paths[0]) || odd.MatchString(strings.Join(a.Exclude, "")) {
			return
		}
		example, _, _ := overlapOf(a, b)
		if example != "" && (!p.matches(example) || !q.matches(example)) {
			t.Fatalf("%q and %q do not both name %q", a, b, example)
		}
		for _, path := range paths {
			clean := !strings.Contains(path, "//") && !strings.HasSuffix(path, "/")
			if clean && example == "" && p.matches(path) && q.matches(path) && doublestar.MatchUnvalidated(p.paths[0], path) {
				t.Fatalf("%q and %q both name %q", a, b, path)
			}
		}
	})
}
