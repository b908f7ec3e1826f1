package metrics

import (
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"
)

// Cut is a copy of all counts at one moment: no event is in it by half. It is what a scrape shows and what a Snapshot is
// made of, so that a scrape can show exactly what has been made durable. It does not change.
type Cut struct {
	taken   time.Time
	table   *Table
	plan    *plan
	sources []sourceCut
	asleep  []sourceCut // restored, and not asked for since: saved, but not shown
	dropped []uint64

	redactions []uint64

	checkpointErrors uint64
}

type sourceCut struct {
	source   *Source
	retired  bool
	created  *timestamppb.Timestamp
	errors   groupCut
	unlisted groupCut
	lastSeen []lastSeen
	activity [7][]uint64 // in the order of activity.all
}

// groupCut pairs series, whose labels never change, with copies of their cells.
type groupCut struct {
	series  []*series
	cells   []cell
	unshown bool // whether there is a cell that no scrape has shown
}

// Cut takes a cut. Counting waits for it: one to two milliseconds for 30,000 series.
func (t *Table) Cut() *Cut {
	t.mu.RLock()
	defer t.mu.RUnlock()
	c := &Cut{taken: t.now(), table: t, plan: t.plan, sources: make([]sourceCut, 0, len(t.sources))}
	for _, s := range t.sources {
		s.mu.Lock()
	}
	for _, s := range t.sources {
		if s.awake {
			c.sources = append(c.sources, s.cut())
		} else {
			c.asleep = append(c.asleep, s.cut())
		}
	}
	c.dropped, c.redactions = t.dropped.copied(), t.redactions.copied()
	c.checkpointErrors = t.health.checkpointErrors.Load()
	for _, s := range t.sources {
		s.mu.Unlock()
	}
	return c
}

// cut copies a source that is locked.
func (s *Source) cut() sourceCut {
	c := sourceCut{
		source:   s,
		retired:  s.retired,
		created:  s.created,
		errors:   s.errors.cut(),
		unlisted: s.unlisted.cut(),
		lastSeen: make([]lastSeen, len(s.lastSeen)),
	}
	for i, l := range s.lastSeen {
		c.lastSeen[i] = *l
	}
	for i, t := range s.activity.all() {
		c.activity[i] = t.copied()
	}
	return c
}

func (g *group) cut() groupCut {
	c := groupCut{series: slices.Clip(g.series), cells: make([]cell, len(g.series))}
	for i, s := range g.series {
		c.cells[i] = s.cell
		c.unshown = c.unshown || !s.shown
	}
	return c
}

// whole reports whether a scrape sees every count as it is.
func (c *Cut) whole() bool {
	for i := range c.sources {
		for _, g := range [...]*groupCut{&c.sources[i].errors, &c.sources[i].unlisted} {
			if g.unshown && slices.ContainsFunc(g.cells, func(cell cell) bool { return cell.value(true) != cell.total }) {
				return false
			}
		}
	}
	return true
}

// MarkShown says that scrapes have seen every series that is there now, as after a crash, when it is not known which were seen:
// a series that was must not begin at its history again.
func (t *Table) MarkShown() { t.Cut().delivered(func(string) bool { return true }) }

// delivered notes that a scrape has shown the cut. shows says which metrics were in the answer.
func (c *Cut) delivered(shows func(metric string) bool) {
	errors, unlisted := shows(errorsTotal), shows(unlistedTotal)
	for i := range c.sources {
		s := &c.sources[i]
		if errors {
			s.errors.delivered(s.source)
		}
		if unlisted {
			s.unlisted.delivered(s.source)
		}
	}
}

func (g *groupCut) delivered(source *Source) {
	if !g.unshown {
		return
	}
	source.mu.Lock()
	defer source.mu.Unlock()
	for _, s := range g.series {
		s.shown = true
	}
}
