package chaos

import "testing"

// TestTruncateThenLarger empties a log and writes more than was in it before, twelve times, and every other time while the
// exporter sleeps, so that it never sees a file that is shorter than it was.
func TestTruncateThenLarger(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	lines, most := 20, 12
	if heavy() {
		lines = 200
	}
	s.burst(lines)
	for round := range most {
		s.isRead()
		lines += lines / 2
		grow := func() {
			does(t, "truncate", "-s", "0", s.log)
			s.burst(lines)
		}
		if round%2 == 0 {
			s.x.asleep(grow)
		} else {
			grow()
		}
		s.rotations++
	}
	s.isComplete()
}
