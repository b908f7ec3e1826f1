package extract

import (
	"encoding/json"
	"fmt"
	"slices"

	"errcode_exporter/catalog"
)

// state is what a stream remembers between two blocks, in a form that outlives the process. Together with the position at
// which the next block begins it is all that is needed to go on as if nothing had happened.
type state struct {
	Format  Format        `json:"format,omitempty"`
	Lines   int64         `json:"lines"`
	Streams []streamState `json:"streams,omitempty"`
}

type streamState struct {
	ID        streamID       `json:"id"`
	Start     int64          `json:"start"`
	StartLine int64          `json:"start_line"`
	Any       bool           `json:"any"`
	AfterLog  bool           `json:"after_log,omitempty"`
	Named     int64          `json:"named"`
	Event     int64          `json:"event,omitempty"`
	EventLine int64          `json:"event_line,omitempty"`
	Counted   []string       `json:"counted,omitempty"`
	Record    *recordState   `json:"record,omitempty"`
	Waiting   []waitingState `json:"waiting,omitempty"`
}

type recordState struct {
	Text    []byte `json:"text"`
	At      int64  `json:"at"`
	Line    int64  `json:"line"`
	Time    []byte `json:"time,omitempty"`
	Overrun bool   `json:"overrun,omitempty"`
}

type waitingState struct {
	Event Event    `json:"event"`
	Codes []string `json:"codes"`
	Until int64    `json:"until"`
}

// State returns what has to be kept with the position behind the last block.
func (s *Stream) State() ([]byte, error) {
	st := state{Format: s.format, Lines: s.lines}
	for id := range streams {
		c := &s.contexts[id]
		if !c.any && !c.open {
			continue
		}
		ss := streamState{
			ID: id, Start: c.start, StartLine: c.startLine, Any: c.any, AfterLog: c.afterLog,
			Named: c.named, Event: c.event, EventLine: c.eventLine, Counted: slices.Clone(c.counted.list),
		}
		if c.open {
			ss.Record = &recordState{c.record, c.at, c.atLine, c.time, c.overrun}
		}
		for _, w := range c.waiting {
			ws := waitingState{Event: w.event, Until: w.until}
			for _, f := range w.event.Findings {
				ws.Codes = append(ws.Codes, f.Name)
			}
			ws.Event.Findings = nil
			ss.Waiting = append(ss.Waiting, ws)
		}
		st.Streams = append(st.Streams, ss)
	}
	return json.Marshal(st)
}

// Restore makes a new stream go on where another one, whose state this is, stood.
func (s *Stream) Restore(data []byte) error {
	var st state
	if err := json.Unmarshal(data, &st); err != nil {
		return fmt.Errorf("state of an event: %w", err)
	}
	s.lines = st.Lines
	if s.x.format == Auto && st.Format != "" {
		s.format = st.Format
	}
	for _, ss := range st.Streams {
		if ss.ID >= streams {
			return fmt.Errorf("state of an event: there is no stream %d", ss.ID)
		}
		c := &s.contexts[ss.ID]
		c.any, c.start, c.startLine, c.afterLog = ss.Any, ss.Start, ss.StartLine, ss.AfterLog
		c.named, c.event, c.eventLine = ss.Named, ss.Event, ss.EventLine
		for _, name := range ss.Counted {
			c.counted.add(name)
		}
		if r := ss.Record; r != nil {
			c.open, c.record, c.at, c.atLine, c.time, c.overrun = true, r.Text, r.At, r.Line, r.Time, r.Overrun
		}
		for _, ws := range ss.Waiting {
			w := waiting{ws.Event, ws.Until}
			for _, name := range ws.Codes {
				if f := s.finding(name); f.Code == nil || !f.Code.Muted { // it may have been muted since
					w.event.Findings = append(w.event.Findings, f)
				}
			}
			if len(w.event.Findings) > 0 {
				c.waiting = append(c.waiting, w)
			}
		}
	}
	return nil
}

// finding looks a code up again.
func (s *Stream) finding(name string) catalog.Finding {
	f := catalog.Finding{Name: name}
	s.x.shape.tokens([]byte(name), s.matcher.candidates([]byte(name), 0), func(_ []byte, p *prefix) bool {
		f.Family = p.family
		return false
	})
	if code, ok := s.x.cat.Lookup(name); ok {
		f.Code = code
	}
	return f
}
