package extract

import (
	"errcode_exporter/catalog"
)

// none stands for an offset that is not known or too far back to matter.
const none = -1

// context is what a line of one stream has to know of the lines before it, so that nothing needs reading twice: where the
// newest event began, and which codes the newest event that named any has counted.
type context struct {
	any       bool  // the stream had a line
	start     int64 // offset of the line that began the newest event; none if it is further back than lookback
	startLine int64
	afterLog  bool // the newest line is a log line

	named     int64 // offset of the newest line that names a code, or none
	event     int64 // where its event began
	eventLine int64
	counted   nameSet // the codes that its event has counted
	searches  int     // records of it around which IDs were looked for

	open    bool // a record is unfinished; what is below belongs to it
	record  []byte
	at      int64
	atLine  int64
	time    []byte
	overrun bool // it is longer than the bound

	waiting []waiting
}

// waiting is a finding whose category the rest of its event may decide.
type waiting struct {
	event Event
	until int64 // an event line that begins at or after this offset is too far away
}

func (c *context) reset() {
	*c = context{start: none, named: none, record: c.record[:0]}
}

// continues reports whether a line of this kind belongs to the event of the line before it.
func (c *context) continues(k kind) bool {
	return c.any && (k == continuation || k == exceptionHead && c.afterLog)
}

// include makes a record the newest line.
func (c *context) include(r *record) {
	if !c.continues(r.kind) {
		c.start, c.startLine = r.at, r.line
	}
	c.any, c.afterLog = true, r.kind == logLine
}

// origin says where the event of a record began. The context must reach right up to the record.
func (c *context) origin(r *record) (offset, lineNumber int64) {
	switch {
	case !c.continues(r.kind):
	case c.named != none && c.named >= c.start:
		if r.at-c.named <= lookback {
			return c.event, c.eventLine
		}
	case c.start != none && r.at-c.start <= lookback:
		return c.start, c.startLine
	}
	return r.at, r.line
}

// uncounted keeps the findings that the event has not counted yet and counts them.
func (c *context) uncounted(r *record, found []catalog.Finding) (event, eventLine int64, fresh []catalog.Finding, dropped int64) {
	event, eventLine = c.origin(r)
	if c.named == none || event != c.event {
		c.counted.reset()
		c.searches = 0
	}
	c.event, c.eventLine, c.named = event, eventLine, r.at
	fresh = found[:0]
	for i := range found {
		f := &found[i]
		switch {
		case c.counted.has(bytesOf(f.Name)):
		case len(c.counted.list) == maxEventCodes:
			dropped++
		default:
			c.counted.add(f.Name)
			fresh = append(fresh, *f)
		}
	}
	return event, eventLine, fresh, dropped
}

// advance brings a stream's context up to the block position upto, over lines that name no code. It reads backwards, as far
// as the newest beginning of an event or lookback.
func (s *Stream) advance(id streamID, upto int) {
	from := s.known[id]
	if s.known[id] = upto; from >= upto {
		return
	}
	c := &s.contexts[id]
	newest, begun, earliest, header := kind(0), none, none, none
	tooFar := false
	for end := upto; end > from && begun == none; {
		begin := from + lastLine(s.data[from:end-1])
		l := s.unwrapLine(lineText(s.data[begin:end]))
		end = begin
		if l.stream != id {
			continue
		}
		k := kindOf(l.text)
		if earliest == none {
			newest = k
		}
		if header != none && k != logLine {
			begun = header
			break
		}
		header = none
		if upto-begin > lookback {
			tooFar = true
			break
		}
		earliest = begin
		switch k {
		case logLine:
			begun = begin
		case exceptionHead:
			header = begin
		case continuation:
		}
	}
	if earliest == none && !tooFar {
		return // no line of this stream
	}
	if header != none && begun == none && !c.continues(exceptionHead) {
		begun = header
	}
	switch {
	case begun != none:
		s.begin(c, begun)
	case tooFar:
		c.start = none
	case !c.any:
		s.begin(c, earliest)
	}
	c.any, c.afterLog = true, newest == logLine
}

func (s *Stream) begin(c *context, pos int) {
	c.start, c.startLine = s.base+int64(pos), s.number(pos)
}

// rest goes through the other lines of a record's event, as far as they are in the block and begin no further from the
// record's beginning than lookback: those before it first, then those behind it. It stops when f returns false. It reports
// whether the event may go on after the block. The parts of joined records are lines of their own to it.
func (s *Stream) rest(r *record, start int64, f func(l line) bool) (open bool) {
	pos := max(int(start-s.base), 0)
	if far := r.pos - lookback; far > pos {
		pos = s.lineEnd(far - 1) // the first line that begins at far or after it
	}
	for pos < r.pos {
		l, next := s.lineAt(pos)
		if pos = next; l.stream == r.stream && !f(l) {
			return true
		}
	}
	afterLog := r.kind == logLine
	for pos := r.end; pos < len(s.data); {
		if s.base+int64(pos)-r.at > lookback {
			return false
		}
		l, next := s.lineAt(pos)
		pos = next
		if l.stream != r.stream {
			continue
		}
		k := kindOf(l.text)
		if k == logLine || k == exceptionHead && !afterLog {
			return false
		}
		afterLog = false
		if !f(l) {
			return true
		}
	}
	return true
}
