package extract

import "bytes"

// Stream follows one file: its format, its open events and its unfinished records. It is used by one goroutine at a time.
type Stream struct {
	x        *Extractor
	emit     func(*Event)
	format   Format // Auto until a line has decided it
	lines    int64  // physical lines before the block
	contexts [streams]context
	matcher  matcher
	search   search // of the block
	dots     []int  // of the line in hand
	wrapping layout // of a line that may be Docker's
	clock    clock
	stats    Stats
	event    Event

	// The block in hand.
	data    []byte
	base    int64
	known   [streams]int // block position up to which a context reaches
	counted int          // block position up to which lines are counted
	number0 int64        // lines counted up to there
}

// record is one joined line of a stream.
type record struct {
	stream streamID
	text   []byte
	kind   kind
	at     int64 // offset of its first byte in the file
	line   int64 // number of its first physical line
	pos    int   // block position of its first byte; not positive if it began before the block
	end    int   // block position behind its last physical line
	time   []byte
	alone  bool // not of the file's format: continues nothing, and nothing continues it
	read   bool // the matcher has read its layout

	candidates candidates
}

// NewStream begins a file. What it finds it hands to emit, which must not keep the event or what it refers to.
func (x *Extractor) NewStream(emit func(*Event)) *Stream {
	s := &Stream{x: x, emit: emit, format: x.format}
	s.matcher = matcher{x: x, stats: &s.stats}
	for i := range s.contexts {
		s.contexts[i].reset()
	}
	return s
}

// TakeStats returns what was counted since it was last called.
func (s *Stream) TakeStats() Stats {
	taken := s.stats
	s.stats = Stats{}
	return taken
}

// Format returns the format that the file was found to have, Auto while that is open.
func (s *Stream) Format() Format { return s.format }

// Block takes the next block of the file.
func (s *Stream) Block(b Block) {
	s.data, s.base, s.counted, s.number0 = b.Data, b.Offset, 0, s.lines
	s.known = [streams]int{}
	if b.TooLong {
		s.stats.TooLong++
	}
	if s.format == Auto {
		if format, ok := Detect(b.Data); ok {
			s.format = format
		}
	}
	for id := range streams {
		s.resume(id)
	}
	if s.format == CRI || s.format == Docker {
		s.wrapped()
	} else {
		s.raw()
		s.advance(neither, len(b.Data))
	}
	total := s.number(len(b.Data)) - 1
	if n := len(b.Data); n > 0 && b.Data[n-1] != '\n' {
		total++
	}
	s.stats.Lines += total - s.lines
	s.lines, s.data = total, nil
}

// Idle says that nothing more has come for a moment: what waits for the rest of its event is taken as it is.
func (s *Stream) Idle() {
	for i := range s.contexts {
		s.settle(&s.contexts[i])
	}
}

// End says that the file is over. Unfinished records are taken as they are, open events end, and what comes next is a new
// file.
func (s *Stream) End() {
	s.data, s.known = nil, [streams]int{}
	for i := range s.contexts {
		c := &s.contexts[i]
		if c.open {
			s.finish(streamID(i), 0)
		}
		s.settle(c)
		c.reset()
	}
	s.format, s.lines = s.x.format, 0
}

// raw takes lines that nothing wraps: from candidate to candidate, however far apart.
func (s *Stream) raw() {
	s.search.reset(s.x.shape, s.data)
	for begin, dot := 0, s.search.from(0); dot < len(s.data); {
		next := s.lineEnd(begin)
		if dot >= next {
			begin += lastLine(s.data[begin:dot])
			next = s.lineEnd(dot)
		}
		dot = s.within(dot, next)
		r := record{at: s.base + int64(begin), line: s.number(begin), pos: begin, end: next}
		switch text := lineText(s.data[begin:next]); {
		case s.x.format == Auto && mayBeObject(text):
			s.object(&r, text)
		case s.x.format == Auto && mayBeCRI(text):
			s.fill(&r, s.unwrapLine(text))
		default:
			r.text, r.candidates = text, candidates{s.dots, begin}
		}
		s.take(&r)
		if s.counted == begin && s.data[next-1] == '\n' { // the next line often has a candidate too
			s.counted, s.number0 = next, s.number0+1
		}
		begin = next
	}
}

// object fills in the record of a line that nothing wraps but, perhaps, Docker all the same. It is read once for both.
func (s *Stream) object(r *record, text []byte) {
	c := candidates{s.dots, r.pos}
	l := s.matcher.layout(text, c, 0)
	if l != nil {
		if inner, ok := l.docker(); ok && !inner.partial {
			inner.stream = neither
			s.fill(r, inner)
			return
		}
	}
	s.matcher.json = l
	r.text, r.candidates, r.read = text, c, true
}

// fill fills in a record's text.
func (s *Stream) fill(r *record, l line) {
	r.stream, r.text, r.time = l.stream, l.text, l.time
	if l.from == decoded {
		r.candidates = s.matcher.candidates(r.text, 0)
	} else {
		r.candidates = candidates{s.dots, r.pos}.part(l.from)
	}
}

