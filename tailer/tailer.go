package tailer

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/fsnotify/fsnotify"
)

// Tailer reads the files of its sources. Make one with New.
type Tailer struct {
	opt     Options
	sets    []*globSet
	buffers *buffers

	// Lock order: mu, commit, file.mu.

	// mu guards files. Only the supervisor changes it, so the supervisor reads it without.
	mu    sync.Mutex
	files map[ID]*file

	// commit is held for reading while blocks are consumed and positions move, so that a cut, which holds it for
	// writing, sees consumers and positions of the same moment.
	commit sync.RWMutex

	running  atomic.Bool
	stopping <-chan struct{}  // closed when Run is to end
	stopped  chan struct{}    // closed when Run has ended
	requests chan readRequest // to the supervisor
	ended    chan *file       // files whose goroutine is over

	// How the outside is asked; tests let it fail.
	newWatcher func() (*fsnotify.Watcher, error)
	openFile   func(path string) (int, stat, error)

	unread    atomic.Int64 // files of the first scan that are not read yet, and the scan itself
	ready     chan struct{}
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
		opt:      o,
		buffers:  newBuffers(runtime.GOMAXPROCS(0), markBytes+o.MaxLineBytes),
		files:    make(map[ID]*file),
		stopped:  make(chan struct{}),
		requests: make(chan readRequest),
		ended:    make(chan *file),
		ready:    make(chan struct{}),

		newWatcher: fsnotify.NewWatcher,
		openFile:   openRegular,
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
