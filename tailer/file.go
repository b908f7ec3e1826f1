package tailer

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// file is one inode. Its goroutine (run) is the only one that reads it and that moves its position.
type file struct {
	t      *Tailer
	source string
	id     ID
	home   string // the name it was first read under
	base   string // the same with links followed: its rotated siblings are beside it
	found  bool   // by the very first scan
	packed bool   // compressed; the offset is in what it holds
	copy   bool   // of what was read before: its last line may be torn
	target int64  // how far Ready waits for it to be read

	wake chan struct{} // something may have changed; holds one
	keep atomic.Bool   // the file goes on when its goroutine ends: its descriptor stays open

	// Owned by the goroutine.
	fd         int
	cut        cutter
	remote     bool
	history    int64     // where the history ends
	mtime      time.Time // modification time at the last look
	lastNew    time.Time // when the file was last seen to grow
	read       int64     // how far it was read, an unfinished line included
	undecided  bool      // blocks were delivered since the last Idle
	announced  bool      // no longer waited for by Ready
	noTailFor  time.Time // until when nxadm/tail is not tried again
	drainSince time.Time
	ioFailures int  // in a row
	clocked    bool // the clock looks after it

	due     atomic.Int64 // when the clock is to wake the goroutine, in nanoseconds since that began
	unheard bool         // events do not tell that it was written; owned by the clock

	// Owned by the supervisor.
	aliases  map[string]struct{} // other names that lead to it at the same time
	lastName string              // what its name was when it was closed, if that is not matched
	beside   string              // the unmatched name under which it was heard of last while it was read
	running  bool
	cancel   context.CancelFunc // ends the goroutine
	leaving  *departure         // where it goes when the goroutine has ended; nil if it is not told to end
	// dismissed says that it is known as a copy, or was empty.
	dismissed bool
	scanned   uint64 // the last scan that saw it
	opened    time.Time
	sections  []section // of what was consumed, once asked for; nil while it is read

	// Written by the goroutine within a commit section (see Tailer.commit), so a cut sees them all of one moment.
	mu       sync.Mutex
	offset   int64
	skipping bool // the offset is within a line that was cut
	trail    trail
	peek     peek // of what was there when nothing had been consumed
	consumer Consumer
	state    []byte // what the first consumer is to begin with

	// Guarded by mu alone.
	path     string
	phase    Phase
	draining bool
	doneAt   time.Time
	seen     int64 // how far the file is known to have reached
	looked   stat  // the last look at it
	lastLine time.Time
	asked    []chan<- struct{} // who waits for it to be read to its present end
}

// run reads the file until it is over or ctx is done.
func (f *file) run(ctx context.Context) {
	defer f.leave()
	if f.consumer == nil {
		f.begin()
	}
	for {
		asked := f.takeAsked()
		err := f.catchUp(ctx)
		if len(asked) > 0 && err == nil && ctx.Err() == nil {
			f.decide() // whoever asks for all that is there does not wait for more
		}
		f.answer(asked)
		if ctx.Err() != nil {
			return
		}
		f.announce()
		if err != nil {
			f.wait(ctx, f.backOff(err))
			continue
		}
		f.ioFailures = 0
		f.decideIfIdle()
		draining := f.isDraining()
		if !draining {
			f.drainSince = time.Time{}
		}
		switch {
		case draining:
			f.offTheClock()
			f.setPhase(Draining)
			if f.isAbandoned() && f.finish(ctx) {
				return
			}
			f.wait(ctx, f.drainInterval())
		case time.Since(f.lastNew) >= f.t.opt.ParkAfter:
			f.offTheClock()
			f.setPhase(Parked)
			f.wait(ctx, f.parkedInterval())
		case f.mayFollow():
			f.follow(ctx)
		default:
			f.setPhase(Waiting)
			f.rest(ctx)
		}
	}
}

// begin opens the consumer of the first generation.
func (f *file) begin() {
	f.t.commit.RLock()
	defer f.t.commit.RUnlock()
	f.mu.Lock()
	path, offset, state := f.path, f.offset, f.state
	f.mu.Unlock()
	c := f.t.opt.Open(File{Source: f.source, Path: path, ID: f.id, Offset: offset, Found: f.found, State: state})
	f.mu.Lock()
	f.consumer, f.state = c, nil
	f.mu.Unlock()
	f.undecided = state != nil // it may have waited for something when its state was saved
}

