package tailer

import (
	"strings"
	"unicode/utf8"
)

// glob is a pattern as a machine that reads a path rune by rune. It knows what doublestar knows, and decides what doublestar cannot:
// whether there is a path at all.
type glob struct {
	states []globState
	last   int // the one in which the path is over
}

type globState struct {
	silent []int // where one may be without reading anything
	edges  []globEdge
}

// globEdge is what may be read. A rune is one that is in a range, or in none of them if not is set; a slash only if all is set, or
// the range is that of the slash alone.
type globEdge struct {
	ranges []runeRange
	not    bool
	all    bool
	to     int
}

type runeRange struct{ low, high rune }

func (e *globEdge) takes(r rune) bool {
	if e.all {
		return true
	}
	in := false
	for _, x := range e.ranges {
		in = in || x.low <= r && r <= x.high
	}
	if r == '/' && (e.not || len(e.ranges) != 1 || e.ranges[0].low != e.ranges[0].high) {
		return false
	}
	return in != e.not
}

// globReader turns a valid pattern into a glob.
type globReader struct {
	glob
	pattern string
	pos     int
	least   int // runes that a star takes at least, for examples that look like names
}

func readGlob(pattern string, least int) *glob {
	r := &globReader{pattern: pattern, least: least}
	r.last = r.sequence(r.state(), 0)
	return &r.glob
}

// readBaseGlob is a glob for the name alone, of paths that begin with a slash.
func readBaseGlob(pattern string, least int) *glob {
	r := &globReader{pattern: pattern, least: least}
	begin, name := r.state(), r.state()
	r.states[begin].edges = []globEdge{{all: true, to: begin}, {ranges: []runeRange{{'/', '/'}}, to: name}}
	r.last = r.sequence(name, 0)
	return &r.glob
}

func (r *globReader) state() int {
	r.states = append(r.states, globState{})
	return len(r.states) - 1
}

// step adds a state that is reached from another by one rune.
func (r *globReader) step(from int, e globEdge) int {
	e.to = r.state()
	r.states[from].edges = append(r.states[from].edges, e)
	return e.to
}

func (r *globReader) silently(from, to int) {
	r.states[from].silent = append(r.states[from].silent, to)
}

// sequence reads up to the end of the pattern or, between braces, of the alternative.
func (r *globReader) sequence(at, depth int) int {
	for r.pos < len(r.pattern) {
		c, size := utf8.DecodeRuneInString(r.pattern[r.pos:])
		switch {
		case depth > 0 && (c == ',' || c == '}'):
			return at
		case strings.HasPrefix(r.pattern[r.pos:], "**") && r.isComponent():
			at = r.folders(at)
			continue
		case r.pattern[r.pos:] == "/**":
			// The folder itself is matched as well.
			next := r.state()
			r.silently(at, next)
			r.states[next].edges = append(r.states[next].edges, globEdge{ranges: []runeRange{{'/', '/'}}, to: r.state()})
			within := len(r.states) - 1
			r.states[within].edges = append(r.states[within].edges, globEdge{all: true, to: within})
			done := r.state()
			r.silently(next, done)
			r.silently(within, done)
			at, r.pos = done, len(r.pattern)
			continue
		case c == '*':
			r.pos++
			for range r.least {
				at = r.step(at, globEdge{not: true})
			}
			r.states[at].edges = append(r.states[at].edges, globEdge{not: true, to: at})
			next := r.state()
			r.silently(at, next)
			at = next
			continue
		case c == '?':
			at = r.step(at, globEdge{not: true})
		case c == '[':
			at = r.step(at, r.class())
			continue
		case c == '{':
			at = r.alternatives(at, depth)
			continue
		case c == '\\':
			r.pos++
			c, size = utf8.DecodeRuneInString(r.pattern[r.pos:])
			at = r.step(at, globEdge{ranges: []runeRange{{c, c}}})
		default:
			at = r.step(at, globEdge{ranges: []runeRange{{c, c}}})
		}
		r.pos += size
	}
	return at
}

// isComponent says whether the two stars at the position stand alone between slashes.
func (r *globReader) isComponent() bool {
	before, after := r.pattern[:r.pos], r.pattern[r.pos+2:]
	return (before == "" || strings.HasSuffix(before, "/")) && (after == "" || after[0] == '/')
}

// folders reads ** and, unless it is at the end, the slash behind it.
func (r *globReader) folders(at int) int {
	r.pos += 2
	next := r.state()
	r.silently(at, next)
	if r.pos == len(r.pattern) {
		r.states[next].edges = append(r.states[next].edges, globEdge{all: true, to: next})
		return next
	}
	r.pos++
	within := r.state()
	r.silently(next, within)
	r.states[within].edges = append(r.states[within].edges, globEdge{not: true, to: within}, globEdge{ranges: []runeRange{{'/', '/'}}, to: next})
	done := r.state()
	r.silently(next, done)
	return done
}

// class reads [...].
func (r *globReader) class() globEdge {
	r.pos++
	var e globEdge
	if c := r.pattern[r.pos]; c == '!' || c == '^' {
		e.not = true
		r.pos++
	}
	for first := true; r.pos < len(r.pattern) && (first || r.pattern[r.pos] != ']'); first = false {
		low := r.classRune()
		high := low
		if rest := r.pattern[r.pos:]; len(rest) > 1 && rest[0] == '-' && rest[1] != ']' {
			r.pos++
			high = r.classRune()
		}
		e.ranges = append(e.ranges, runeRange{low, high})
	}
	r.pos = min(r.pos+1, len(r.pattern))
	return e
}

func (r *globReader) classRune() rune {
	if r.pattern[r.pos] == '\\' {
		r.pos++
	}
	c, size := utf8.DecodeRuneInString(r.pattern[r.pos:])
	r.pos += size
	return c
}

// alternatives reads {a,b}.
func (r *globReader) alternatives(at, depth int) int {
	done := r.state()
	for r.pos < len(r.pattern) && r.pattern[r.pos] != '}' {
		r.pos++ // the brace or a comma
		begin := r.state()
		r.silently(at, begin)
		r.silently(r.sequence(begin, depth+1), done)
	}
	r.pos = min(r.pos+1, len(r.pattern))
	return done
}
