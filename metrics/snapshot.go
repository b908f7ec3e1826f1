package metrics

import (
	"google.golang.org/protobuf/types/known/timestamppb"
)

// snapshotVersion is the version of Snapshot that is written. A later one must go on reading the earlier ones.
const snapshotVersion = 1

// Snapshot is a cut as plain data, to be saved and restored. Times are Unix milliseconds. What is as it was at the
// beginning takes no room, so its size follows the codes that have occurred rather than those that exist.
type Snapshot struct {
	Version int `json:"version"`
	// Zeros are the series that each source had from the beginning. Those that Series does not have are at 0.
	Zeros   []SeriesKey      `json:"zeros"`
	Sources []SourceSnapshot `json:"sources"`

	Dropped          map[string]uint64 `json:"dropped,omitempty"`    // by reason
	Redactions       map[string]uint64 `json:"redactions,omitempty"` // by kind
	CheckpointErrors uint64            `json:"checkpoint_errors,omitempty"`
}

// SeriesKey is the labels of a series but for its source. For the count of a family's unlisted codes only Family is set.
type SeriesKey struct {
	Code     string `json:"code,omitempty"`
	Family   string `json:"family"`
	Category string `json:"category,omitempty"`
}

// SourceSnapshot is one source.
type SourceSnapshot struct {
	Name    string `json:"name"`
	Created int64  `json:"created"` // of every series that does not say otherwise
	// ZerosShown says whether the series of Zeros that Series does not have were shown by a scrape.
	ZerosShown bool             `json:"zeros_shown"`
	Series     []SeriesSnapshot `json:"series,omitempty"`
	Unlisted   []SeriesSnapshot `json:"unlisted,omitempty"` // counts of unlisted codes, by family
	// Seen is the time of the latest event by code and category label.
	Seen []SeenSnapshot `json:"seen,omitempty"`
	// LastSeen is what was saved before there was Seen: the same by code label alone.
	LastSeen map[string]int64 `json:"last_seen,omitempty"`
	// Activity is the counters about reading that are not 0, by name and label value.
	Activity map[string]map[string]uint64 `json:"activity,omitempty"`
}

// SeenSnapshot is when an event happened last.
type SeenSnapshot struct {
	Code     string `json:"code,omitempty"`
	Category string `json:"category"`
	At       int64  `json:"at"`
}

// SeriesSnapshot is one counter.
type SeriesSnapshot struct {
	SeriesKey
	Total    uint64            `json:"total"`
	History  uint64            `json:"history,omitempty"` // the part that was there at the very first start
	Shown    bool              `json:"shown,omitempty"`   // whether a scrape has shown the series
	Created  int64             `json:"created,omitempty"`
	Exemplar *ExemplarSnapshot `json:"exemplar,omitempty"`
}

// ExemplarSnapshot is the event that a counter names as an example.
type ExemplarSnapshot struct {
	RequestID string `json:"request_id,omitempty"`
	TraceID   string `json:"trace_id,omitempty"`
	Time      int64  `json:"time"`
}

// Snapshot takes a cut and returns it as plain data.
func (t *Table) Snapshot() *Snapshot { return t.Cut().Snapshot() }

// Snapshot returns the cut as plain data. Sources that were restored and have not been asked for since are part of it.
func (c *Cut) Snapshot() *Snapshot {
	snap := &Snapshot{Version: snapshotVersion, CheckpointErrors: c.checkpointErrors}
	for _, k := range c.plan.keys {
		snap.Zeros = append(snap.Zeros, SeriesKey{k.code, k.family, k.category})
	}
	for i := range c.sources {
		snap.Sources = append(snap.Sources, c.sources[i].snapshot())
	}
	for i := range c.asleep {
		snap.Sources = append(snap.Sources, c.asleep[i].snapshot())
	}
	snap.Dropped = c.table.dropped.named(c.dropped)
	snap.Redactions = c.table.redactions.named(c.redactions)
	return snap
}

func (c *sourceCut) snapshot() SourceSnapshot {
	s := SourceSnapshot{Name: c.source.name, Created: millis(c.created)}
	s.ZerosShown = c.errors.mostlyShown()
	for i := range c.errors.cells {
		e := &c.errors.cells[i]
		if e.total == 0 && e.shown == s.ZerosShown && e.created == c.created {
			continue
		}
		s.Series = append(s.Series, e.snapshot(c.errors.series[i].key, c.created))
	}
	for i := range c.unlisted.cells {
		s.Unlisted = append(s.Unlisted, c.unlisted.cells[i].snapshot(c.unlisted.series[i].key, c.created))
	}
	for _, l := range c.lastSeen {
		s.Seen = append(s.Seen, SeenSnapshot{l.code, l.category, l.at})
	}
	for i, t := range c.source.all() {
		if counts := t.named(c.activity[i]); counts != nil {
			if s.Activity == nil {
				s.Activity = map[string]map[string]uint64{}
			}
			s.Activity[t.name] = counts
		}
	}
	return s
}

// mostlyShown decides what is not worth saying of each series.
func (g *groupCut) mostlyShown() bool {
	n := 0
	for i := range g.cells {
		if g.cells[i].shown {
			n++
		}
	}
	return n > len(g.cells)/2
}

func (c *cell) snapshot(k key, created *timestamppb.Timestamp) SeriesSnapshot {
	s := SeriesSnapshot{SeriesKey: SeriesKey{k.code, k.family, k.category}, Total: c.total, History: c.history, Shown: c.shown}
	if c.created != created {
		s.Created = millis(c.created)
	}
	if c.exemplar != nil {
		s.Exemplar = &ExemplarSnapshot{c.exemplar.request, c.exemplar.trace, c.at}
	}
	return s
}

// named returns the counts that are not 0 by label value; nil where all are.
func (t *tallies) named(counts []uint64) map[string]uint64 {
	var byValue map[string]uint64
	for i, n := range counts {
		if n == 0 {
			continue
		}
		if byValue == nil {
			byValue = map[string]uint64{}
		}
		byValue[t.values[i]] = n
	}
	return byValue
}

func millis(t *timestamppb.Timestamp) int64 { return t.AsTime().UnixMilli() }
