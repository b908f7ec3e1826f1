package main

import (
	"errcode_exporter/catalog"
	"errcode_exporter/extract"
)

// segment is a stretch of a file that one worker reads.
type segment struct {
	file       *logFile
	begin, end int64         // end: -1 for the end of the file
	tap        *tap          // reads it
	part       *extract.Part // the tap's; nil if the tap has read everything in front of the segment
	found      *found
	done       bool
	err        error
}

// last reports whether nothing of the file comes behind the segment.
func (s *segment) last() bool { return s.end < 0 }

// block takes what was read of the segment.
func (s *segment) block(b extract.Block) {
	if s.part != nil {
		s.part.Block(b)
	} else {
		s.tap.stream.Block(b)
	}
}

// order is that in which segments are added up.
type order struct {
	segments []*segment // that were begun and not added up
	busy     bool       // somebody adds up the first one
}

// tap is an extractor's stream, and where what it finds goes.
type tap struct {
	stream *extract.Stream
	to     *found
}

func newTap(x *extract.Extractor) *tap {
	t := &tap{}
	t.stream = x.NewStream(t.event)
	return t
}

// newPart is a tap that begins in the middle of a file.
func newPart(x *extract.Extractor, format extract.Format) (*tap, *extract.Part) {
	t := &tap{}
	part := x.NewPart(format, t.event)
	t.stream = part.Stream
	return t, part
}

func (t *tap) event(e *extract.Event) { t.to.event(e) }

// found is what was found in one place and not added up yet.
type found struct {
	sums   *sums
	events *eventLog // nil: only sums are wanted
}

func newFound(cat *catalog.Catalog, events bool) *found {
	f := &found{sums: newSums(cat)}
	if events {
		f.events = &eventLog{}
	}
	return f
}

func (f *found) event(e *extract.Event) {
	f.sums.event(e)
	if f.events != nil {
		f.events.add(e)
	}
}

// reset forgets what was found and keeps the memory.
func (f *found) reset() {
	f.sums.reset()
	if f.events != nil {
		f.events.reset()
	}
}
