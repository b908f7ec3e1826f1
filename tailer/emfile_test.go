package tailer

import (
	"fmt"
	"os"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"
)

// Only some of many files can be opened: those are read, the others wait until there are descriptors, and rotations go on
// meanwhile.
func TestTooManyOpenFiles(t *testing.T) {
	const files, limit = 40, 10
	r := prepareRig(t)
	var left atomic.Int64
	left.Store(limit)
	r.tweak = func(tl *Tailer) {
		tl.openFile = func(path string) (int, stat, error) {
			if left.Add(-1) < 0 {
				return -1, stat{}, &os.PathError{Op: "open", Path: path, Err: unix.EMFILE}
			}
			return openRegular(path)
		}
	}
	name := func(i int) string { return fmt.Sprintf("%02d.log", i) }
	for i := range files {
		r.append(name(i), r.recordsOf(3))
	}
	r.start("*.log", func(o *Options) { o.Rescan = 1 }) // is ready although most cannot be read
	r.await("what can be opened is read", func() bool { return r.linesDelivered() == 3*limit })
	r.await("the failures are counted", func() bool { return r.counted("error open") >= files-limit })
	for i := range files {
		r.append(name(i), r.recordsOf(3))
	}
	r.await("what is open is read on", func() bool { return r.linesDelivered() == 6*limit })
	for i := range files { // also of those that were never open
		r.rename(name(i), name(i)+".1")
		r.append(name(i), r.recordsOf(3))
	}
	r.await("what was open is over", func() bool { return r.counted("rotation rename") >= limit })
	left.Store(1 << 30)
	r.finish()
	if got := len(r.generations()); got != 2*files {
		t.Errorf("%d generations were begun, want %d", got, 2*files)
	}
}
