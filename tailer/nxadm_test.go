package tailer

import (
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/nxadm/tail"
)

// What cutShort relies on is private to nxadm/tail. This fails when another version of it has that elsewhere: a line of
// any length would then be held in memory again.
func TestNxadmTailKeepsItsFileWhereWeCloseIt(t *testing.T) {
	if !tailFileKnown {
		t.Fatal("tail.Tail has no field file that is an *os.File: find another way to end it within a line")
	}
	// Nobody reads a line of that length to its end while this waits for the first of it.
	const size = 1 << 30
	f, err := os.Create(t.TempDir() + "/endless")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(size); err != nil {
		t.Fatal(err)
	}
	allocated := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.TotalAlloc
	}
	before := allocated()
	tl, err := tail.TailFile(f.Name(), tail.Config{
		MustExist: true, Poll: true, Follow: true, CompleteLines: true, Logger: tail.DiscardingLogger,
	})
	if err != nil {
		t.Fatal(err)
	}
	followed := newFollower(tl)
	if file := followed.file; file == nil || file.Name() != f.Name() {
		t.Fatalf("the file that it reads is said to be %v", file)
	}
	for late := time.Now().Add(deadline); allocated() < before+size/1000; {
		if time.Now().After(late) {
			t.Fatal("it does not read")
		}
		runtime.Gosched()
	}
	followed.cutShort()
	for range tl.Lines {
		t.Error("got a line")
	}
	_ = tl.Wait() // says that the file was closed
	if got := allocated() - before; got > size {
		t.Errorf("it has read on: %d MiB were allocated", got>>20)
	}
	followed.cutShort() // does no harm to one that has ended
}
