package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"errcode_exporter/extract"
	"errcode_exporter/tailer"
)

// worker reads segments. It is a reader of all of them, one behind the other, so that they share what they are read into.
type worker struct {
	*reading
	ctx     context.Context
	segment *segment
	in      io.Reader // of the segment
	read    int64     // bytes, since the blocks are counted from 0
	before  int64     // of these, the ones in front of the segment
	whole   bool      // what was read ends with a line
}

func (w *worker) run() {
	for w.take() {
		w.read, w.before = 0, 0 // whoever cuts into blocks begins anew
		if err := tailer.ReadBlocks(w, 0, w.block); w.segment != nil {
			w.done(err)
		}
	}
}

// take begins the next segment, and reports whether there is one.
func (w *worker) take() bool {
	w.segment = w.begin(w.ctx)
	if w.segment == nil {
		return false
	}
	w.in, w.before, w.whole = w.text(w.segment), w.read, true
	return true
}

func (w *worker) done(err error) {
	s := w.segment
	w.segment = nil
	if err != nil && !errors.Is(err, context.Canceled) {
		err = readError(s.file, s.begin+w.read-w.before, err)
	}
	w.finish(w.ctx, s, err)
}

// Read goes on with the next segment where one ends with a whole line.
func (w *worker) Read(p []byte) (int, error) {
	for {
		n, err := w.in.Read(p)
		w.read += int64(n)
		switch {
		case n > 0:
			w.whole = p[n-1] == '\n'
			return n, nil // an error comes again
		case err == nil:
			continue
		case !errors.Is(err, io.EOF) || !w.whole:
			return 0, err
		}
		if w.done(nil); !w.take() {
			return 0, io.EOF
		}
	}
}

func (w *worker) block(b tailer.Block) error {
	s := w.segment
	s.block(extract.Block{Data: b.Data, Offset: s.begin + b.Offset - w.before, TooLong: b.TooLong})
	w.publish(s)
	return w.ctx.Err()
}

// text returns what a segment is read from.
func (r *reading) text(s *segment) io.Reader {
	if s.file.at == nil {
		return s.file.text
	}
	return r.progress.of(&stretch{s.file.at, s.begin, s.end, r.align})
}

// again reads a segment once more, now that everything in front of it was read.
func (r *reading) again(ctx context.Context, s *segment) error {
	in := &stretch{s.file.at, s.begin, s.end, r.align}
	err := tailer.ReadBlocks(in, 0, func(b tailer.Block) error {
		s.file.tap.stream.Block(extract.Block{Data: b.Data, Offset: s.begin + b.Offset, TooLong: b.TooLong})
		return ctx.Err()
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		return readError(s.file, in.at, err)
	}
	return err
}

// readError says where a file could not be read.
func readError(f *logFile, at int64, err error) error {
	var known *fs.PathError
	if errors.As(err, &known) {
		err = known.Err
	}
	where := "byte"
	if f.at == nil {
		where = "byte of the text"
	}
	return fmt.Errorf("%s: %s %d: %w", f.path, where, at, err)
}
