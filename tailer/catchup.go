package tailer

import (
	"bytes"
	"context"
	"errors"
)

var errTruncated = errors.New("file was truncated")

// catchUp reads whole lines until the file's end. What is left then is at most the beginning of a line. It returns
// the error of a read, or nil when ctx is done.
func (f *file) catchUp(ctx context.Context) error {
	for {
		size, err := f.look()
		if err != nil {
			return err
		}
		if f.offset == 0 && size < f.seen {
			f.restart() // nothing tells whether it is the same content
			continue
		}
		err = f.readTo(ctx, size)
		switch {
		case errors.Is(err, errTruncated):
			f.restart()
			continue
		case err != nil || ctx.Err() != nil:
			return err
		}
		// The file may have grown meanwhile, or have lost the beginning of a line that had been seen.
		size, err = f.look()
		if err != nil {
			return err
		}
		if f.offset == 0 && size < f.seen {
			f.restart() // nothing tells whether it is the same content
			continue
		}
		if f.noteShrunk(size); f.offset <= size && size <= f.seen {
			return nil
		}
	}
}

// readTo reads blocks until the end of the file, which was at size a moment ago.
func (f *file) readTo(ctx context.Context, size int64) error {
	if size-f.offset > readBytes {
		f.setPhase(CatchingUp)
	}
	for ctx.Err() == nil {
		buf, err := f.t.buffers.take(ctx)
		if err != nil {
			return nil // ctx is done
		}
		atEnd, err := f.step(buf, false)
		f.t.buffers.give(buf)
		if err != nil {
			return err
		}
		if f.read >= f.target {
			f.announce()
		}
		if atEnd {
			return nil
		}
	}
	return nil
}

// step reads one block at the offset, together with the bytes before it, which must be the ones that were consumed,
// and delivers the whole lines in it. With final it delivers also what is left at the end of the file.
func (f *file) step(buf []byte, final bool) (atEnd bool, err error) {
	behind := len(f.trail.end())
	base := f.offset - int64(behind)
	want := min(readBytes, f.cut.max)
	if f.offset < f.history {
		// So that a block is history as a whole, or not at all.
		want = int(min(int64(want), f.history-f.offset))
	}
	n, err := readAt(f.fd, buf[:behind+want], base)
	if err != nil {
		return false, err
	}
	if n < behind || !f.trail.follows(buf[:behind]) {
		return false, errTruncated
	}
	atEnd = n < behind+want
	searched := behind
	for !atEnd && !f.cut.skipping && n-behind < f.cut.max && bytes.IndexByte(buf[searched:n], '\n') < 0 {
		more := min(readBytes, f.cut.max-(n-behind))
		k, err := readAt(f.fd, buf[n:n+more], base+int64(n))
		if err != nil {
			return false, err
		}
		searched = n
		n += k
		atEnd = k < more
	}
	data := buf[behind:n]
	// The file may have been truncated and written anew while it was read, so that data is of both contents.
	known, at := f.trail.end(), base
	if behind == 0 {
		known = data[:min(len(data), markBytes)]
	}
	if held, err := f.holds(known, at); err != nil {
		return false, err
	} else if !held {
		return false, errTruncated
	}
	if f.offset == 0 {
		if want >= headBytes && !f.peek.begins(data) {
			return false, errTruncated
		}
		f.peekAt(data)
	}
	f.saw(base + int64(n))
	f.read = base + int64(n)
	used := f.cut.cut(data, f.emit)
	if final && atEnd && used < len(data) {
		b := f.block(data[used:], wholeLines)
		b.Final = true
		f.deliver(b, data[used:])
	}
	return atEnd, nil
}

// peekAt notes how the content begins, as long as nothing of it is consumed.
func (f *file) peekAt(data []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.peek.n < headBytes && len(data) > f.peek.n {
		f.peek = peekOf(data)
	}
}

// emit delivers or skips a segment of what was read at the offset.
func (f *file) emit(kind segment, part []byte) {
	switch kind {
	case wholeLines, tooLong:
		f.deliver(f.block(part, kind), part)
	case cutOff:
		f.skip(part)
		f.t.opt.Observer.LostBytes(f.source, LostTooLong, int64(len(part)))
	case hole:
		f.skip(part)
	}
}

// block describes what was read at the offset.
func (f *file) block(data []byte, kind segment) Block {
	return Block{
		Data: data, Offset: f.offset, TooLong: kind == tooLong,
		History: f.offset+int64(len(data)) <= f.history, ModTime: f.mtime,
	}
}

// noteShrunk counts what was seen of an unfinished line and is no longer there. The lines that were consumed are:
// a file that is shorter than those is truncated.
func (f *file) noteShrunk(size int64) {
	f.mu.Lock()
	lost := f.seen - size
	shrunk := lost > 0 && size >= f.offset
	if shrunk {
		f.seen = size
	}
	f.mu.Unlock()
	if shrunk {
		f.t.opt.Observer.LostBytes(f.source, LostTruncated, lost)
	}
}

// buffers are what blocks are read into: as many as there are files that may be read side by side. Only a file that
// is being read holds one.
type buffers struct {
	free chan []byte // nil ones were not needed yet
	size int
}

func newBuffers(n, size int) *buffers {
	b := &buffers{free: make(chan []byte, n), size: size}
	for range n {
		b.free <- nil
	}
	return b
}

// take waits for a buffer. The only error is that of ctx.
func (b *buffers) take(ctx context.Context) ([]byte, error) {
	select {
	case buf := <-b.free:
		if buf == nil {
			buf = make([]byte, b.size)
		}
		return buf, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (b *buffers) give(buf []byte) { b.free <- buf }
