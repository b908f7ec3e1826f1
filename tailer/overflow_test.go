package tailer

import (
	"encoding/binary"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"
)

// Events are lost, and the kernel says so: everything is looked at once more.
func TestOverflow(t *testing.T) {
	r := prepareRig(t)
	var overflows atomic.Bool
	r.tweak = func(tl *Tailer) {
		tl.newInotify = func() (*inotify, error) {
			kernel, err := newInotify()
			if err == nil {
				kernel.get = func(fd int, buf []byte) (int, error) {
					if n, err := unix.Read(fd, buf); n <= 0 || !overflows.Swap(false) {
						return 0, err // nothing is ever heard
					}
					return binary.Encode(buf, binary.NativeEndian, unix.InotifyEvent{Wd: -1, Mask: unix.IN_Q_OVERFLOW})
				}
			}
			return kernel, err
		}
	}
	r.append("a.log", r.recordsOf(3))
	held := r.create("held.log")
	r.write(held, r.recordsOf(3))
	r.must(os.Mkdir(r.path("later"), 0o755))
	r.start("**/*.log", func(o *Options) { o.ParkAfter = 1 })
	r.awaitAll()
	for i := range 3 {
		r.awaitPhase("a.log", Parked)
		r.awaitPhase("held.log", Parked)
		known := r.linesDelivered()
		r.append("a.log", r.recordsOf(3)) // it grew,
		name := "new" + strconv.Itoa(i)
		r.append(name+".log", r.recordsOf(3)) // came,
		r.rename("held.log", "held.log."+strconv.Itoa(i))
		r.write(held, r.recordsOf(3))
		r.must(held.Close())
		held = r.create("held.log") // was rotated,
		r.write(held, r.recordsOf(3))
		r.must(os.Mkdir(r.path("later/"+name), 0o755))
		r.append("later/"+name+"/b.log", r.recordsOf(3)) // or is in a folder that is new.
		if got := r.linesDelivered(); got != known {
			t.Fatalf("%d lines were heard of", got-known)
		}
		overflows.Store(true)
		r.must(os.Chmod(r.path("a.log"), 0o644))
		r.awaitAll()
	}
	if got := r.counted("error watch"); got != 3 {
		t.Errorf("%d failures of the watch were counted, want 3", got)
	}
	r.finish()
}

// The queue of the kernel really overflows, while the Tailer is busy opening a file.
func TestOverflowOfTheKernelsQueue(t *testing.T) {
	text, err := os.ReadFile("/proc/sys/fs/inotify/max_queued_events")
	if err != nil {
		t.Fatal(err)
	}
	queue, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	r := prepareRig(t)
	busy, free := make(chan struct{}), make(chan struct{})
	r.tweak = func(tl *Tailer) {
		tl.openFile = func(path string) (int, stat, error) {
			if path == r.path("slow.log") {
				close(busy)
				<-free
			}
			return openRegular(path)
		}
	}
	r.start("*.log")
	r.must(os.Mkdir(r.path("elsewhere"), 0o755))
	logs := []*os.File{r.create("a.log"), r.create("b.log")}
	for _, log := range logs {
		r.write(log, r.record())
	}
	r.awaitAll()
	r.append("elsewhere/lost.log", r.recordsOf(3))
	r.append("slow.log", r.record())
	<-busy
	// The kernel merges events that follow each other and are the same.
	for i := range queue + queue/2 {
		r.must(os.Chmod(r.path([]string{"a.log", "b.log"}[i%2]), 0o644))
	}
	r.rename("elsewhere/lost.log", "lost.log") // that it came is in no event
	r.rename("a.log", "a.log.1")
	r.write(logs[0], r.recordsOf(3))
	r.append("a.log", r.recordsOf(3))
	close(free)
	r.awaitAll()
	// A scan may have found everything before the queue is read that far.
	r.await("the overflow is counted", func() bool { return r.counted("error watch") > 0 })
	r.finish()
}
