package tailer

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// Conflict is a glob that contradicts another part of the sources.
type Conflict struct {
	Source, Glob int // the index of the source, and that in its Paths
	// With and WithGlob are another source, which comes before, and its glob that names the same file. With is -1 if there is none
	// and the glob can name no file at all, because of what its source excludes.
	With, WithGlob int
	Example        string // the path of a file that both name
}

// maxSearch bounds what Conflicts costs, in states of globs that are looked at: about a second. One search may have a part of it.
const (
	maxSearch = 8_000_000
	oneSearch = 400_000
)

// Conflicts finds globs of different sources that name the same file, now or ever, at most one pair for each two sources; and globs
// that can name none. Sources with bad globs are left out, and so are globs that are too intricate to decide.
func Conflicts(sources []Source) []Conflict {
	var all []Conflict
	search := searcher{left: maxSearch}
	sets := make([]*globSet, len(sources))
	for i, source := range sources {
		set, err := compile(source)
		if err != nil {
			continue
		}
		sets[i] = set
		for g, p := range set.paths {
			if search.isUseless(set, p) {
				all = append(all, Conflict{Source: i, Glob: g, With: -1})
			}
		}
		for j, other := range sets[:i] {
			if other == nil {
				continue
			}
			if c, found := search.overlap(set, other); found {
				c.Source, c.With = i, j
				all = append(all, c)
			}
		}
	}
	return all
}

// Names says whether a source names the file at a path, now or ever.
func Names(s Source, path string) bool {
	g, err := compile(s)
	if err != nil {
		return false
	}
	path, err = filepath.Abs(path)
	return err == nil && g.matches(path)
}

// searcher looks for paths that globs name.
type searcher struct{ left int } // states that may still be looked at

func (s *searcher) isUseless(set *globSet, p string) bool {
	if literal(p) == len(p) {
		return set.excludes(p)
	}
	if _, decided := s.find([]string{p}, 0, set); !decided {
		return false
	}
	return s.example([]string{p}, set) == "" && s.left > 0
}

// overlap finds a file that two sets name.
func (s *searcher) overlap(set, other *globSet) (Conflict, bool) {
	for i, p := range set.paths {
		for j, q := range other.paths {
			if !mayMeet(p, q) {
				continue
			}
			if example := s.example([]string{p, q}, set, other); example != "" {
				return Conflict{Glob: i, WithGlob: j, Example: example}, true
			}
		}
	}
	return Conflict{}, false
}

// mayMeet is quick, and sure if it says no: both globs are compared up to the first thing in either that stands for others.
func mayMeet(p, q string) bool {
	a, b := literal(p), literal(q)
	if a == len(p) && b == len(q) {
		return p == q
	}
	return strings.HasPrefix(p[:a], q[:b]) || strings.HasPrefix(q[:b], p[:a])
}

