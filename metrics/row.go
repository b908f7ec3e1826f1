package metrics

import dto "github.com/prometheus/client_model/go"

// counterRow is a counter metric in one piece of memory.
type counterRow struct {
	metric  dto.Metric
	counter dto.Counter
	value   float64
}

// counterRows makes the counters of a family. Rows come in blocks, since a large scrape has tens of thousands.
type counterRows struct {
	metrics []*dto.Metric
	block   []counterRow
}

// newCounterRows is told how many rows are certain to come.
func newCounterRows(n int) *counterRows {
	return &counterRows{metrics: make([]*dto.Metric, 0, n), block: make([]counterRow, n)}
}

// next adds a row at 0.
func (c *counterRows) next(labels []*dto.LabelPair) *counterRow {
	if len(c.block) == 0 {
		c.block = make([]counterRow, 64)
	}
	r := &c.block[0]
	c.block = c.block[1:]
	r.counter.Value = &r.value
	r.metric.Label, r.metric.Counter = labels, &r.counter
	c.metrics = append(c.metrics, &r.metric)
	return r
}

// tallies adds a row for each visible value.
func (c *counterRows) tallies(t *tallies, counts []uint64) {
	for i, n := range counts {
		if t.visible(i, n) {
			c.next(t.labels[i]).value = float64(n)
		}
	}
}

func gauge(labels []*dto.LabelPair, value float64) *dto.Metric {
	return &dto.Metric{Label: labels, Gauge: &dto.Gauge{Value: &value}}
}
