package chaos

import (
	"testing"
	"time"
)

// TestHalfLines writes blocks that end anywhere in a line, also when the log is renamed: the rest of the line goes to the old file.
func TestHalfLines(t *testing.T) {
	t.Parallel()
	f := func(name string, rate int, args ...string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onlyWithTime(t) // TestRenameCreate has one of these
			s := newScene(t)
			w := s.writeFor(rate, lasting(), args...)
			r := s.rotate("shift", 200*time.Millisecond)
			w.hasWritten()
			r.stop().hasRotated()
			s.isExact()
		})
	}
	f("1,000 lines a second", 1000, "-flush=4096", "-hold=50ms")
	f("50,000 lines a second", 50_000, "-flush=4096")
	f("few bytes at a time", 1000, "-flush=7")
}
