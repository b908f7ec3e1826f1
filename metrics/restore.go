package metrics

import (
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"google.golang.org/protobuf/types/known/timestamppb"
)

// Restore puts saved counts into the table, on top of what it has. It is called once, before the first scrape. Sources
// that nobody has asked for yet are not shown until somebody does, and saved along with the others. Nothing is restored
// if any part of the snapshot cannot be right.
//
// The catalog and the options may have changed since. A series whose labels are no longer made stays where it stood if it has counted
// anything within a day, so that nobody misses its last event, and is forgotten else; one whose code label is now folded away is added
// to the series that it is folded into.
func (t *Table) Restore(saved *Snapshot) error {
	if err := saved.check(); err != nil {
		return fmt.Errorf("metrics: saved counts: %w", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range saved.Sources {
		from := &saved.Sources[i]
		at, ok := t.find(from.Name)
		if !ok {
			t.sources = slices.Insert(t.sources, at, newSource(t, from.Name))
		}
		t.sources[at].restore(from, saved.Zeros)
	}
	for reason, n := range saved.Dropped {
		t.dropped.restore(reason, n)
	}
	for kind, n := range saved.Redactions {
		t.redactions.restore(kind, n)
	}
	t.health.checkpointErrors.Add(saved.CheckpointErrors)
	return nil
}

// check refuses what would end in a broken exposition.
func (s *Snapshot) check() error {
	if s.Version != snapshotVersion {
		return fmt.Errorf("version %d is not known, only %d is", s.Version, snapshotVersion)
	}
	names := map[string]bool{}
	for _, source := range s.Sources {
		if source.Name == "" || !utf8.ValidString(source.Name) || names[source.Name] {
			return fmt.Errorf("source %q: the name is empty, damaged or there twice", source.Name)
		}
		names[source.Name] = true
		for _, series := range slices.Concat(source.Series, source.Unlisted) {
			if err := series.check(); err != nil {
				return fmt.Errorf("source %q, code %q, family %q: %w", source.Name, series.Code, series.Family, err)
			}
		}
	}
	return nil
}

func (s *SeriesSnapshot) check() error {
	switch {
	case s.History > s.Total:
		return fmt.Errorf("history %d is more than the total %d", s.History, s.Total)
	case s.Code != "" && !spelled(s.Code), !spelled(s.Family), s.Category != "" && !spelled(s.Category):
		return errors.New("not a label that is ever made")
	}
	return nil
}

func (s *Source) restore(saved *SourceSnapshot, zeros []SeriesKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.created = timestamp(saved.Created)
	for _, k := range zeros {
		if have, ok := s.errors.byKey[k.key()]; ok {
			have.created, have.shown = s.created, saved.ZerosShown
		}
	}
	seen := map[key]int64{}
	for _, l := range saved.Seen {
		seen[key{code: l.Code, category: l.Category}] = l.At
	}
	for _, from := range saved.Series {
		at, ok := seen[key{code: from.Code, category: from.Category}]
		if old, before := saved.LastSeen[from.Code]; before {
			at, ok = max(at, old), true
		}
		to := s.restoreError(from, at)
		if ok && to != nil && from.Total > 0 {
			s.see(to, at)
		}
	}
	for _, from := range saved.Unlisted {
		to, ok := s.unlisted.byKey[from.key()]
		if !ok {
			to = s.bornUnlisted(from.Family)
		}
		to.restore(from, s.created)
	}
	for _, t := range s.all() {
		for value, n := range saved.Activity[t.name] {
			t.restore(value, n)
		}
	}
}

// stays is how long after its last event a series is kept whose labels are no longer made.
const stays = 24 * time.Hour

// restoreError restores one series of the errors, where it belongs now; seen is the time of its last event. It returns nil where it
// belongs nowhere.
func (s *Source) restoreError(from SeriesSnapshot, seen int64) *series {
	k := s.plan.rekey(from.key())
	to, ok := s.errors.byKey[k]
	switch {
	case !ok && (from.Total == 0 || !s.plan.makes(k) && s.table.now().Sub(time.UnixMilli(seen)) > stays):
		return nil
	case !ok:
		to = s.born(k)
		if s.plan.unlisted(k) {
			s.names[k.family]++
		}
	}
	if k == from.key() {
		to.restore(from, s.created)
	} else {
		to.fold(from)
	}
	return to
}

// restore takes over a series under the same labels.
func (c *cell) restore(from SeriesSnapshot, created *timestamppb.Timestamp) {
	c.total += from.Total
	c.history += from.History
	c.shown = from.Shown
	c.created = created
	if from.Created != 0 {
		c.created = timestamp(from.Created)
	}
	c.restoreExemplar(from.Exemplar)
}

// fold adds a series that had a label of its own. What has been shown there must not look new here.
func (c *cell) fold(from SeriesSnapshot) {
	c.total += from.Total
	if from.Shown {
		c.history += from.Total
	} else {
		c.history += from.History
	}
	c.restoreExemplar(from.Exemplar)
}

func (c *cell) restoreExemplar(from *ExemplarSnapshot) {
	if from == nil {
		return
	}
	e, _ := exemplarOf(Occurrence{RequestID: from.RequestID, TraceID: from.TraceID})
	c.mark(e, from.Time)
}

// rekey returns the labels under which saved labels are counted now.
func (p *plan) rekey(k key) key {
	switch _, listed := p.catalog.Lookup(k.code); {
	case k.code == "":
	case listed:
		return p.key(k.code, k.family, k.category)
	case !p.unlistedLabelled:
		k.code = ""
	}
	return k
}

// unlisted reports whether labels are the own name of a code that the catalog does not list.
func (p *plan) unlisted(k key) bool {
	_, listed := p.catalog.Lookup(k.code)
	return !listed && k.code != "" && k.code != otherCode
}

func (k SeriesKey) key() key { return key{k.Code, k.Family, k.Category} }

func timestamp(ms int64) *timestamppb.Timestamp { return timestamppb.New(time.UnixMilli(ms)) }
