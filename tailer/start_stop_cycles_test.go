package tailer

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// A Tailer over many files is started and stopped again and again, each going on from the one before: goroutines and descriptors
// return to what they were. CHAOS=1 asks for as many as a long-lived program sees.
func TestStartStopLeavesNothing(t *testing.T) {
	cycles, files := 5, 50
	if os.Getenv("CHAOS") != "" {
		cycles, files = 100, 500
	}
	r := prepareRig(t)
	others := goleak.IgnoreCurrent()
	before := descriptors(t)
	name := func(i int) string { return fmt.Sprintf("%d.log", i) }
	for i := range files {
		r.append(name(i), r.record())
	}
	r.start("*.log")
	for cycle := range cycles {
		// Some are written and followed, one is rotated and kept open, the others are parked or not even read.
		for i := cycle % 7; i < files; i += 7 {
			r.append(name(i), r.record())
		}
		log := r.create(name(cycle % files))
		r.write(log, r.record())
		r.rename(name(cycle%files), fmt.Sprintf("%s.%d", name(cycle%files), cycle))
		if cycle%2 == 0 {
			r.awaitAll()
		}
		s := r.down()
		r.must(log.Close())
		if got := descriptors(t); got > before {
			t.Fatalf("%d descriptors after %d cycles, %d before", got, cycle+1, before)
		}
		if err := goleak.Find(others); err != nil {
			t.Fatalf("after %d cycles: %v", cycle+1, err)
		}
		r.append(name(cycle%files), r.record())
		r.up("*.log", s)
	}
	r.finish()
	if err := goleak.Find(others); err != nil {
		t.Error(err)
	}
	if got := descriptors(t); got > before {
		t.Errorf("%d descriptors, %d before", got, before)
	}
}
