package metrics

import (
	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// series is one counter that is subject to the rule of the first occurrence. Its cell is guarded by the source's lock.
type series struct {
	key
	labels   []*dto.LabelPair
	lastSeen *lastSeen // shared by the series of one code and category, of whatever family; nil before the first event
	cell
}

// cell is what changes about a series. A cut is made of copies of it.
type cell struct {
	total   uint64 // events
	history uint64 // of these, the ones that were in the files at the very first start; at most total
	// shown is set once a scrape that showed the series was delivered in full. It is never taken back.
	shown bool
	// created is when the count began. It is shared and never changed.
	created *timestamppb.Timestamp
	// exemplar belongs to the latest event that had an ID; at is that event's time in Unix milliseconds.
	exemplar *exemplar
	at       int64
}

// value is what a request sees. Until a scrape has shown the series, scrapes see its history only, so that the first
// event makes a step that increase() notices; whoever else asks sees the truth.
func (c *cell) value(scrape bool) uint64 {
	if scrape && !c.shown {
		return c.history
	}
	return c.total
}

// fill writes the cell into the counter of a metric.
func (c *cell) fill(m *dto.Counter, value *float64, scrape, exemplars bool) {
	n := c.value(scrape)
	*value = float64(n)
	m.Value = value
	// A scraper that puts a zero at the creation time would turn history into an increase, so what has history does
	// not say when it began.
	if c.history == 0 {
		m.CreatedTimestamp = c.created
	}
	// An exemplar must belong to an event that the value has in it.
	if exemplars && n == c.total && c.exemplar != nil {
		m.Exemplar = c.exemplar.metric(c.at)
	}
}

// count adds one event.
func (c *cell) count(history bool) {
	c.total++
	if history {
		c.history++
	}
}

// lastSeen is the time of the latest event with a code and a category label, in Unix milliseconds.
type lastSeen struct {
	code, category string
	labels         []*dto.LabelPair
	at             int64
}

// group is the series of one metric of one source, in the order in which they were born. Series are never removed, so
// an index stays valid.
type group struct {
	series []*series
	byKey  map[key]*series
}

// add creates the series with a key that is not there.
func (g *group) add(k key, labels []*dto.LabelPair, created *timestamppb.Timestamp) *series {
	if g.byKey == nil {
		g.byKey = map[key]*series{}
	}
	s := &series{key: k, labels: labels, cell: cell{created: created}}
	g.series = append(g.series, s)
	g.byKey[k] = s
	return s
}
