package main

import (
	"bufio"
	"encoding/json"
	"io"
)

// eventPrinter writes a JSON object per event and line. An event is reported piece by piece; it is written when the next one
// of its stream begins, so that its codes stand together.
type eventPrinter struct {
	out  *bufio.Writer
	enc  *json.Encoder
	open []*printedEvent // at most one per stream of the file, in the order in which they began
	err  error
}

type printedEvent struct {
	File      string   `json:"file"`
	Line      int64    `json:"line"` // where the event begins, from 1
	Codes     []string `json:"codes"`
	RequestID string   `json:"request_id"`
	stream    string
	start     int64
}

func newEventPrinter(w io.Writer) *eventPrinter {
	p := &eventPrinter{out: bufio.NewWriterSize(w, 64<<10)}
	p.enc = json.NewEncoder(p.out)
	p.enc.SetEscapeHTML(false)
	return p
}

// event takes a report of an event of the file. before is how many lines of it are in front of what the report takes for
// line 1.
func (p *eventPrinter) event(file string, r report, before int64) {
	i := 0
	for ; i < len(p.open); i++ {
		if p.open[i].stream == r.stream {
			break
		}
	}
	if i < len(p.open) && p.open[i].start != r.start {
		p.write(p.open[i])
		p.open = append(p.open[:i], p.open[i+1:]...)
		i = len(p.open)
	}
	if i == len(p.open) {
		p.open = append(p.open, &printedEvent{File: file, Line: r.line + before, stream: r.stream, start: r.start})
	}
	o := p.open[i]
	o.Codes = append(o.Codes, r.codes...)
	if o.RequestID == "" {
		o.RequestID = r.requestID
	}
}

// fileEnds writes what is open: no event goes on in another file.
func (p *eventPrinter) fileEnds() {
	for _, e := range p.open {
		p.write(e)
	}
	p.open = p.open[:0]
}

func (p *eventPrinter) write(e *printedEvent) {
	if err := p.enc.Encode(e); p.err == nil {
		p.err = err
	}
}

// push writes out what is buffered; an error is returned by flush.
func (p *eventPrinter) push() {
	if err := p.out.Flush(); p.err == nil {
		p.err = err
	}
}

// flush writes out what is buffered, and returns the first error there was.
func (p *eventPrinter) flush() error {
	p.push()
	return p.err
}
