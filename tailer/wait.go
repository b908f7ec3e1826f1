package tailer

import (
	"context"
	"time"
)

// poke makes the goroutine look at the file.
func (f *file) poke() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// wait returns when there may be something to do: somebody poked, the interval is over (0 means none), or the
// consumer is to be told that nothing came.
func (f *file) wait(ctx context.Context, interval time.Duration) {
	if f.undecided {
		idle := max(f.t.opt.IdleAfter-time.Since(f.lastNew), time.Millisecond)
		if interval == 0 || idle < interval {
			interval = idle
		}
	}
	var expired <-chan time.Time
	if interval > 0 {
		timer := time.NewTimer(interval)
		defer timer.Stop()
		expired = timer.C
	}
	select {
	case <-ctx.Done():
	case <-f.wake:
	case <-expired:
	}
}

// rest returns when there may be something to do for a file that is written now and then: somebody poked, it may be parked or
// followed, or the consumer is to be told that nothing came.
func (f *file) rest(ctx context.Context) {
	if f.remote {
		f.wait(ctx, remoteInterval)
		return
	}
	due := f.lastNew.Add(f.t.opt.ParkAfter)
	if idle := f.lastNew.Add(f.t.opt.IdleAfter); f.undecided && idle.Before(due) {
		due = idle
	}
	if f.noTailFor.Before(due) && time.Until(f.noTailFor) > 0 {
		due = f.noTailFor
	}
	f.dueAt(due)
	if !f.clocked {
		f.clocked = true
		f.t.clock.add(f)
	}
	select {
	case <-ctx.Done():
	case <-f.wake:
	}
}

// offTheClock says that the file is not read as it is written any more. Nothing but its goroutine touches its descriptor then.
func (f *file) offTheClock() {
	if f.clocked {
		f.clocked = false
		f.t.clock.remove(f)
	}
}

// parkedInterval is how often a parked file is looked at, whoever wakes it: 0 where events come or the supervisor
// looks itself.
func (f *file) parkedInterval() time.Duration {
	if f.remote {
		return remoteParkedInterval
	}
	return 0
}

// backOff counts a failed read and returns how long to wait before the next.
func (f *file) backOff(err error) time.Duration {
	f.t.opt.Observer.SourceError(f.source, ReasonRead)
	if f.ioFailures == 0 {
		f.t.opt.Logger.Warn("cannot read file, trying again", "source", f.source, "path", f.name(), "err", err)
	}
	f.ioFailures = min(f.ioFailures+1, 6)
	return 50 * time.Millisecond << f.ioFailures
}

// ask returns a channel that is closed when the file was read to the end it has now.
func (f *file) ask() <-chan struct{} {
	c := make(chan struct{})
	f.mu.Lock()
	f.asked = append(f.asked, c)
	f.mu.Unlock()
	f.poke()
	return c
}

func (f *file) takeAsked() []chan<- struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	asked := f.asked
	f.asked = nil
	return asked
}

// answer tells those who asked.
func (f *file) answer(asked []chan<- struct{}) {
	for _, c := range asked {
		close(c)
	}
}

// wanted says whether something waits for the goroutine that following cannot do.
func (f *file) wanted() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.draining || len(f.asked) > 0
}
