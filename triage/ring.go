package triage

import (
	"cmp"
	"slices"
	"time"
)

// Limits bound the recent events. A field that is 0 has its default.
type Limits struct {
	Events  int // in all; default 4096
	Bytes   int // of memory that they take; default 4 MiB
	PerCode int // default 100
}

func (l Limits) complete() Limits {
	return Limits{cmp.Or(l.Events, 4096), cmp.Or(l.Bytes, 4<<20), cmp.Or(l.PerCode, 100)}
}

// ring holds the recent events. Each code has its share: a code that floods pushes out its own events first, and then those of
// whichever code has most, so that what is rare stays. Within a code the same holds for its sources.
type ring struct {
	limits Limits
	shares map[string]*share // by code
	events int
	bytes  int
	seq    uint64
	// known are the identities of events that came from the file. After a crash they may be read again.
	known map[uint64]struct{}
}

// share are the events of one code, in the order in which they came.
type share struct {
	events  []kept
	bytes   int
	sources map[string]int // events by source
}

type kept struct {
	*Event
	seq uint64 // tells events of the same time apart
}

func newRing(l Limits) *ring {
	return &ring{limits: l.complete(), shares: map[string]*share{}, known: map[uint64]struct{}{}}
}

// wants reports whether an event would be kept, before anything is spent on it.
func (r *ring) wants(code, source string, at time.Time, identity uint64) bool {
	if _, ok := r.known[identity]; ok {
		return false
	}
	s := r.shares[code]
	if s == nil || len(s.events) < r.limits.PerCode || s.sources[source] < s.most() {
		return true
	}
	return !at.Before(s.events[s.victim()].Time)
}

// add keeps an event and returns how many had to go, which may be the event itself.
func (r *ring) add(e *Event) (dropped int) {
	s := r.shares[e.Code]
	if s == nil {
		s = &share{sources: map[string]int{}}
		r.shares[e.Code] = s
	}
	r.seq++
	s.events = append(s.events, kept{e, r.seq})
	s.sources[e.Source]++
	s.bytes += e.size()
	r.bytes += e.size()
	r.events++
	for len(s.events) > r.limits.PerCode {
		r.drop(e.Code)
		dropped++
	}
	for r.events > r.limits.Events {
		r.drop(r.biggest(func(s *share) int { return len(s.events) }))
		dropped++
	}
	for r.bytes > r.limits.Bytes {
		r.drop(r.biggest(func(s *share) int { return s.bytes }))
		dropped++
	}
	return dropped
}

// drop takes the victim of a share out.
func (r *ring) drop(code string) {
	s := r.shares[code]
	i := s.victim()
	e := s.events[i]
	s.events = slices.Delete(s.events, i, i+1)
	if s.sources[e.Source]--; s.sources[e.Source] == 0 {
		delete(s.sources, e.Source)
	}
	s.bytes -= e.size()
	r.bytes -= e.size()
	r.events--
	delete(r.known, e.Identity)
	if len(s.events) == 0 {
		delete(r.shares, code)
	}
}

// biggest returns the code whose share has most of something; of equals the one whose victim is the oldest.
func (r *ring) biggest(of func(*share) int) string {
	var code string
	var best *share
	for c, s := range r.shares {
		switch {
		case best == nil, of(s) > of(best):
		case of(s) < of(best), !s.events[s.victim()].before(best.events[best.victim()]):
			continue
		}
		code, best = c, s
	}
	return code
}

// most returns how many events the source has that has most.
func (s *share) most() int {
	most := 0
	for _, n := range s.sources {
		most = max(most, n)
	}
	return most
}

// victim returns the oldest event of the sources that have most of the share.
func (s *share) victim() int {
	most, oldest := s.most(), -1
	for i, e := range s.events {
		if s.sources[e.Source] == most && (oldest < 0 || e.before(s.events[oldest])) {
			oldest = i
		}
	}
	return oldest
}

func (k kept) before(other kept) bool {
	if c := k.Time.Compare(other.Time); c != 0 {
		return c < 0
	}
	return k.seq < other.seq
}

// newest returns the events that a filter accepts, the newest first.
func (r *ring) newest(accept func(*Event) bool) []Event {
	var all []kept
	for _, s := range r.shares {
		for _, e := range s.events {
			if accept(e.Event) {
				all = append(all, e)
			}
		}
	}
	return sorted(all)
}

// of returns the events of one code, the newest first.
func (r *ring) of(code string) []Event {
	s := r.shares[code]
	if s == nil {
		return nil
	}
	return sorted(slices.Clone(s.events))
}

func sorted(all []kept) []Event {
	slices.SortFunc(all, func(a, b kept) int {
		if a.before(b) {
			return 1
		}
		return -1
	})
	events := make([]Event, len(all))
	for i, e := range all {
		events[i] = *e.Event
	}
	return events
}