// restart ends the generation, whose content is gone or was copied, and begins the next one at the beginning of the file.
func (f *file) restart() {
	f.t.commit.RLock()
	defer f.t.commit.RUnlock()
	// An event or a record may go on in a copy of the content, whose end the live file no longer has.
	state, err := f.consumer.State()
	if err != nil {
		f.t.opt.Logger.Warn("what was pending at a truncation is decided without the rest of it", "source", f.source, "path", f.name(), "err", err)
		f.consumer.End()
		state = nil
	}
	f.mu.Lock()
	// What was only seen may be of the new content, if that has outgrown the old one already.
	unread := max(0, f.read-f.offset)
	if f.looked.size < f.seen {
		unread = max(0, f.seen-f.offset)
	}
	path, r := f.path, f.reached()
	r.state = state
	f.t.ghosts.add(&ghost{
		source: f.source, path: path, home: f.home, base: f.base, id: f.id, reached: r,
		seen: f.offset + unread, born: time.Now(), peek: f.peek, read: f.read,
	})
	f.offset, f.seen, f.read, f.history = 0, 0, 0, 0
	f.trail, f.peek = trail{}, peek{}
	f.cut.skipping, f.skipping, f.copy = false, false, false
	f.mu.Unlock()
	f.lastNew, f.undecided = time.Now(), false
	f.t.opt.Observer.Rotation(f.source, RotationTruncate)
	f.t.opt.Logger.Debug("file was truncated", "source", f.source, "path", path, "id", f.id.String(), "unread_bytes", unread)
	c := f.t.opt.Open(File{Source: f.source, Path: path, ID: f.id, Found: f.found})
	f.mu.Lock()
	f.consumer = c
	f.mu.Unlock()
	select {
	case f.t.truncated <- struct{}{}:
	default:
	}
}

// deliver hands one block over and moves the position past its bytes, as one commit section.
func (f *file) deliver(b Block, consumed []byte) {
	f.t.commit.RLock()
	defer f.t.commit.RUnlock()
	f.consumer.Consume(b)
	f.undecided = true
	f.advance(consumed, b.ModTime)
}

// skip moves the position past bytes that are not delivered.
func (f *file) skip(consumed []byte) {
	f.t.commit.RLock()
	defer f.t.commit.RUnlock()
	f.advance(consumed, time.Time{})
}

// advance moves the position. It is called within a commit section.
func (f *file) advance(consumed []byte, when time.Time) {
	if when.IsZero() {
		when = time.Now()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.offset += int64(len(consumed))
	f.trail.add(consumed)
	f.skipping = f.cut.skipping
	f.lastLine = when
	f.seen = max(f.seen, f.offset)
}

// decideIfIdle tells the consumer once that nothing more has come for a while.
func (f *file) decideIfIdle() {
	if time.Since(f.lastNew) >= f.t.opt.IdleAfter {
		f.decide()
	}
}

func (f *file) decide() {
	if !f.undecided {
		return
	}
	f.t.commit.RLock()
	defer f.t.commit.RUnlock()
	f.consumer.Idle()
	f.undecided = false
}

// look notes size and time of the file and returns its size.
func (f *file) look() (int64, error) {
	st, err := statFD(f.fd)
	if err != nil {
		return 0, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.looked, f.mtime = st, st.mtime
	return st.size, nil
}

// saw notes that the file reaches to end.
func (f *file) saw(end int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if end > f.seen {
		f.seen = end
		f.lastNew = time.Now()
	}
}

// announce counts the file as read up to where it reached at the start, or as unreadable.
func (f *file) announce() {
	if !f.announced {
		f.announced = true
		f.t.caughtUp()
	}
}

// leave gives back what the goroutine held.
func (f *file) leave() {
	f.offTheClock()
	if !f.keep.Load() || f.isDone() {
		f.lastName = heldName(f.fd)
		closeFD(f.fd)
		f.fd = -1
	}
	f.answer(f.takeAsked())
	select {
	case f.t.ended <- f:
	case <-f.t.stopping:
	}
}

func (f *file) name() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.path
}

func (f *file) rename(path string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.path = path
}

// differs says whether the file has changed since the goroutine looked at it.
func (f *file) differs(st stat) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return st.size != f.looked.size || !st.mtime.Equal(f.looked.mtime)
}
