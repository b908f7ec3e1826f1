package triage

import (
	"strings"
	"time"

	"errcode_exporter/catalog"
)

// maxUnlisted is how many codes of a family that the catalog lacks are counted under their own name. The others are counted together:
// a log may name as many as it likes.
const maxUnlisted = 64

// others is the name under which they are counted.
func others(family string) string { return family + ".other" }

// tally counts events by code, source and cause. What a code means is looked up when it is shown, since a reload may change it.
type tally struct {
	since    time.Time // when counting began
	codes    map[string]*record
	unlisted map[string]int // names by family
	changes  uint64         // goes up with every change
}

// record is what is known of one code.
type record struct {
	family string
	listed bool // by the catalog, when it first occurred
	cells  map[place]*cell
}

// place is where, and with which of its meanings, a code occurred.
type place struct{ source, cause string }

// cell counts. Times are Unix milliseconds.
type cell struct {
	total       uint64
	first, last int64
	course      *minutes // nil if nothing happened within the last hour
}

func newTally(since time.Time) *tally {
	return &tally{since: since, codes: map[string]*record{}, unlisted: map[string]int{}}
}

// name returns under which name a finding is counted. It is a copy: the finding's may be part of a line.
func (t *tally) name(f catalog.Finding) (name string, folded bool) {
	if f.Code != nil {
		return f.Code.Name, false
	}
	if _, ok := t.codes[f.Name]; ok {
		return strings.Clone(f.Name), false
	}
	if t.unlisted[f.Family] >= maxUnlisted {
		return others(f.Family), true
	}
	return strings.Clone(f.Name), false
}

// add counts an event under a name that name returned.
func (t *tally) add(name string, f catalog.Finding, source string, at, now time.Time) {
	r, ok := t.codes[name]
	if !ok {
		r = &record{family: strings.Clone(f.Family), listed: f.Code != nil, cells: map[place]*cell{}}
		t.codes[name] = r
		if f.Code == nil && name != others(f.Family) {
			t.unlisted[r.family]++
		}
	}
	p := place{source: source}
	if f.Cause != nil {
		p.cause = f.Cause.Words
	}
	c, ok := r.cells[p]
	ms := at.UnixMilli()
	if !ok {
		c = &cell{first: ms, last: ms}
		r.cells[place{strings.Clone(source), p.cause}] = c
	}
	c.total++
	c.first, c.last = min(c.first, ms), max(c.last, ms)
	if now.Sub(at) < window*time.Minute {
		if c.course == nil {
			c.course = &minutes{}
		}
		c.course.add(at)
	}
	t.changes++
}
