package chaos

import (
	"testing"
	"time"
)

// TestShiftKeep3 moves generations on by number and deletes all but three. What is deleted was counted before.
func TestShiftKeep3(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	rate := 1000
	if heavy() {
		rate = 10_000
	}
	w := s.writeFor(rate, lasting())
	r := s.rotate("shift", 200*time.Millisecond, "-keep=3")
	w.hasWritten()
	r.stop().hasRotated()
	s.isComplete()
}
