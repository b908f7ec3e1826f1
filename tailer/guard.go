package tailer

import (
	"context"
	"sync"
	"time"
)

// guardInterval is how often the guard looks, while any file is followed. nxadm/tail may read that long what comes in one
// line, at about 1 MiB in a millisecond, and holds it three times over. A line of 200 MiB that came while it followed took
// 7 MiB of memory with an interval of 10 ms, 15 with 20 ms, 45 with 30 ms, and 900 without a guard. 10 ms cost 0.8 % of a core.
const guardInterval = 10 * time.Millisecond

// guard sees to it that nxadm/tail is never far behind: what a file has grown by more than followLag is for the block
// reader, whose memory is bounded. It does not depend on the goroutine of the file, which may be waiting for its consumer,
// nor on events, of which a single large write raises none before its end.
type guard struct {
	mu       sync.Mutex
	followed map[*file]*follower
	some     chan struct{} // there is something to look at; holds one
}

func newGuard() *guard {
	return &guard{followed: make(map[*file]*follower), some: make(chan struct{}, 1)}
}

// watch looks after t until release.
func (g *guard) watch(f *file, t *follower) {
	g.mu.Lock()
	g.followed[f] = t
	g.mu.Unlock()
	select {
	case g.some <- struct{}{}:
	default:
	}
}

// release forgets f: nothing touches its descriptor any more.
func (g *guard) release(f *file) {
	g.mu.Lock()
	delete(g.followed, f)
	g.mu.Unlock()
}

// run looks at the files until ctx is done, and sleeps while there are none.
func (g *guard) run(ctx context.Context) {
	tick := time.NewTicker(guardInterval)
	defer tick.Stop()
	for {
		if !g.look() {
			tick.Stop()
			select {
			case <-ctx.Done():
				return
			case <-g.some:
			}
			tick.Reset(guardInterval)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// look ends every nxadm/tail that is too far behind, and says whether there are others.
func (g *guard) look() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for f, t := range g.followed {
		if f.isFarBehind() {
			t.cutShort()
			delete(g.followed, f)
			f.poke()
		}
	}
	return len(g.followed) > 0
}

// isFarBehind says whether more was written than nxadm/tail should read.
func (f *file) isFarBehind() bool {
	st, err := statFD(f.fd)
	if err != nil {
		return false // who reads the file meets it too
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return st.size-f.offset > followLag
}