func literal(pattern string) int {
	if i := strings.IndexAny(pattern, `*?[{\`); i >= 0 {
		return i
	}
	return len(pattern)
}

// example returns a path that all patterns match and no set excludes, "" if there is none. It looks like a name if it can.
func (s *searcher) example(patterns []string, sets ...*globSet) string {
	for _, least := range []int{3, 1, 0} {
		if path, _ := s.find(patterns, least, sets...); path != "" {
			return path
		}
	}
	return ""
}

// find reads all patterns side by side, one rune after another, breadth first. decided is false if it gave up.
func (s *searcher) find(patterns []string, least int, sets ...*globSet) (path string, decided bool) {
	if s.left <= 0 {
		return "", false
	}
	var machines []*glob
	for _, p := range patterns {
		machines = append(machines, readGlob(p, least))
	}
	machines = append(machines, cleanPaths())
	wanted := len(machines)
	for _, set := range sets {
		for _, p := range append(slices.Clone(set.exclude), "*.gz", "*.zst", "*.bz2", "*.xz", "*.lz4") {
			if strings.Contains(p, "/") {
				machines = append(machines, readGlob(p, 0))
			} else {
				machines = append(machines, readBaseGlob(p, 0))
			}
		}
	}
	begin := make([][]int, len(machines))
	for i, m := range machines {
		s.left -= len(m.states)
		begin[i] = m.close([]int{0})
	}
	type step struct {
		at   [][]int
		from int
		read rune
	}
	steps := []step{{at: begin, from: -1}}
	seen := map[string]bool{keyOf(begin): true}
	most := min(oneSearch, s.left)
	work := 0
	defer func() { s.left -= work }()
	for i := 0; i < len(steps); i++ {
		at := steps[i].at
		if accepted(machines, at, wanted) {
			var runes []rune
			for j := i; steps[j].from >= 0; j = steps[j].from {
				runes = append(runes, steps[j].read)
			}
			slices.Reverse(runes)
			// doublestar has the last word.
			path := string(runes)
			if isNamed(path, patterns, sets) {
				return path, true
			}
		}
		for _, r := range telling(machines, at) {
			next := make([][]int, len(machines))
			alive := true
			for k, m := range machines {
				if alive {
					next[k] = m.read(at[k], r)
					work += 1 + len(at[k]) + len(next[k])
				}
				alive = alive && (k >= wanted || len(next[k]) > 0)
			}
			if work > most {
				return "", false
			}
			if !alive {
				continue
			}
			if key := keyOf(next); !seen[key] {
				seen[key] = true
				steps = append(steps, step{next, i, r})
			}
		}
	}
	return "", true
}

func isNamed(path string, patterns []string, sets []*globSet) bool {
	for _, p := range patterns {
		if !doublestar.MatchUnvalidated(p, path) {
			return false
		}
	}
	return filepath.Clean(path) == path && !slices.ContainsFunc(sets, func(g *globSet) bool { return g.excludes(path) })
}

// accepted says whether the path may be over: all wanted machines say so, and none of the others.
func accepted(machines []*glob, at [][]int, wanted int) bool {
	for i, m := range machines {
		if slices.Contains(at[i], m.last) != (i < wanted) {
			return false
		}
	}
	return true
}

// telling returns runes that the machines treat differently: every other rune is treated as one of these is.
func telling(machines []*glob, at [][]int) []rune {
	runes := []rune{'a', 'b', 'c', '/'}
	have := map[rune]bool{'a': true, 'b': true, 'c': true, '/': true}
	add := func(r rune) {
		if r > 0 && !have[r] {
			have[r] = true
			runes = append(runes, r)
		}
	}
	for i, m := range machines {
		for _, s := range at[i] {
			for _, e := range m.states[s].edges {
				for _, x := range e.ranges {
					add(x.low)
					add(x.high)
					add(x.low - 1)
					add(x.high + 1)
				}
			}
		}
	}
	return runes
}

// close adds the states in which one may be without reading anything, and sorts.
func (g *glob) close(states []int) []int {
	in := make([]bool, len(g.states))
	for _, s := range states {
		in[s] = true
	}
	for i := 0; i < len(states); i++ {
		for _, s := range g.states[states[i]].silent {
			if !in[s] {
				in[s] = true
				states = append(states, s)
			}
		}
	}
	slices.Sort(states)
	return slices.Compact(states)
}

func (g *glob) read(states []int, r rune) []int {
	var next []int
	for _, s := range states {
		for i := range g.states[s].edges {
			if e := &g.states[s].edges[i]; e.takes(r) {
				next = append(next, e.to)
			}
		}
	}
	if next == nil {
		return nil
	}
	slices.Sort(next)
	return g.close(slices.Compact(next))
}

func keyOf(at [][]int) string {
	var key []byte
	for _, states := range at {
		for _, s := range states {
			key = strconv.AppendInt(append(key, ' '), int64(s), 36)
		}
		key = append(key, '|')
	}
	return string(key)
}

// cleanPaths reads absolute paths in which no two slashes stand beside one another, and none at the end.
func cleanPaths() *glob {
	slash := func(to int) globEdge { return globEdge{ranges: []runeRange{{'/', '/'}}, to: to} }
	const root, name = 1, 2
	return &glob{last: name, states: []globState{
		{edges: []globEdge{slash(root)}},
		root: {edges: []globEdge{{not: true, to: name}}},
		name: {edges: []globEdge{{not: true, to: name}, slash(root)}},
	}}
}
