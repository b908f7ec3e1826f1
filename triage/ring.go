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
	all    []*share          // the same, which is quicker to go through
	events int
	bytes  int
	seq    uint64
	// unknown stands for the share of a code that has none. It is always empty.
	unknown share
	// known are the identities of events that came from the file. After a crash they may be read again.
	known map[uint64]struct{}
}

// share are the events of one code.
type share struct {
	code   string
	queues map[string]*queue // by source
	events int
	bytes  int
	// victim is the queue that loses the next event: the one that has most, of equals the one with the oldest event.
	victim *queue
	flood  flood
	at     int // in ring.all
}

// queue are the events of one code in one source, the oldest first. It is never empty.
type queue struct {
	source string
	events []kept
}

type kept struct {
	*Event
	seq uint64 // tells events of the same time apart
}

func (k kept) compare(other kept) int {
	return cmp.Or(k.Time.Compare(other.Time), cmp.Compare(k.seq, other.seq))
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
	if s == nil || s.events < r.limits.PerCode || s.victim.source != source {
		return true
	}
	return !at.Before(s.victim.events[0].Time)
}

// add keeps an event and returns how many had to go, which may be the event itself.
func (r *ring) add(e *Event) (dropped int) {
	s := r.shares[e.Code]
	if s == nil {
		s = &share{code: e.Code, queues: map[string]*queue{}, at: len(r.all)}
		r.shares[e.Code], r.all = s, append(r.all, s)
	}
	r.seq++
	s.add(kept{e, r.seq})
	r.bytes += e.size()
	r.events++
	for s.events > r.limits.PerCode {
		r.drop(s)
		dropped++
	}
	for r.events > r.limits.Events {
		r.drop(r.biggest(func(s *share) int { return s.events }))
		dropped++
	}
	for r.bytes > r.limits.Bytes {
		r.drop(r.biggest(func(s *share) int { return s.bytes }))
		dropped++
	}
	return dropped
}

// add puts an event where its time belongs, which is nearly always the end.
func (s *share) add(k kept) {
	q := s.queues[k.Source]
	if q == nil {
		q = &queue{source: k.Source}
		s.queues[k.Source] = q
	}
	i := len(q.events)
	if i > 0 && k.compare(q.events[i-1]) < 0 {
		i, _ = slices.BinarySearchFunc(q.events, k, kept.compare)
	}
	q.events = slices.Insert(q.events, i, k)
	s.events++
	s.bytes += k.size()
	if s.victim == nil || q == s.victim || q.suffers(s.victim) {
		s.victim = q
	}
}

// suffers reports whether a queue loses an event before another one does.
func (q *queue) suffers(other *queue) bool {
	if len(q.events) != len(other.events) {
		return len(q.events) > len(other.events)
	}
	return q.events[0].compare(other.events[0]) < 0
}

// drop takes the victim of a share out.
func (r *ring) drop(s *share) {
	q := s.victim
	e := q.events[0]
	q.events = slices.Delete(q.events, 0, 1)
	if len(q.events) == 0 {
		delete(s.queues, q.source)
	}
	s.events--
	s.bytes -= e.size()
	r.bytes -= e.size()
	r.events--
	delete(r.known, e.Identity)
	if s.events == 0 {
		delete(r.shares, s.code)
		last := r.all[len(r.all)-1]
		r.all[s.at], last.at = last, s.at
		r.all = r.all[:len(r.all)-1]
		return
	}
	s.victim = nil
	for _, q := range s.queues {
		if s.victim == nil || q.suffers(s.victim) {
			s.victim = q
		}
	}
}

// biggest returns the share that has most of something; of equals the one whose victim is the oldest.
func (r *ring) biggest(of func(*share) int) *share {
	var best *share
	most := 0
	for _, s := range r.all {
		n := of(s)
		if best == nil || n > most || n == most && s.victim.events[0].compare(best.victim.events[0]) < 0 {
			best, most = s, n
		}
	}
	return best
}

// newest returns the events that a filter accepts, the newest first.
func (r *ring) newest(accept func(*Event) bool) []Event {
	var all []kept
	for _, s := range r.all {
		all = s.appendTo(all, accept)
	}
	return sorted(all)
}

// of returns the events of one code, the newest first.
func (r *ring) of(code string) []Event {
	s := r.shares[code]
	if s == nil {
		return nil
	}
	return sorted(s.appendTo(nil, func(*Event) bool { return true }))
}

func (s *share) appendTo(all []kept, accept func(*Event) bool) []kept {
	for _, q := range s.queues {
		for _, e := range q.events {
			if accept(e.Event) {
				all = append(all, e)
			}
		}
	}
	return all
}

func sorted(all []kept) []Event {
	slices.SortFunc(all, func(a, b kept) int { return b.compare(a) })
	events := make([]Event, len(all))
	for i, e := range all {
		events[i] = *e.Event
	}
	return events
}
