package tailer

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/fsnotify/fsnotify"
)

// Events are lost, and the kernel says so: everything is looked at once more.
func TestOverflow(t *testing.T) {
	r := prepareRig(t)
	var watcher *fsnotify.Watcher
	r.tweak = func(tl *Tailer) {
		tl.newWatcher = func() (*fsnotify.Watcher, error) {
			var err error
			watcher, err = fsnotify.NewWatcher()
			if err == nil {
				watcher.Events = make(chan fsnotify.Event) // nothing is ever heard
			}
			return watcher, err
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
		watcher.Errors <- fsnotify.ErrEventOverflow
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
	logs := []*os.File{r.create("a.log"), r.create("b.log")}
	for _, log := range logs {
		r.write(log, r.record())
	}
	r.awaitAll()
	r.append("slow.log", r.record())
	<-busy
	// The kernel merges events that follow each other and are the same. fsnotify takes some away before the queue fills.
	for i := range queue + queue/2 {
		r.must(os.Chmod(r.path([]string{"a.log", "b.log"}[i%2]), 0o644))
	}
	r.append("lost.log", r.recordsOf(3)) // that it came is in no event
	r.rename("a.log", "a.log.1")
	r.write(logs[0], r.recordsOf(3))
	r.append("a.log", r.recordsOf(3))
	close(free)
	r.awaitAll()
	if r.counted("error watch") == 0 {
		t.Error("the queue did not overflow")
	}
	r.finish()
}
