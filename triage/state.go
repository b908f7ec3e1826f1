package triage

import (
	"fmt"
	"slices"
	"time"
)

// State says what is known of whether a code is over. That it is repaired is never known here.
type State string

// The states of a code.
const (
	Failing State = "failing"  // it was seen a moment ago
	NotSeen State = "not_seen" // not seen lately, although the logs that had it go on
	Unknown State = "unknown"  // not seen lately, and a log that had it does not go on: nobody can tell
)

// failing is for how long after its last event a code counts as failing.
const failing = 5 * time.Minute

// judge says what is known of a row, from whether its sources went on logging. sources is nil if nobody can tell.
func (row *Row) judge(sources map[string]Source, now time.Time) {
	ago := now.Sub(row.LastSeen)
	if ago < failing {
		row.State, row.Known = Failing, "It is failing: events came within the last five minutes."
		return
	}
	var dark []string
	for _, s := range row.Sources {
		if have, ok := sources[s.Source]; !ok || !have.goesOn(row.LastSeen) {
			dark = append(dark, s.Source)
		}
	}
	slices.Sort(dark) // the sources of the row are in no order yet
	switch {
	case len(dark) == 0:
		row.State = NotSeen
		row.Known = fmt.Sprintf("Not seen for %s, while %s went on logging. That is not “repaired”: perhaps nobody makes this call any more. A call that succeeds is the proof.", inWords(ago), where(row.Sources))
	case len(dark) == len(row.Sources):
		row.State = Unknown
		row.Known = fmt.Sprintf("Not known: no event for %s, but no log goes on either in which it was seen (%s).", inWords(ago), list(dark))
	default:
		row.State = Unknown
		row.Known = fmt.Sprintf("Not known: no event for %s, but not every log goes on in which it was seen; missing, silent or late: %s.", inWords(ago), list(dark))
	}
}

// goesOn reports whether lines of a source have been read since a time, and are read as they are written.
func (s Source) goesOn(since time.Time) bool {
	return (s.Health == Reading || s.Health == Silent) && s.LastLine != nil && s.LastLine.After(since)
}

func where(sources []SourceCount) string {
	var names []string
	for _, s := range sources {
		names = append(names, s.Source)
	}
	slices.Sort(names)
	return list(names)
}
