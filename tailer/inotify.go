package tailer

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// queue is one of the two in which the kernel keeps what happened in watched directories.
type queue int32

const (
	nameEvents  queue = iota // files came and went, or their rights changed: rare, and to be heard at once
	writeEvents              // files were written: as many as there are lines, and best heard together
)

// eventMasks is what is told in each queue. What is written to a file that has lost its name in the directory is not.
var eventMasks = [...]uint32{
	nameEvents: unix.IN_CREATE | unix.IN_MOVED_TO | unix.IN_MOVED_FROM | unix.IN_DELETE | unix.IN_ATTRIB |
		unix.IN_DELETE_SELF | unix.IN_MOVE_SELF | unix.IN_ONLYDIR,
	writeEvents: unix.IN_MODIFY | unix.IN_EXCL_UNLINK | unix.IN_ONLYDIR,
}

// errOverflow says that the kernel has dropped events.
var errOverflow = errors.New("inotify queue overflow: events were lost")

// inotify is two instances of it. Each wakes somebody once and then only after it was armed again: an event that comes
// while nobody wants to hear it costs no wake-up, which is most of what one costs. fsnotify has no such pause: its goroutine
// is woken by every write.
type inotify struct {
	fds   [2]int
	epoll *os.File
	ready chan queue // has something to be read, and is not armed any more
	done  chan struct{}
	buf   []byte
	get   func(fd int, buf []byte) (int, error) // unix.Read; tests hear other things
}

// newInotify returns what nothing is watched by yet, and both queues armed.
func newInotify() (*inotify, error) {
	var fds []int
	fail := func(what string, err error) (*inotify, error) {
		for _, fd := range fds {
			closeFD(fd)
		}
		return nil, os.NewSyscallError(what, err)
	}
	for range eventMasks {
		fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
		if err != nil {
			return fail("inotify_init1", err)
		}
		fds = append(fds, fd)
	}
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return fail("epoll_create1", err)
	}
	n := &inotify{fds: [2]int(fds), ready: make(chan queue), done: make(chan struct{}), buf: make([]byte, 32<<10), get: unix.Read}
	fds = append(fds, epoll)
	for q, fd := range n.fds {
		if err := unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, fd, armed(queue(q))); err != nil {
			return fail("epoll_ctl", err)
		}
	}
	if err := unix.SetNonblock(epoll, true); err != nil {
		return fail("fcntl", err)
	}
	n.epoll = os.NewFile(uintptr(epoll), "epoll")
	go n.listen()
	return n, nil
}

func armed(q queue) *unix.EpollEvent {
	return &unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLONESHOT, Fd: int32(q)}
}

// listen tells of each queue that has something to be read, until close.
func (n *inotify) listen() {
	defer close(n.done)
	conn, err := n.epoll.SyscallConn()
	if err != nil {
		return // closed already
	}
	var events [2]unix.EpollEvent
	for {
		var got int
		err := conn.Read(func(fd uintptr) bool {
			for {
				got, err = unix.EpollWait(int(fd), events[:], 0)
				if !errors.Is(err, unix.EINTR) {
					return got > 0
				}
			}
		})
		if err != nil {
			return
		}
		for _, e := range events[:got] {
			n.ready <- queue(e.Fd)
		}
	}
}

// arm has the queue tell of what is or comes in it, once.
func (n *inotify) arm(q queue) {
	conn, err := n.epoll.SyscallConn()
	if err != nil {
		return
	}
	_ = conn.Control(func(epoll uintptr) { // both are open
		_ = unix.EpollCtl(int(epoll), unix.EPOLL_CTL_MOD, n.fds[q], armed(q))
	})
}

// watch has events of the directory told in the queue, by the number that is returned.
func (n *inotify) watch(q queue, dir string) (int, error) {
	for {
		wd, err := unix.InotifyAddWatch(n.fds[q], dir, eventMasks[q])
		if !errors.Is(err, unix.EINTR) {
			return wd, os.NewSyscallError("inotify_add_watch", err)
		}
	}
}

// forget ends that. Events that are in the queue already are still told.
func (n *inotify) forget(q queue, wd int) {
	_, _ = unix.InotifyRmWatch(n.fds[q], uint32(wd)) // an error says that the directory is gone
}

// read gives f the events that are in the queue, some tens of KiB of them at most; none is no error. A name is only valid
// during the call.
func (n *inotify) read(q queue, f func(wd int, mask uint32, name []byte)) (some bool, err error) {
	got, err := n.get(n.fds[q], n.buf)
	switch {
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
		return false, nil
	case err != nil:
		return false, os.NewSyscallError("read inotify", err)
	}
	for rest := n.buf[:got]; len(rest) >= unix.SizeofInotifyEvent; {
		wd := int(int32(binary.NativeEndian.Uint32(rest)))
		mask := binary.NativeEndian.Uint32(rest[4:])
		end := unix.SizeofInotifyEvent + int(binary.NativeEndian.Uint32(rest[12:]))
		name, _, _ := bytes.Cut(rest[unix.SizeofInotifyEvent:end], []byte{0})
		f(wd, mask, name)
		rest = rest[end:]
	}
	return got > 0, nil
}

// close ends it. Nobody may be told anything any more.
func (n *inotify) close() {
	_ = n.epoll.Close()
	for open := true; open; {
		select {
		case <-n.ready:
		case <-n.done:
			open = false
		}
	}
	for _, fd := range n.fds {
		closeFD(fd)
	}
}
