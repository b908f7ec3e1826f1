// Package metrics counts what the logs name and shows the counts to Prometheus.
//
// The counts are kept in a table of this package's own, not in client_golang's counters, for three reasons: a consistent
// cut of all of them can be taken and restored later, a series can show 0 in the first scrape that shows it although an
// event came before that scrape, and rendering tens of thousands of series stays cheap. On the wire everything is what
// client_golang would write: the table is a Gatherer, encoded by promhttp.
//
//	table := metrics.New(metrics.Options{Catalog: c})
//	table.Restore(saved)                       // if there is something saved
//	source := table.Source("search-api")       // all its series exist from here on
//	http.Handle("/metrics", table.Handler(metrics.HandlerOptions{}))
//	source.Count(finding, metrics.Occurrence{Time: lineTime, RequestID: id})
package metrics

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"errcode_exporter/catalog"
)

// program begins the names of the metrics that are about the exporter itself.
const program = "errcode_exporter"

// DefaultUnlistedLimit is how many distinct unlisted codes keep their own name where Options do not say.
const DefaultUnlistedLimit = 16

// Options say what a Table shows. Only Catalog is needed.
type Options struct {
	Catalog *catalog.Catalog
	// Detail decides how many codes keep a series of their own.
	Detail Detail
	// UnlistedLimit is the number of distinct unlisted codes, per family and source, that keep their own name; further
	// ones share code="other". 0 means DefaultUnlistedLimit, a negative number means that none keeps its name.
	UnlistedLimit int
	// CodeInfo adds huaweicloud_api_error_code_info, one series for each code and category.
	CodeInfo bool
	// LostBytesReasons are the reasons for which bytes can be lost, each shown from 0 for every source. Empty means
	// truncated and too_long.
	LostBytesReasons []string
	// RedactionKinds are the kinds of secrets that can be masked, and DroppedReasons further reasons of Dropped; each is shown from 0.
	RedactionKinds, DroppedReasons []string
	// NoRuntime leaves out go_* and process_*.
	NoRuntime bool
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Table holds every count. It is safe for concurrent use.
//
// Locks are taken in the order mu, then the sources by name; Count takes its source's lock only.
type Table struct {
	now         func() time.Time
	lostReasons []string
	program     prometheus.Gatherer // build_info, go_*, process_*
	health      health
	dropped     tallies
	redactions  tallies

	mu      sync.RWMutex
	plan    *plan
	sources []*Source // sorted by name
	status  func() []SourceStatus
}

// New returns a table without sources. The configuration counts as loaded now.
func New(o Options) *Table {
	t := &Table{
		now:         o.Now,
		lostReasons: o.LostBytesReasons,
		program:     programGatherer(!o.NoRuntime),
	}
	if t.now == nil {
		t.now = time.Now
	}
	if len(t.lostReasons) == 0 {
		t.lostReasons = []string{LostTooLong, LostTruncated}
	}
	t.plan = newPlan(o)
	t.dropped = newTallies("", "reason", append([]string{DroppedEventCodes, DroppedExemplar, DroppedMuted, DroppedUnlistedNames}, o.DroppedReasons...))
	t.redactions = newTallies("", "kind", o.RedactionKinds)
	t.health.reloaded(t.now())
	return t
}

// Source returns the source with this name (the source label). Asked for the first time it creates it: from then on all
// series that need no event exist, at 0 or at what was restored. A source is never taken away.
func (t *Table) Source(name string) *Source {
	t.mu.RLock()
	i, ok := t.find(name)
	if ok && t.sources[i].awake && !t.sources[i].retired {
		defer t.mu.RUnlock()
		return t.sources[i]
	}
	t.mu.RUnlock()

	t.mu.Lock()
	defer t.mu.Unlock()
	i, ok = t.find(name)
	if !ok {
		t.sources = slices.Insert(t.sources, i, newSource(t, name))
	}
	t.sources[i].awake, t.sources[i].retired = true, false
	return t.sources[i]
}

// find says where the source is, or where it would be.
func (t *Table) find(name string) (int, bool) {
	return slices.BinarySearchFunc(t.sources, name, func(s *Source, name string) int { return strings.Compare(s.name, name) })
}

// Reconfigure changes what codes mean and which series there are, for a reload: of the options it takes those that a configuration has.
// Series that are new begin at 0, also those that a code gets because its category has changed. Those that are no longer made stay as
// they are until a restart, since a counter that vanishes under a running program looks like a fault.
func (t *Table) Reconfigure(o Options) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.plan = newPlan(o)
	for _, s := range t.sources {
		s.mu.Lock()
		s.adopt(t.plan)
		s.mu.Unlock()
	}
}

// Retire says that a source is not read any more. Its counters stay, and go on if it is asked for again; what is said of its files is no
// longer said, so that it does not look like a source whose files are missing.
func (t *Table) Retire(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if i, ok := t.find(name); ok {
		t.sources[i].retired = true
	}
}

// Reasons of errcode_exporter_dropped_total.
const (
	DroppedEventCodes    = "event_codes"    // codes of one event beyond those that an event may count
	DroppedExemplar      = "exemplar"       // request and trace IDs that may not or cannot be an exemplar
	DroppedMuted         = "muted"          // codes that a record named and the catalog mutes
	DroppedUnlistedNames = "unlisted_names" // events whose unlisted code was counted as code="other"
)

// Dropped counts n things that a bound cut off. A reason that is not known is counted as "other".
func (t *Table) Dropped(reason string, n int) { t.dropped.add(reason, int64(n)) }

// Redacted counts n secrets of a kind that were masked. A kind that is not known is counted as "other".
func (t *Table) Redacted(kind string, n int) { t.redactions.add(kind, int64(n)) }
