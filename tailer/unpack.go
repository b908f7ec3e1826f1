package tailer

import (
	"context"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
)

// unpack reads a gzipped file from the offset to its end.
func (f *file) unpack(ctx context.Context) {
	defer f.leave()
	defer func() {
		if !f.keep.Load() || f.isDone() { // else it is read on
			f.announce()
		}
	}()
	if f.consumer == nil {
		f.begin()
	}
	select {
	case f.t.oneUnpacks <- struct{}{}:
		defer func() { <-f.t.oneUnpacks }()
	case <-ctx.Done():
		return
	}
	if err := f.readPacked(ctx); err != nil && ctx.Err() == nil {
		f.t.opt.Observer.SourceError(f.source, ReasonRead)
		f.t.opt.Logger.Warn("cannot read compressed file to its end", "source", f.source, "path", f.name(), "offset", f.offset, "err", err)
	}
	if ctx.Err() == nil {
		f.endGeneration()
	}
}

func (f *file) readPacked(ctx context.Context) error {
	r, err := gzip.NewReader(&fdReader{fd: f.fd})
	if err != nil {
		return err
	}
	if err := f.passOver(r); err != nil {
		return err
	}
	rest, err := segments(r, &f.cut, func(kind segment, data []byte) error {
		f.emit(kind, data)
		return ctx.Err()
	})
	if err == nil && len(rest) > 0 && !f.copy {
		b := f.block(rest, wholeLines)
		b.Final = true
		f.deliver(b, rest)
	}
	return err
}

var errOtherContent = errors.New("compressed file does not hold what was read of it before")

// passOver reads what was consumed.
func (f *file) passOver(r io.Reader) error {
	t := f.trail.clone()
	if _, err := io.CopyN(io.Discard, r, t.offset-int64(t.markLen)); err != nil {
		return err
	}
	if _, err := io.ReadFull(r, t.mark[:t.markLen]); err != nil {
		return err
	}
	if t.bare && fnv(fnvOffset, t.end()) != t.markSum {
		return errOtherContent
	}
	t.bare = false
	f.mu.Lock()
	defer f.mu.Unlock()
	f.trail = t
	return nil
}

// fdReader reads a file from its beginning.
type fdReader struct {
	fd int
	at int64
}

func (r *fdReader) Read(p []byte) (int, error) {
	n, err := readAt(r.fd, p, r.at)
	r.at += int64(n)
	if n == 0 && err == nil && len(p) > 0 {
		err = io.EOF
	}
	return n, err
}
