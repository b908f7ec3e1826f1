package tailer

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"log"
	"os"
	"reflect"
	"unsafe"

	"github.com/nxadm/tail"
	"github.com/nxadm/tail/watch"
	"gopkg.in/tomb.v1"
)

// follower is nxadm/tail at work on an open file, turn by turn: in each it reads on to where the file was seen to end, and not
// further, hands over the lines, and waits. By itself it would look at the file 25 times a second in a goroutine more, end the
// process if that fails, and hold a line in memory however long that gets. As it is here it does what it is told, when there is something
// to read.
//
// It asks a watch.FileWatcher what has happened, and takes one of its own. There is no public way to give it another, so that is
// put into its field, by its own goroutine, from within the only thing that is public and called before it reads: its logger, which is
// told that a file (the one without a name) is not there yet. Its first look at the real file is far behind the end; then it asks the
// watcher, which is the follower, and that puts itself between nxadm/tail and the file.
type follower struct {
	*log.Logger // that says nothing

	tail  *tail.Tail
	made  chan *tail.Tail // the same, for its own goroutine
	ready chan struct{}   // closed when it waits for its first turn
	turn  chan bool       // begins one
	over  chan struct{}   // it is; holds one

	// Owned by the goroutine of nxadm/tail.
	own  *tail.Tail
	link string // to the file
	file *os.File

	// Owned by the goroutine of nxadm/tail in a turn, by that of the file between turns.
	at  int64 // how far was read
	end int64 // how far is to be read
}

// farBehindAnyEnd is an offset that all local file systems which have large files at all can seek to.
const farBehindAnyEnd = 1 << 40

// What is private to nxadm/tail and used here: offsets in a Tail of what has these names and types in the version that is pinned
// (v1.4.11, the last one).
var (
	tailWatcher, knowsWatcher = tailField[watch.FileWatcher]("watcher")
	tailFile, knowsFile       = tailField[*os.File]("file")
	tailReader, knowsReader   = tailField[*bufio.Reader]("reader")
)

func tailField[T any](name string) (offset uintptr, known bool) {
	f, ok := reflect.TypeFor[tail.Tail]().FieldByName(name)
	return f.Offset, ok && f.Type == reflect.TypeFor[T]()
}

func fieldOf[T any](t *tail.Tail, offset uintptr) *T {
	return (*T)(unsafe.Add(unsafe.Pointer(t), offset))
}

var (
	errOtherTail = errors.New("nxadm/tail is not the version that is known")
	errEnded     = errors.New("nxadm/tail has ended")
	errTorn      = errors.New("nxadm/tail has read something else than lines that follow what was read before")
)

// newFollower lets nxadm/tail open the file that link leads to, and wait there for its first turn, at offset.
func newFollower(link string, offset int64) (*follower, error) {
	if !knowsWatcher || !knowsFile || !knowsReader {
		return nil, errOtherTail
	}
	w := &follower{
		Logger: tail.DiscardingLogger, link: link, at: offset,
		made: make(chan *tail.Tail, 1), ready: make(chan struct{}), turn: make(chan bool), over: make(chan struct{}, 1),
	}
	t, err := tail.TailFile("", tail.Config{
		Location: &tail.SeekInfo{Offset: farBehindAnyEnd}, Poll: true, Follow: true, CompleteLines: true, Logger: w,
	})
	if err != nil {
		return nil, err
	}
	w.tail = t
	w.made <- t
	select {
	case <-w.ready:
		return w, nil
	case <-t.Dead():
		return nil, errors.Join(errEnded, t.Err())
	}
}

// Printf is told by the goroutine of nxadm/tail that the file without a name is not there, or, after that, that the real one is
// not.
func (w *follower) Printf(string, ...any) {
	if w.own != nil {
		return
	}
	w.own = <-w.made
	*fieldOf[watch.FileWatcher](w.own, tailWatcher) = w
}

// BlockUntilExists implements watch.FileWatcher. It is called after Printf.
func (w *follower) BlockUntilExists(*tomb.Tomb) error {
	if w.own.Filename == w.link {
		return fs.ErrNotExist
	}
	w.own.Filename = w.link
	return nil
}

// ChangeEvents implements watch.FileWatcher. It is called once, at what seems to be the end of the file.
func (w *follower) ChangeEvents(*tomb.Tomb, int64) (*watch.FileChanges, error) {
	w.file = *fieldOf[*os.File](w.own, tailFile)
	if _, err := w.file.Seek(w.at, io.SeekStart); err != nil {
		return nil, err
	}
	if conn, err := w.file.SyscallConn(); err == nil {
		_ = conn.Control(func(fd uintptr) { leaveNoTime(int(fd)) }) // it is open
	}
	(*fieldOf[*bufio.Reader](w.own, tailReader)).Reset(w)
	close(w.ready)
	return &watch.FileChanges{Modified: w.turn}, nil // it is never told that the file was truncated or is gone
}

// Read implements io.Reader for nxadm/tail: the file, as far as the turn goes.
func (w *follower) Read(p []byte) (int, error) {
	n, err := 0, io.EOF
	if w.at < w.end {
		n, err = w.file.Read(p[:min(int64(len(p)), w.end-w.at)])
		w.at += int64(n)
	}
	if n == 0 {
		w.over <- struct{}{}
	}
	return n, err
}

// read has nxadm/tail read on to end, and gives each line to f, which says whether it is as it should be. It returns errTorn if
// one was not or less was there, after which the follower is to be stopped, and errEnded if nxadm/tail has ended by itself.
func (w *follower) read(end int64, f func(*tail.Line) bool) error {
	w.end = end
	turn := w.turn
	for {
		select {
		case turn <- true:
			turn = nil
		case line, ok := <-w.tail.Lines:
			if !ok {
				return errEnded
			}
			if !f(line) {
				return errTorn
			}
		case <-w.over:
			if w.at < end {
				return errTorn
			}
			return nil
		}
	}
}

// stop ends nxadm/tail. What it has read and not handed over, or was refused, is read again by whoever reads on at the file's offset.
func (w *follower) stop() {
	w.tail.Kill(nil)
	for range w.tail.Lines { // its goroutine may be about to hand over a line
	}
	_ = w.tail.Wait()
}
