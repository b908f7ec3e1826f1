package extract

import "bytes"

// cutWithin is how many lines behind a cut are looked at to see that no event of another stream goes on across it.
const cutWithin = 16

// Fresh reports whether a Part may begin with the line at a position in data, which is a stretch of a file of that format: as far
// as data shows, neither an event nor a record goes on across the beginning of that line. It saves reading parts in vain; the
// last word is Continue's.
func (x *Extractor) Fresh(format Format, data []byte, pos int) bool {
	var unfinished, seen [streams]bool // whether the newest line of a stream leaves a record open; whether it has a line behind pos
	s := &Stream{x: x, format: format}
	at := 0
	if pos > 0 {
		at = bytes.IndexByte(data[:pos], '\n') + 1 // what is before may be half a line
	}
	for behind := 0; at < len(data) && behind < cutWithin; {
		end := len(data)
		if i := bytes.IndexByte(data[at:], '\n'); i >= 0 {
			end = at + i
		}
		l := s.unwrapLine(trimCR(data[at:end]))
		if at >= pos {
			ofFormat := l.stream != neither || format == Raw
			fresh := ofFormat && !l.partial && !unfinished[l.stream] && kindOf(l.text) == logLine
			if !fresh && (behind == 0 || ofFormat && !seen[l.stream]) {
				return false
			}
			seen[l.stream] = true
			behind++
		}
		unfinished[l.stream] = l.partial
		at = end + 1
	}
	return seen != [streams]bool{}
}

// Part reads blocks from the middle of a file before it is known what the blocks in front of them come to, so that a large
// file can be read in several places at once. It reports what the file's own Stream would report for these blocks, with
// line numbers that begin at 1 where the part does, unless an event or a record goes on across that place. Continue tells.
type Part struct {
	*Stream
	blocks  int
	opening [streams]opening
}

// opening is how a stream of a container, or a raw file, begins within a part.
type opening struct {
	seen  bool
	first bool // in the first block
	fresh bool // with a line that begins an event, and that is a whole record
}

// NewPart begins in the middle of a file that is known to have the format.
func (x *Extractor) NewPart(format Format, emit func(*Event)) *Part {
	s := x.NewStream(emit)
	s.format = format
	return &Part{Stream: s}
}

// Block takes the next block of the part.
func (p *Part) Block(b Block) {
	p.Stream.Block(b)
	for _, id := range p.ids() {
		if c, o := &p.contexts[id], &p.opening[id]; !o.seen && (c.any || c.open) {
			*o = opening{seen: true, first: p.blocks == 0, fresh: p.opensFresh(id, b.Data)}
		}
	}
	p.blocks++
}

// ids are the streams of the part whose lines belong together.
func (p *Part) ids() []streamID {
	if p.format == CRI || p.format == Docker {
		return []streamID{stdout, stderr}
	}
	return []streamID{neither}
}

// opensFresh looks at the first line of a stream in a block.
func (p *Part) opensFresh(id streamID, data []byte) bool {
	for len(data) > 0 {
		end := len(data)
		if i := bytes.IndexByte(data, '\n'); i >= 0 {
			end = i + 1
		}
		if l := p.unwrapLine(lineText(data[:end])); l.stream == id {
			return !l.partial && kindOf(l.text) == logLine
		}
		data = data[end:]
	}
	return false
}

// Continue puts the part behind prev, which has read everything before it. What waited in prev for the rest of its event is
// reported by it, and from here on the part's stream is the file's and has its line numbers.
//
// It returns false, and has changed nothing, where what is before the part might have changed what the part reported. Then
// the part is void, and its blocks are prev's to read.
func (p *Part) Continue(prev *Stream) bool {
	for _, id := range p.ids() {
		if !p.opening[id].follows(&prev.contexts[id]) {
			return false
		}
	}
	if prev.format != p.format {
		return false
	}
	for _, id := range p.ids() {
		prev.settle(&prev.contexts[id])
		if c := &p.contexts[id]; p.opening[id].seen {
			c.shift(prev.lines)
		} else {
			*c = prev.contexts[id]
		}
	}
	p.lines += prev.lines
	return true
}

// follows reports whether a stream that opens like this is read the same with what is before it as with nothing.
func (o *opening) follows(before *context) bool {
	switch {
	case !o.seen: // it stays as it is
		return len(before.waiting) == 0
	case o.fresh: // what waits is over as soon as the line is seen, which is at once if it is in the first block
		return !before.open && (o.first || len(before.waiting) == 0)
	default:
		return !before.any && !before.open
	}
}

// shift moves line numbers.
func (c *context) shift(lines int64) {
	c.startLine += lines
	c.eventLine += lines
	c.atLine += lines
	for i := range c.waiting {
		c.waiting[i].event.Line += lines
		c.waiting[i].event.At += lines
	}
}
