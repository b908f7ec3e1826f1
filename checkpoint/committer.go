package checkpoint

import (
	"errors"
	"sync"
	"time"
)

// ErrSlow says that a commit took longer than its caller could wait. It may still succeed.
var ErrSlow = errors.New("checkpoint: saving takes too long")

// errOvertaken says that something newer than the cut that was saved has been shown meanwhile.
var errOvertaken = errors.New("checkpoint: overtaken by what was shown without it")

// Committer saves cuts when it is asked to, one at a time. Those who ask while a commit is under way share it.
//
// It fails open: a disk that is full, read-only or hung must not keep anybody from seeing the counts. Whoever does not get a
// cut in time shows what there is now, and says so by calling ShowLive first.
type Committer[Cut any] struct {
	store *Store
	take  func() (Cut, Sections, error)
	// report is told how each commit ended; slow ones end with ErrSlow when somebody gives up on them, and once more when they end.
	report func(error)

	mu      sync.Mutex
	flight  *flight[Cut]  // nil: none is under way
	shown   int           // how often something was shown live
	behind  bool          // see Behind
	marking chan struct{} // nil: nobody waits for marks to say that something is shown live

	marks sync.Mutex // held while the mark on disk changes, which a disk may make last; taken before mu
	live  bool       // the mark on disk says that more may have been shown than is saved; guarded by marks
}

// flight is one commit.
type flight[Cut any] struct {
	begun  time.Time
	shown  int  // when its cut was taken
	behind bool // when its cut was taken
	done   chan struct{}
	cut    Cut
	err    error
}

// NewCommitter returns a committer for a store. take makes a cut, as a value for those who wait for it and as what is to be
// saved of it.
func NewCommitter[Cut any](store *Store, take func() (Cut, Sections, error), report func(error)) *Committer[Cut] {
	return &Committer[Cut]{store: store, take: take, report: report}
}

// Commit returns a cut that is on disk. It waits no longer than wait, and not at all for a commit that is already slower than that.
func (c *Committer[Cut]) Commit(wait time.Duration) (Cut, error) {
	c.mu.Lock()
	f := c.flight
	if f != nil && f.behind && !c.behind {
		c.mu.Unlock()
		return c.CommitNow(wait) // that cut has less than was shown before
	}
	if f == nil {
		f = c.begin()
	}
	c.mu.Unlock()
	return c.await(f, wait-time.Since(f.begun))
}

// CommitNow is Commit with a cut that is taken after the call.
func (c *Committer[Cut]) CommitNow(wait time.Duration) (Cut, error) {
	deadline := time.Now().Add(wait)
	c.mu.Lock()
	for c.flight != nil {
		f := c.flight
		c.mu.Unlock()
		if _, err := c.await(f, time.Until(deadline)); errors.Is(err, ErrSlow) {
			var none Cut
			return none, err
		}
		c.mu.Lock()
	}
	f := c.begin()
	c.mu.Unlock()
	return c.await(f, time.Until(deadline))
}

func (c *Committer[Cut]) await(f *flight[Cut], wait time.Duration) (Cut, error) {
	var none Cut
	timer := time.NewTimer(max(wait, 0))
	defer timer.Stop()
	select {
	case <-f.done:
	default:
		select {
		case <-f.done:
		case <-timer.C:
			c.report(ErrSlow)
			return none, ErrSlow
		}
	}
	if f.err != nil {
		return none, f.err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.shown != c.shown {
		return none, errOvertaken
	}
	return f.cut, nil
}

// begin starts a commit; mu is held.
func (c *Committer[Cut]) begin() *flight[Cut] {
	f := &flight[Cut]{begun: time.Now(), shown: c.shown, behind: c.behind, done: make(chan struct{})}
	c.flight = f
	go func() {
		f.err = c.run(f)
		c.mu.Lock()
		c.flight = nil
		c.mu.Unlock()
		c.report(f.err)
		close(f.done)
	}()
	return f
}

func (c *Committer[Cut]) run(f *flight[Cut]) error {
	cut, sections, err := c.take()
	if err != nil {
		return err
	}
	if err := c.store.Save(sections); err != nil {
		return err
	}
	f.cut = cut
	if f.behind {
		return nil
	}
	// All the while marks is held, nobody shows something live without waiting for it: either it is seen here, or the mark is
	// made after that.
	c.marks.Lock()
	defer c.marks.Unlock()
	if c.overtaken(f) {
		return errOvertaken
	}
	if err := c.store.Trust(); err != nil {
		return err
	}
	c.live = false
	if c.overtaken(f) {
		return errOvertaken
	}
	return nil
}

func (c *Committer[Cut]) overtaken(f *flight[Cut]) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return f.shown != c.shown
}

// Behind says that what is counted may be less than what a process before this one has shown, until CaughtUp. What is
// saved until then is not trusted, so that a process after this one knows it too.
func (c *Committer[Cut]) Behind() {
	c.mu.Lock()
	c.behind = true
	c.mu.Unlock()
	c.mark()
}

// CaughtUp says that what is counted is at least what was ever shown.
func (c *Committer[Cut]) CaughtUp() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.behind = false
}

// ShowLive says that what is not saved is about to be shown. The mark that says so on disk is made before it returns, unless
// that takes longer than wait.
func (c *Committer[Cut]) ShowLive(wait time.Duration) {
	c.mu.Lock()
	c.shown++
	marked := c.marking
	if marked == nil {
		marked = make(chan struct{})
		c.marking = marked
		go func() {
			defer close(marked)
			c.mark()
		}()
	}
	c.mu.Unlock()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-marked:
	case <-timer.C:
	}
}

// mark makes the mark on disk that says that more may have been shown than is saved.
func (c *Committer[Cut]) mark() {
	c.marks.Lock()
	defer c.marks.Unlock()
	c.mu.Lock()
	c.marking = nil // whoever comes from now on has to wait for marks
	c.mu.Unlock()
	if c.live {
		return
	}
	c.live = true
	if err := c.store.Distrust(); err != nil {
		c.report(err)
	}
}

// Overtaken reports whether a commit succeeded and was of no use to those who waited, because something newer had been shown.
func Overtaken(err error) bool { return errors.Is(err, errOvertaken) }
