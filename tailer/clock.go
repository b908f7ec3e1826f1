package tailer

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

const (
	tickEvery = 100 * time.Millisecond // the clock's precision
	blindTick = 50 * time.Millisecond  // the same where it is the only one to notice that a file was written
	looksEach = 10                     // ticks between two looks at a file that events should tell of
)

// clock wakes the goroutines of files that are read as they are written, when something is due for them that no event tells:
// one timer for all of them. It also looks whether they have changed, again and again where no directory watch does that,
// now and then where one should.
type clock struct {
	mu    sync.Mutex
	files map[*file]struct{}
	some  chan struct{} // there is a file; holds one
	blind atomic.Bool   // not everything is watched
	begun time.Time
}

func newClock() *clock {
	return &clock{files: make(map[*file]struct{}), some: make(chan struct{}, 1), begun: time.Now()}
}

// add looks after f until remove.
func (c *clock) add(f *file) {
	c.mu.Lock()
	f.unheard = false
	c.files[f] = struct{}{}
	c.mu.Unlock()
	select {
	case c.some <- struct{}{}:
	default:
	}
}

// remove forgets f: nothing touches its descriptor any more.
func (c *clock) remove(f *file) {
	c.mu.Lock()
	delete(c.files, f)
	c.mu.Unlock()
}

// run looks at the files until ctx is done, and sleeps while there are none.
func (c *clock) run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for turn := 0; ; turn++ {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		if !c.tick(turn%looksEach == 0) {
			select {
			case <-ctx.Done():
				return
			case <-c.some:
			}
		}
		timer.Reset(c.interval())
	}
}

func (c *clock) interval() time.Duration {
	if c.blind.Load() {
		return blindTick
	}
	return tickEvery
}

// tick wakes the files for which something is due, and says whether there are files.
func (c *clock) tick(look bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	blind := c.blind.Load()
	now := time.Since(c.begun)
	for f := range c.files {
		due := time.Duration(f.due.Load())
		if due <= now || (look || blind || f.unheard) && f.hasChanged(blind) {
			f.poke()
		}
	}
	return len(c.files) > 0
}

// hasChanged says whether the file is not any more what its goroutine has looked at. If that was long ago events do not tell
// of it: it may be written under a name elsewhere.
func (f *file) hasChanged(blind bool) bool {
	st, err := statFD(f.fd)
	if err != nil {
		return true // who reads the file meets it too
	}
	changed := f.differs(st)
	if changed && !blind && time.Since(st.mtime) > 2*writesPause {
		f.unheard = true
	}
	return changed
}

// dueAt has the clock wake the file's goroutine then, or soon after.
func (f *file) dueAt(when time.Time) {
	f.due.Store(int64(time.Since(f.t.clock.begun) + time.Until(when)))
}
