package main

import (
	"context"
	"errors"
)

// add adds up a segment. Everything in front of it was added up before, and nobody else adds up segments of the file.
func (r *reading) add(ctx context.Context, s *segment) {
	f := s.file
	if f.over {
		return // it ended before, by an error or because it was interrupted
	}
	if s.part == nil {
		r.put(f, s.found, 0)
	} else {
		r.join(ctx, s)
	}
	if s.last() || s.err != nil {
		r.end(f, s.err)
	}
}

// join adds up a segment that was read before it was known what is in front of it. It is read again if that makes a
// difference.
func (r *reading) join(ctx context.Context, s *segment) {
	f := s.file
	if before := f.lines; r.late(f, func() bool { return s.part.Continue(f.tap.stream) }) {
		f.tap = s.tap
		r.put(f, s.found, before)
		return
	}
	r.mu.Lock()
	f.void++
	r.mu.Unlock()
	s.found.reset()
	f.tap.to = s.found
	s.err = r.again(ctx, s)
	r.put(f, s.found, 0)
}

// late lets the file's stream report what it still has.
func (r *reading) late(f *logFile, report func() bool) bool {
	f.late.reset()
	f.tap.to = f.late
	ok := report()
	r.put(f, f.late, 0)
	return ok
}

// put adds what was found to what was found in the file before. lines is how many of its lines are in front of what was line 1 when it was found.
func (r *reading) put(f *logFile, found *found, lines int64) {
	f.sums.add(found.sums, lines)
	if r.printer != nil {
		found.events.take(func(e report) { r.printer.event(f.path, e, lines) })
	}
	stats := f.tap.stream.TakeStats()
	f.lines += stats.Lines
	f.sums.lines += stats.Lines
	f.sums.matched += stats.Matched
}

// publish prints what a segment found so far, if everything in front of it was printed. It waits for that if it is much.
func (r *reading) publish(s *segment) {
	if r.printer == nil || s.part != nil || len(s.found.events.bytes) == 0 {
		return
	}
	r.mu.Lock()
	for s.file.order.segments[0] != s {
		if len(s.found.events.bytes) < maxUnprinted {
			r.mu.Unlock()
			return
		}
		r.changed.Wait()
	}
	r.mu.Unlock()
	s.found.events.take(func(e report) { r.printer.event(s.file.path, e, 0) })
	if s.file.at == nil {
		r.printer.push() // whoever feeds a pipe may be waiting for the answer
	}
}

// end ends a file.
func (r *reading) end(f *logFile, err error) {
	r.late(f, func() bool {
		f.tap.stream.End()
		return true
	})
	if r.printer != nil {
		r.printer.fileEnds()
	}
	_ = f.close() // nothing was written to it
	r.mu.Lock()
	defer r.mu.Unlock()
	f.over = true
	if errors.Is(err, context.Canceled) {
		err = nil // nobody needs to be told of each file
	}
	r.results[f.number].err, r.results[f.number].ended = err, true
	r.addUp()
}

// addUp adds the files that have ended to the tally, in the order in which they were named; the lock is held.
func (r *reading) addUp() {
	for ; r.added < len(r.results) && r.results[r.added].ended; r.added++ {
		if f := r.results[r.added].file; f != nil {
			r.sums.files++
			r.sums.add(f.sums, 0)
			r.parts += f.parts
			r.void += f.void
			r.results[r.added].file = nil
		}
	}
}
