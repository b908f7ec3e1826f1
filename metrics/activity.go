package metrics

import (
	"slices"
	"sync/atomic"

	dto "github.com/prometheus/client_model/go"
)

// Label values of the counters about reading. Each exists from 0 for every source.
const (
	LineTooLong = "too_long" // LineErrors: longer than is looked at
	LineNotUTF8 = "not_utf8"
	LineBadJSON = "bad_json"

	SourceOpen  = "open" // SourceError
	SourceRead  = "read"
	SourceWatch = "watch"

	RotationRename   = "rename" // Rotation
	RotationTruncate = "truncate"

	LostTooLong   = "too_long" // LostBytes, where Options do not say otherwise
	LostTruncated = "truncated"
)

// activity is what a source did apart from naming codes. Its counters are atomics: the tailer calls them for each block
// and for each line.
type activity struct {
	lines, matched, readBytes                      tallies
	lineErrors, sourceErrors, rotations, lostBytes tallies
}

func newActivity(lostReasons []string) activity {
	one := []string{""}
	return activity{
		lines:     newTallies("lines_total", "", one),
		matched:   newTallies("lines_matched_total", "", one),
		readBytes: newTallies("read_bytes_total", "", one),

		lineErrors:   newTallies("line_errors_total", "reason", []string{LineBadJSON, LineNotUTF8, LineTooLong}),
		sourceErrors: newTallies("source_errors_total", "reason", []string{SourceOpen, SourceRead, SourceWatch}),
		rotations:    newTallies("rotations_total", "kind", []string{RotationRename, RotationTruncate}),
		lostBytes:    newTallies("lost_bytes_total", "reason", lostReasons),
	}
}

// all lists the counters in the order of their names.
func (a *activity) all() [7]*tallies {
	return [...]*tallies{&a.lineErrors, &a.matched, &a.lines, &a.lostBytes, &a.readBytes, &a.rotations, &a.sourceErrors}
}

// label adds the source to the labels.
func (a *activity) label(source *dto.LabelPair) {
	for _, t := range a.all() {
		for i := range t.labels {
			t.labels[i] = append(t.labels[i], source)
		}
	}
}

// AddLines counts lines that were read.
func (s *Source) AddLines(n int) { s.lines.n[0].Add(positive(int64(n))) }

// AddMatchedLines counts lines that named a code.
func (s *Source) AddMatchedLines(n int) { s.matched.n[0].Add(positive(int64(n))) }

// AddReadBytes counts bytes that were read.
func (s *Source) AddReadBytes(n int) { s.readBytes.n[0].Add(positive(int64(n))) }

// LineErrors counts lines of which something could not be looked at.
func (s *Source) LineErrors(reason string, n int) { s.lineErrors.add(reason, int64(n)) }

// SourceError counts one failed attempt to open, read or watch a file.
func (s *Source) SourceError(reason string) { s.sourceErrors.add(reason, 1) }

// Rotation counts a file that lost its name or its content.
func (s *Source) Rotation(kind string) { s.rotations.add(kind, 1) }

// LostBytes counts bytes that are known to have been lost.
func (s *Source) LostBytes(reason string, n int64) { s.lostBytes.add(reason, n) }

// Dropped is the table's Dropped, for whoever has only a source in hand.
func (s *Source) Dropped(reason string, n int) { s.table.Dropped(reason, n) }

// tallies is one counter with at most one label of its own, of which all values are known. It counts what has another
// value as "other", which is shown only then: a reason that was forgotten here must not be lost.
type tallies struct {
	name   string // without the prefix of the program
	values []string
	labels [][]*dto.LabelPair
	n      []atomic.Uint64
}

func newTallies(name, label string, values []string) tallies {
	t := tallies{name: name}
	if label == "" {
		t.values, t.labels = values, make([][]*dto.LabelPair, 1)
	} else {
		t.values = slices.Clone(values)
		if !slices.Contains(values, otherCode) {
			t.values = append(t.values, otherCode)
		}
		for _, value := range t.values {
			t.labels = append(t.labels, labels(label, value))
		}
	}
	t.n = make([]atomic.Uint64, len(t.values))
	return t
}

// add looks through a handful of values, which is quicker than a map.
func (t *tallies) add(value string, n int64) { t.restore(value, positive(n)) }

func (t *tallies) restore(value string, n uint64) {
	i := slices.Index(t.values, value)
	if i < 0 {
		i = slices.Index(t.values, otherCode)
	}
	t.n[i].Add(n)
}

// positive keeps counters from going down.
func positive(n int64) uint64 { return uint64(max(n, 0)) }

// copied returns the counts at this moment.
func (t *tallies) copied() []uint64 {
	counts := make([]uint64, len(t.n))
	for i := range t.n {
		counts[i] = t.n[i].Load()
	}
	return counts
}

// visible reports whether a value is shown with this count.
func (t *tallies) visible(i int, count uint64) bool { return count > 0 || t.values[i] != otherCode }
