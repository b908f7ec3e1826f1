package metrics

import (
	"strings"
	"time"

	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/types/known/timestamppb"
)

const (
	// maxID is the longest request or trace ID that may become an exemplar, in characters.
	maxID = 64
	// maxExemplar is how many characters the names and values of an exemplar's labels may have together: Prometheus
	// refuses exemplars, and OpenMetrics parsers whole scrapes, that have more.
	maxExemplar = 128

	requestLabel = "request_id"
	traceLabel   = "trace_id"
)

// exemplar names one event of a counter. Either ID may be empty, not both. It is never changed.
type exemplar struct {
	request, trace string
}

// exemplarOf checks the IDs of an event, which come from a log line and may be anything. It returns those that may be
// shown, and how many that were there may not.
func exemplarOf(o Occurrence) (e exemplar, refused int) {
	e = exemplar{o.RequestID, o.TraceID}
	if e.request != "" && !showable(e.request) {
		e.request = ""
		refused++
	}
	if e.trace != "" && !showable(e.trace) {
		e.trace = ""
		refused++
	}
	if e.request != "" && e.trace != "" && len(requestLabel)+len(e.request)+len(traceLabel)+len(e.trace) > maxExemplar {
		e.trace = ""
		refused++
	}
	return e, refused
}

// showable reports whether an ID is short and made of [A-Za-z0-9_.:-] only.
func showable(id string) bool {
	if len(id) > maxID {
		return false
	}
	for i := range len(id) {
		switch c := id[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_', c == '.', c == ':', c == '-':
		default:
			return false
		}
	}
	return true
}

// mark makes the event the exemplar of the cell, unless a later one is. It allocates only where the IDs differ from
// those that are there; they are copied, since they may be parts of a long line.
func (c *cell) mark(e exemplar, at int64) {
	switch {
	case e == exemplar{}:
		return
	case c.exemplar == nil:
	case at < c.at: // Prometheus refuses exemplars that are older than the last one
		return
	case *c.exemplar == e:
		c.at = at
		return
	}
	c.exemplar = &exemplar{strings.Clone(e.request), strings.Clone(e.trace)}
	c.at = at
}

// metric renders the exemplar of an event at a time in Unix milliseconds.
func (e *exemplar) metric(at int64) *dto.Exemplar {
	one := 1.0
	var pairs []string
	if e.request != "" {
		pairs = append(pairs, requestLabel, e.request)
	}
	if e.trace != "" {
		pairs = append(pairs, traceLabel, e.trace)
	}
	return &dto.Exemplar{Label: labels(pairs...), Value: &one, Timestamp: timestamppb.New(time.UnixMilli(at))}
}
