package chaos

import (
	"fmt"
	"testing"
	"time"
)

// TestCopyTruncate copies a log and empties it. While the writer pauses nothing may be missing. Under load the lines between the end
// of the copy and the truncation are in neither file: they count if they were read in time.
func TestCopyTruncate(t *testing.T) {
	t.Parallel()
	const every = 200 * time.Millisecond
	f := func(rate int, quick bool) {
		t.Helper()
		t.Run(fmt.Sprintf("paused, %d lines a second", rate), func(t *testing.T) {
			t.Parallel()
			if !quick {
				onlyWithTime(t)
			}
			s := newScene(t)
			w := s.writeFor(rate, lasting(), "-gate="+s.gate)
			r := s.rotate("copytruncate", every, "-gate="+s.gate)
			w.hasWritten()
			r.stop().hasRotated()
			s.isExact()
		})
		t.Run(fmt.Sprintf("under load, %d lines a second", rate), func(t *testing.T) {
			t.Parallel()
			if !quick {
				onlyWithTime(t)
			}
			s := newScene(t)
			w := s.writeFor(rate, lasting(), "-shape=lines") // an event of several lines may be cut in two
			r := s.rotate("copytruncate", every)
			w.hasWritten()
			r.stop().hasRotated()
			s.isBounded()
		})
	}
	f(1000, true)
	f(10_000, false)
	f(50_000, false)
}
