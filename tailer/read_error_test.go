package tailer

import (
	"testing"

	"golang.org/x/sys/unix"
)

// A file that cannot be read is counted and tried again; nothing else waits for it.
func TestReadError(t *testing.T) {
	r := prepareRig(t)
	r.append("a.log", r.recordsOf(3))
	r.append("bad.log", r.recordsOf(3))
	broken := make(chan int, 1)
	r.tweak = func(tl *Tailer) {
		tl.openFile = func(path string) (int, stat, error) {
			fd, st, err := openRegular(path)
			if err == nil && path == r.path("bad.log") {
				// Reading a directory fails.
				dir, err := unix.Open(r.dir, unix.O_RDONLY|unix.O_CLOEXEC, 0)
				r.must(err)
				r.must(unix.Dup3(dir, fd, unix.O_CLOEXEC))
				r.must(unix.Close(dir))
				broken <- fd
			}
			return fd, st, err
		}
	}
	r.start("*.log")
	r.append("a.log", r.recordsOf(3))
	r.await("the other file is read", func() bool { return r.linesDelivered() == 6 })
	r.await("the failure is counted again", func() bool { return r.counted("error read") > 2 })

	good, err := unix.Open(r.path("bad.log"), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	r.must(err)
	r.must(unix.Dup3(good, <-broken, unix.O_CLOEXEC))
	r.must(unix.Close(good))
	r.finish()
}