// within lists the candidates from the one at dot to the end of its line, and returns the first one behind that.
func (s *Stream) within(dot, end int) (next int) {
	if cap(s.dots) > maxSpans {
		s.dots = nil
	}
	for s.dots = s.dots[:0]; dot < end; dot = s.search.from(dot + 1) {
		s.dots = append(s.dots, dot)
	}
	return dot
}

// wrapped takes a container's lines. Those of records that go on must be looked at one by one; of the others only
// candidates.
func (s *Stream) wrapped() {
	s.search.reset(s.x.shape, s.data)
	var last [streams]int // where the last line of each ends
	number, open, docker := s.lines, s.isOpen(), s.format == Docker
	dot := s.search.from(0)
	for begin, next := 0, 0; begin < len(s.data); begin, number = next, number+1 {
		next = len(s.data)
		if i := bytes.IndexByte(s.data[begin:], '\n'); i >= 0 {
			next = begin + i + 1
		}
		var id streamID
		var goesOn bool
		sure := true
		if docker {
			id, goesOn, sure = peekDocker(s.data[begin:next])
		} else {
			id, goesOn = peekCRI(s.data[begin:next])
		}
		last[id] = next
		if dot >= next && !goesOn && !open {
			continue
		}
		s.counted, s.number0 = begin, number
		candidate := dot < next
		if candidate {
			dot = s.within(dot, next)
		}
		l := s.unwrapLine(lineText(s.data[begin:next]))
		if !sure {
			last[l.stream] = next
		}
		switch {
		case l.partial || s.contexts[l.stream].open:
			s.join(l, begin, next)
			open = s.isOpen()
		case candidate:
			r := record{at: s.base + int64(begin), line: s.number(begin), pos: begin, end: next, alone: l.stream == neither}
			s.fill(&r, l)
			s.take(&r)
		}
	}
	if n := len(s.data); n > 0 {
		if s.counted, s.number0 = n, number; s.data[n-1] != '\n' {
			s.number0--
		}
	}
	for _, id := range [...]streamID{stdout, stderr} {
		if c := &s.contexts[id]; c.open {
			last[id] = int(c.at - s.base)
		}
		s.advance(id, last[id])
	}
}

// isOpen reports whether a record is unfinished.
func (s *Stream) isOpen() bool { return s.contexts[stdout].open || s.contexts[stderr].open }

// join adds a part to a stream's record.
func (s *Stream) join(l line, begin, next int) {
	c := &s.contexts[l.stream]
	if !c.open {
		c.open, c.record, c.overrun = true, c.record[:0], false
		c.at, c.atLine, c.time = s.base+int64(begin), s.number(begin), append(c.time[:0], l.time...)
	}
	part := l.text
	if room := s.x.maxRecord - len(c.record); len(part) > room {
		part, c.overrun = part[:room], true
	}
	c.record = append(c.record, part...)
	if !l.partial {
		s.finish(l.stream, next)
	}
}

// finish takes a joined record.
func (s *Stream) finish(id streamID, end int) {
	c := &s.contexts[id]
	c.open = false
	if c.overrun {
		s.stats.TooLong++
	}
	r := &record{stream: id, text: c.record, time: c.time, at: c.at, line: c.atLine, pos: int(c.at - s.base), end: end}
	if s.data == nil {
		r.pos = 0
	}
	r.candidates = s.matcher.candidates(r.text, 0)
	s.take(r)
}

// take looks for codes in a record and makes it the newest line of its stream, whose context need not have been brought up
// to it.
func (s *Stream) take(r *record) {
	c := &s.contexts[r.stream]
	r.kind = kindOf(r.text)
	switch {
	case r.alone:
		c.reset()
	case r.kind != logLine: // which lines stood before a log line makes no difference to it
		s.advance(r.stream, r.pos)
	}
	if r.candidates.before(len(r.text)) {
		if r.read {
			s.matcher.matchRead(r.text, r.candidates)
		} else {
			s.matcher.match(r.text, r.candidates)
		}
		if len(s.matcher.found) > 0 {
			s.stats.Matched++
			s.name(c, r)
		}
	}
	c.include(r)
	s.known[r.stream] = r.end
}

// lineAt returns the line that begins at a block position, and where the next one begins.
func (s *Stream) lineAt(pos int) (l line, next int) {
	next = s.lineEnd(pos)
	return s.unwrapLine(lineText(s.data[pos:next])), next
}

// lineEnd returns the position behind the line end.
func (s *Stream) lineEnd(pos int) int {
	if i := bytes.IndexByte(s.data[pos:], '\n'); i >= 0 {
		return pos + i + 1
	}
	return len(s.data)
}

// number returns the number of the line that begins at a block position.
func (s *Stream) number(pos int) int64 {
	newline := []byte{'\n'}
	if pos < s.counted {
		return s.number0 - int64(bytes.Count(s.data[pos:s.counted], newline)) + 1
	}
	s.number0 += int64(bytes.Count(s.data[s.counted:pos], newline))
	s.counted = pos
	return s.number0 + 1
}
