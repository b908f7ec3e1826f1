package tailer

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Tailer reads the files of its sources. Make one with New.
type Tailer struct {
	opt     Options
	sets    []*globSet
	buffers *buffers
	clock   *clock

	// Lock order: mu, commit, file.mu, ghosts.mu.

	// mu guards files, unjudged, packs, saved and shelf. Only the supervisor changes them, so the supervisor reads them without.
	mu       sync.Mutex
	files    map[ID]*file
	unjudged map[ID]*candidate
	packs    map[ID]*packed
	saved    map[ID]Position // that could not be opened yet
	shelf    []Position      // of what no source names

	ghosts ghosts

	// commit is held for reading while blocks are consumed and positions move, so that a cut, which holds it for
	// writing, sees consumers and positions of the same moment.
	commit sync.RWMutex

	running    atomic.Bool
	stopping   <-chan struct{}  // closed when Run is to end
	stopped    chan struct{}    // closed when Run has ended
	requests   chan readRequest // to the supervisor
	changes    chan *change     // likewise
	truncated  chan struct{}    // a ghost was added; holds one
	unpacked   chan *packed     // it is known what they are
	oneUnpacks chan struct{}    // holds one while a compressed file is read
	ended      chan *file       // files whose goroutine is over

	// How the outside is asked; tests let it fail, or are quicker.
	newInotify func() (*inotify, error)
	openFile   func(path string) (int, stat, error)
	// How long a file is kept in mind that is over and has no name.
	rememberGone time.Duration
	stableFor    time.Duration // how long a file must not have grown that may be a copy in the making
	copyFor      time.Duration // how long a copy is held whose original may be about to be truncated, and a compressed file that is broken

	upTo      atomic.Int64 // when the last scan began that is done, in nanoseconds since 1970
	unread    atomic.Int64 // files of the first scan that are not read yet, and the scan itself
	ready     chan struct{}
	scanned   chan struct{} // closed when the first scan is done
	readyOnce sync.Once
}

// readRequest asks for all files to be read to their present end; the channels that come back are closed when each is.
type readRequest chan<- []<-chan struct{}

var (
	errRunsOnce   = errors.New("a Tailer runs only once")
	errNotRunning = errors.New("the Tailer is not running")
)

// New checks o. The errors are about the options, its globs above all; no file is touched.
func New(o Options) (*Tailer, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	t := &Tailer{
		opt:        o,
		buffers:    newBuffers(runtime.GOMAXPROCS(0), markBytes+o.MaxLineBytes),
		clock:      newClock(),
		files:      make(map[ID]*file),
		unjudged:   make(map[ID]*candidate),
		packs:      make(map[ID]*packed),
		saved:      make(map[ID]Position),
		stopped:    make(chan struct{}),
		requests:   make(chan readRequest),
		changes:    make(chan *change),
		unpacked:   make(chan *packed),
		oneUnpacks: make(chan struct{}, 1),
		truncated:  make(chan struct{}, 1),
		ended:      make(chan *file),
		ready:      make(chan struct{}),
		scanned:    make(chan struct{}),

		newInotify:   newInotify,
		openFile:     openRegular,
		stableFor:    judgeStable,
		copyFor:      copyFor,
		rememberGone: rememberGone,
	}
	t.unread.Store(1)
	for _, s := range o.Sources {
		set, err := compile(s)
		if err != nil {
			return nil, err
		}
		t.sets = append(t.sets, set)
	}
	return t, nil
}

// Run tails until ctx is done, then stops at once and gives everything back: Positions stay, and no Consumer is
// called any more when it returns. Files, directories and watches that fail never end it; the only error is that of
// a second call.
func (t *Tailer) Run(ctx context.Context) error {
	if t.running.Swap(true) {
		return errRunsOnce
	}
	defer close(t.stopped)
	s := newSupervisor(ctx, t)
	defer s.close()
	s.run()
	return nil
}

// Ready is closed when the first scan is done and every file that it found was read up to the size it had, or is
// known to be unreadable.
func (t *Tailer) Ready() <-chan struct{} { return t.ready }

// Scanned is closed when the first scan is done: from then on Cut has a position for every file that was there.
func (t *Tailer) Scanned() <-chan struct{} { return t.scanned }

// ReadToEnd looks for files once more and reads every file, those without a name too, to the end it has now, and has their
// consumers decide what is pending (Consumer.Idle). It needs
// Run to be running, and returns an error if that ends or ctx is done before. Files that cannot be read are not waited
// for. Following goes on.
func (t *Tailer) ReadToEnd(ctx context.Context) error {
	reply := make(chan []<-chan struct{}, 1)
	select {
	case t.requests <- reply:
	case <-t.stopped:
		return errNotRunning
	case <-ctx.Done():
		return ctx.Err()
	}
	var files []<-chan struct{}
	select {
	case files = <-reply:
	case <-t.stopped:
		return errNotRunning
	case <-ctx.Done():
		return ctx.Err()
	}
	for _, read := range files {
		select {
		case <-read:
		case <-t.stopped:
			return errNotRunning
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// caughtUp counts one of what Ready waits for.
func (t *Tailer) caughtUp() {
	if t.unread.Add(-1) == 0 {
		t.readyOnce.Do(func() { close(t.ready) })
	}
}
