package main

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"

	"errcode_exporter/catalog"
	"errcode_exporter/extract"
)

// reading is files on their way through an extractor, each read once, side by side. As many workers as there are processors take one
// segment after the other. A large file is cut where an event begins, and its segments are searched before it is known what is in front of them; what they
// found is added up in the order of the text. So the answer does not depend on how many workers there are.
type reading struct {
	files     []string
	stdin     io.Reader
	catalog   *catalog.Catalog
	extractor *extract.Extractor
	format    extract.Format // as configured
	progress  *progress
	printer   *eventPrinter // nil: only the tally is wanted
	workers   int
	segment   int64    // bytes of a large file that one worker takes at a time, about
	align     int64    // bytes that are read at a time, at multiples of that
	windows   [2]int64 // bytes on each side of a place that tell whether a file can be cut there
	eager     bool     // read segments as if something in front of them were not known yet, even if all of it is; for tests

	mu      sync.Mutex
	changed *sync.Cond // a segment was added up, or a file opened
	results []result   // of the files, in the order in which they were named
	opened  int        // of these
	opening bool       // somebody is at it
	current *logFile   // whose segments are begun; nil: the next one's are
	begun   int        // segments that were begun and not added up
	idle    []*found   // to be used again
	around  []byte     // what was read around a place where a file might be cut
	printed *order     // of all files' segments, if events are printed; else every file has an order of its own
	added   int        // files that are in the tally
	sums    *sums

	parts, void int // of the files that are in the tally: see logFile
}

// result is what came of a file.
type result struct {
	file  *logFile
	err   error
	ended bool
}

func newReading(s *scan, files []string) *reading {
	r := &reading{
		files: files, stdin: s.stdin, catalog: s.catalog, extractor: s.extractor, format: s.format, printer: s.events, progress: &progress{},
		workers: runtime.GOMAXPROCS(0), segment: segmentBytes, align: alignBytes,
		windows: cutWindows(), results: make([]result, len(files)), sums: newSums(s.catalog),
	}
	r.changed = sync.NewCond(&r.mu)
	if r.printer != nil {
		r.printed = &order{}
		r.segment /= 2
	}
	return r
}

// run reads every file that it can; the error names those that it could not. When ctx is done it ends with what was found so far.
func (r *reading) run(ctx context.Context) error {
	var workers sync.WaitGroup
	for range r.workers {
		workers.Go(func() { (&worker{reading: r, ctx: ctx}).run() })
	}
	workers.Wait()
	var errs []error
	for i := range r.results {
		if f := r.results[i].file; f != nil && !f.over { // interrupted
			r.end(f, nil)
		}
		errs = append(errs, r.results[i].err)
	}
	return errors.Join(errs...)
}

// begin returns the next segment that is to be read, nil if there is none or ctx is done. It waits while enough was begun.
func (r *reading) begin(ctx context.Context) *segment {
	r.mu.Lock()
	defer r.mu.Unlock()
	for ctx.Err() == nil {
		switch f := r.current; {
		case r.opening, r.begun >= r.ahead():
			r.changed.Wait()
		case f == nil && r.opened == len(r.files):
			return nil
		case f == nil:
			r.openNext(ctx)
		case f.over || f.next < 0:
			r.current = nil
		case f.pending > 0 && r.alone(f):
			r.changed.Wait()
		default:
			return r.segmentOf(f)
		}
	}
	return nil
}

// ahead is how many segments may be begun and not added up. Events take room until they are printed; without them the workers need
// not wait for one that is slow.
func (r *reading) ahead() int {
	if r.printer != nil {
		return r.workers + 1
	}
	return 3 * r.workers
}

// openNext opens a file without holding the lock, which is held when it is called.
func (r *reading) openNext(ctx context.Context) {
	number := r.opened
	r.opened++
	r.opening = true
	r.mu.Unlock()
	f, err := r.open(ctx, number)
	r.mu.Lock()
	r.opening = false
	r.changed.Broadcast()
	switch {
	case err == nil:
		r.results[number].file, r.current = f, f
	case !errors.Is(err, context.Canceled):
		r.results[number] = result{err: err, ended: true}
		r.addUp()
	}
}

// segmentOf begins the next segment of a file; the lock is held.
func (r *reading) segmentOf(f *logFile) *segment {
	s := &segment{file: f, begin: f.next, end: r.border(f), found: r.vacant()}
	if f.pending == 0 && !(r.eager && f.next > 0) {
		s.tap = f.tap
	} else {
		s.tap, s.part = newPart(r.extractor, f.format)
		f.parts++
	}
	s.tap.to = s.found
	f.next, f.border = s.end, 0
	f.pending++
	r.begun++
	f.order.segments = append(f.order.segments, s)
	return s
}

// vacant returns an empty found; the lock is held.
func (r *reading) vacant() *found {
	if n := len(r.idle); n > 0 {
		f := r.idle[n-1]
		r.idle = r.idle[:n-1]
		return f
	}
	return newFound(r.catalog, r.printer != nil)
}

// finish takes a segment that was read, as far as it could be. Whatever is next in the order of the text is added up.
func (r *reading) finish(ctx context.Context, s *segment, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.done, s.err = true, err
	o := s.file.order
	if o.busy {
		return // whoever is at it sees it
	}
	o.busy = true
	for len(o.segments) > 0 && o.segments[0].done {
		next := o.segments[0]
		r.mu.Unlock()
		r.add(ctx, next)
		r.mu.Lock()
		o.segments = o.segments[1:]
		next.found.reset()
		r.idle = append(r.idle, next.found)
		next.file.pending--
		r.begun--
		r.changed.Broadcast()
	}
	o.busy = false
}
