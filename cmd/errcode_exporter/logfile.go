package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"errcode_exporter/extract"
)

// logFile is a file that is being scanned.
type logFile struct {
	path   string
	number int // among those that were named
	close  func() error

	// One of these is there.
	text io.Reader   // the unpacked text, which can only be read from front to back
	at   io.ReaderAt // a file that can be read anywhere

	// The reading's lock guards what follows.
	size    int64          // when it was opened
	format  extract.Format // Auto: not known, and the file is not cut
	next    int64          // where the next segment begins; -1: there is none
	border  int64          // where that one ends; 0: not known yet
	over    bool           // all of it was added up, or as much as there will be
	pending int            // segments that were begun and not added up
	parts   int            // segments that were read before it was known what is in front of them
	void    int            // of these, the ones that were of no use

	// Only whoever adds up segments of the file uses what follows; no two do at once.
	tap   *tap // the one that has read what was added up
	sums  *sums
	late  *found // what the tap reports at last, used again and again
	lines int64  // in what was added up
	order *order
}

// open opens the file with a number. A file that does not answer, such as a pipe that nobody writes to, can be left alone: the only
// error is then that of ctx.
func (r *reading) open(ctx context.Context, number int) (*logFile, error) {
	type opened struct {
		f   *logFile
		err error
	}
	done := make(chan opened, 1)
	go func() {
		f, err := r.openLog(ctx, r.files[number])
		done <- opened{f, err}
	}()
	select {
	case o := <-done:
		if o.err != nil {
			return nil, o.err
		}
		o.f.number, o.f.sums, o.f.order = number, newSums(r.catalog), r.printed
		if o.f.order == nil {
			o.f.order = &order{}
		}
		o.f.tap, o.f.late = newTap(r.extractor), newFound(r.catalog, r.printer != nil)
		return o.f, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (r *reading) openLog(ctx context.Context, path string) (*logFile, error) {
	f := &logFile{path: path, close: func() error { return nil }, format: extract.Auto}
	in := r.stdin
	if path == stdinName {
		f.path = "-"
	} else {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		in, f.close = file, file.Close
	}
	if err := f.choose(ctx, in, r); err != nil {
		_ = f.close() // nothing was written to it
		return nil, fmt.Errorf("%s: %w", f.path, err)
	}
	return f, nil
}

// choose decides how the file is read.
func (f *logFile) choose(ctx context.Context, in io.Reader, r *reading) error {
	if file, ok := in.(*os.File); ok {
		info, err := file.Stat()
		if err == nil && info.IsDir() {
			return errors.New("is a folder; name the files in it")
		}
		// A file of 0 bytes may be one that the kernel makes up while it is read.
		if err == nil && info.Mode().IsRegular() && info.Size() > 0 && f.anywhere(file, info.Size(), r) {
			return nil
		}
	}
	text, err := decompress(r.progress.of(in))
	if err != nil {
		return err
	}
	f.text = newAhead(ctx, text)
	return nil
}

// anywhere reports whether the file is not packed, and is read from where it begins.
func (f *logFile) anywhere(file *os.File, size int64, r *reading) bool {
	if at, err := file.Seek(0, io.SeekCurrent); err != nil || at != 0 {
		return false
	}
	head := make([]byte, min(size, headBytes))
	n, err := file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) || packingOf(head[:n]) != notPacked {
		return false
	}
	f.at, f.size = file, size
	if size > r.segment {
		f.format = r.formatOf(head[:n])
	}
	return true
}
