package chaos

import (
	"fmt"
	"testing"
	"time"
)

// TestDeleteRecreate deletes a log under load and makes a new one. The writer has not noticed yet: what it writes to the
// deleted file counts.
func TestDeleteRecreate(t *testing.T) {
	t.Parallel()
	f := func(rate int, quick bool) {
		t.Helper()
		t.Run(fmt.Sprintf("%d lines a second", rate), func(t *testing.T) {
			t.Parallel()
			if !quick {
				onlyWithTime(t)
			}
			s := newScene(t)
			w := s.writeFor(rate, lasting(), "-hold=20ms")
			r := s.rotate("delete", 200*time.Millisecond)
			w.hasWritten()
			r.stop().hasRotated()
			s.isComplete()
		})
	}
	f(1000, true)
	f(10_000, false)
}
