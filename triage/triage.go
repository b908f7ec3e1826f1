// Package triage is what an on-call engineer opens first: which codes are failing, since when, how often, who must act, what to do,
// which request IDs go into the ticket, and what is known about whether it is over.
//
// A [Board] counts what it is told of, keeps the recent events, masked, and serves both as pages and as JSON.
package triage

import (
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"errcode_exporter/catalog"
	"errcode_exporter/redact"
)

// Reasons for which a Board drops something; see Options.
const (
	DroppedEvents   = "recent_events" // events that had to make room for others, or found none
	DroppedExcerpts = "excerpts"      // events that were kept without their line, since there were too many, or masking would have held up reading
	DroppedIDs      = "recent_ids"    // request and trace IDs that may not be shown
	DroppedCodes    = "recent_codes"  // events of unlisted codes that were counted together, since there were too many names
)

// DropReasons returns every reason, so that a counter can show each from 0.
func DropReasons() []string {
	return []string{DroppedEvents, DroppedExcerpts, DroppedIDs, DroppedCodes}
}

// Options say what a Board shows. Only Catalog is needed.
type Options struct {
	Catalog *catalog.Catalog
	Limits  Limits // of the recent events
	// Redacted is told how many secrets of a kind were masked, Dropped how many things were dropped for a reason. Both may be called
	// by several goroutines at once, with no lock of the Board held.
	Redacted func(kind redact.Kind, n int)
	Dropped  func(reason string, n int)
	// Logger gets what goes wrong while a request is answered.
	Logger *slog.Logger
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Board knows what has happened. It is safe for concurrent use.
type Board struct {
	Options
	catalog  atomic.Pointer[catalog.Catalog]
	redactor *redact.Redactor

	mu     sync.Mutex // guards what follows
	tally  *tally
	ring   *ring
	budget budget
	saved  uint64 // the ring's seq that is on disk
}

// New returns a Board on which nothing has happened.
func New(o Options) *Board {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Dropped == nil {
		o.Dropped = func(string, int) {}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	b := &Board{Options: o, redactor: redact.New(redact.Options{Count: o.Redacted}), tally: newTally(o.Now()), ring: newRing(o.Limits)}
	b.catalog.Store(o.Catalog)
	return b
}

// SetCatalog changes what codes mean, also of events that were before.
func (b *Board) SetCatalog(c *catalog.Catalog) { b.catalog.Store(c) }

// See counts an event and keeps it.
func (b *Board) See(s Sighting) {
	for _, f := range s.Findings {
		b.see(&s, f)
	}
}

func (b *Board) see(s *Sighting, f catalog.Finding) {
	identity := s.identity(f.Name)
	now := b.Now()

	b.mu.Lock()
	name, folded := b.tally.name(f)
	b.tally.add(name, f, s.Source, s.Time, now)
	wanted := b.ring.wants(name, s.Source, s.Time, identity)
	_, again := b.ring.known[identity]
	mask := false
	if wanted {
		share := b.ring.shares[name]
		if share == nil {
			share = &b.ring.unknown
		}
		mask = b.budget.allows(now, share.events < rare, &share.flood)
	}
	b.mu.Unlock()

	if folded {
		b.Dropped(DroppedCodes, 1)
	}
	if !wanted {
		if !again {
			b.Dropped(DroppedEvents, 1)
		}
		return
	}
	e := b.event(s, f, name, identity)
	var took time.Duration
	if mask {
		e.Excerpt = b.excerpt(s.Text, f.Name)
		took = b.Now().Sub(now)
	} else {
		b.Dropped(DroppedExcerpts, 1)
	}
	b.mu.Lock()
	b.budget.spend(took)
	dropped := b.ring.add(e)
	b.mu.Unlock()
	if dropped > 0 {
		b.Dropped(DroppedEvents, dropped)
	}
}

// event makes what is kept of a sighting, but for the excerpt.
func (b *Board) event(s *Sighting, f catalog.Finding, name string, identity uint64) *Event {
	e := &Event{
		Time: s.Time, Code: name, Family: f.Family, Source: s.Source, Identity: identity,
		RequestID: plain(b.redactor, s.RequestID), TraceID: plain(b.redactor, s.TraceID),
	}
	if f.Cause != nil {
		e.Cause = f.Cause.Words
	}
	refused := 0
	if s.RequestID != "" && e.RequestID == "" {
		refused++
	}
	if s.TraceID != "" && e.TraceID == "" {
		refused++
	}
	if refused > 0 {
		b.Dropped(DroppedIDs, refused)
	}
	return e
}
