package chaos

import "testing"

// TestBacklogRotatedTwice rotates a log twice while the exporter has hardly begun to read what is in it.
func TestBacklogRotatedTwice(t *testing.T) {
	t.Parallel()
	onlyWithTime(t)
	s := newScene(t)
	s.x.asleep(func() { s.burst(400_000) })
	for range 2 {
		s.rotate("shift", 0, "-rounds=1").hasRotated()
		s.burst(20_000)
	}
	s.isExact()
}
