package extract

import (
	"slices"

	"errcode_exporter/catalog"
)

const (
	maxExcerpt  = 4 << 10 // bytes of a record that are kept while its event waits
	maxSearches = 16      // records of one event around which an ID is looked for
)

// name reports the codes that the matcher found in a record, as far as its event has not counted them.
func (s *Stream) name(c *context, r *record) {
	event, eventLine, fresh, dropped := c.uncounted(r, s.matcher.found)
	s.stats.Dropped += dropped
	if len(fresh) == 0 {
		return
	}
	e := &s.event
	e.Start, e.Line, e.Stream, e.Findings, e.Text, e.At = event, eventLine, r.stream.String(), fresh, r.text, r.line
	e.RequestID, e.TraceID, e.Time = string(requestID(r.text)), string(traceID(r.text)), s.clock.of(r.time, r.text, s.matcher.json)
	causeless := false
	for i := range fresh {
		if f := &fresh[i]; f.Code != nil && len(f.Code.Causes) > 0 {
			f.Cause = cause(f.Code, r.text)
			causeless = causeless || f.Cause == nil
		}
	}
	if open := s.complete(c, r, e, causeless); open && causeless {
		s.wait(c, r, e)
	}
	if len(e.Findings) > 0 {
		s.emit(e)
	}
}

// complete takes what the record does not say from the other lines of its event: IDs, the time, and causes if one is missing.
// It reports whether the event may go on after the block.
func (s *Stream) complete(c *context, r *record, e *Event, causeless bool) (open bool) {
	c.searches++
	identify := e.RequestID == "" && c.searches <= maxSearches
	dated := !e.Time.IsZero() || e.Start == r.at
	if r.alone || dated && !identify && !causeless {
		return false
	}
	return s.rest(r, e.Start, func(l line) bool {
		if !dated {
			e.Time, dated = s.clock.of(l.time, l.text, nil), true // the line where the event begins
		}
		if identify && e.RequestID == "" {
			e.RequestID = string(requestID(l.text))
		}
		if identify && e.TraceID == "" {
			e.TraceID = string(traceID(l.text))
		}
		if causeless {
			causeless = s.explain(e.Findings, l.text)
		}
		return causeless || identify && (e.RequestID == "" || e.TraceID == "")
	})
}

// explain sets the causes that a line of the event tells, and reports whether any is still missing.
func (s *Stream) explain(findings []catalog.Finding, text []byte) (missing bool) {
	for i := range findings {
		if f := &findings[i]; lacksCause(*f) {
			f.Cause = cause(f.Code, text)
			missing = missing || f.Cause == nil
		}
	}
	return missing
}

func lacksCause(f catalog.Finding) bool {
	return f.Code != nil && len(f.Code.Causes) > 0 && f.Cause == nil
}

// undecided reports whether a cause that is still to come would change the category.
func undecided(f catalog.Finding) bool {
	return lacksCause(f) && slices.ContainsFunc(f.Code.Causes, func(c catalog.Cause) bool { return c.Category != f.Code.Category })
}

// wait takes the undecided findings out of an event that may go on after the block.
func (s *Stream) wait(c *context, r *record, e *Event) {
	if !slices.ContainsFunc(e.Findings, undecided) {
		return
	}
	later := *e
	later.Findings = nil
	now := e.Findings[:0]
	for _, f := range e.Findings {
		if undecided(f) {
			later.Findings = append(later.Findings, f)
		} else {
			now = append(now, f)
		}
	}
	e.Findings = now
	later.Text = slices.Clone(r.text[:min(len(r.text), maxExcerpt)])
	c.waiting = append(c.waiting, waiting{later, r.at + lookback})
}

// resume goes on, at the beginning of a block, with what waits for the rest of its event.
func (s *Stream) resume(id streamID) {
	c := &s.contexts[id]
	if len(c.waiting) == 0 {
		return
	}
	before := record{stream: id, kind: continuation, at: s.base}
	if c.afterLog {
		before.kind = logLine
	}
	open := s.rest(&before, s.base, func(l line) bool {
		missing := false
		for i := range c.waiting {
			missing = s.explain(c.waiting[i].event.Findings, l.text) || missing
		}
		return missing
	})
	still := c.waiting[:0]
	for _, w := range c.waiting {
		if open && s.base+int64(len(s.data)) < w.until && slices.ContainsFunc(w.event.Findings, undecided) {
			still = append(still, w)
		} else {
			s.emit(&w.event)
		}
	}
	c.waiting = still
}

// settle reports what waits as it is.
func (s *Stream) settle(c *context) {
	for i := range c.waiting {
		s.emit(&c.waiting[i].event)
	}
	c.waiting = nil
}
