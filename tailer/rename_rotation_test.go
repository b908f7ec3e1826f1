package tailer

import (
	"fmt"
	"testing"
	"time"
)

func TestRenameRotation(t *testing.T) {
	f := func(name, pattern string, keep int) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			r := newRig(t, pattern)
			for round := range 6 {
				r.append("app.log", r.recordsOf(50+round))
				if round%2 == 0 {
					r.awaitAll()
				} else {
					r.awaitGenerations(round + 1) // not read yet, but open
				}
				for n := keep; n > 0; n-- {
					if n > round {
						continue
					}
					r.rename(rotated(n), rotated(n+1))
				}
				r.rename("app.log", rotated(1))
			}
			r.append("app.log", r.recordsOf(5))
			r.awaitAll()
			r.await("six files are over", func() bool { return len(r.tailer.Files()) == 1 })
			if got := r.counted("rotation rename"); got != 6 {
				t.Errorf("rotations: got %d, want 6", got)
			}
			r.finish()
		})
	}
	f("the old name does not match", "app.log", 9)
	f("the old name matches too", "app.log*", 9)
}

func rotated(n int) string { return fmt.Sprintf("app.log.%d", n) }

// A program that writes a few thousand lines a second is rotated under its hands.
func TestRenameRotationUnderLoad(t *testing.T) {
	f := func(name, pattern string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, pattern)
			tick := time.NewTicker(2 * time.Millisecond)
			defer tick.Stop()
			log := r.create("app.log")
			for i := range 1500 {
				<-tick.C
				r.write(log, r.recordsOf(10))
				if i%70 == 69 {
					// The program notices a little later and writes on in the old file until then.
					r.rename("app.log", fmt.Sprintf("app.log.%d", i))
					r.write(log, r.recordsOf(10))
					next := r.create("app.log")
					r.write(log, r.recordsOf(10))
					r.must(log.Close())
					log = next
				}
			}
			r.finish()
			if got := r.counted("rotation rename"); got != 21 {
				t.Errorf("rotations: got %d, want 21", got)
			}
		})
	}
	f("the old name does not match", "app.log")
	f("the old name matches too", "app.log*")
}
