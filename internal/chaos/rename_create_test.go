package chaos

import (
	"fmt"
	"testing"
	"time"
)

// TestRenameCreate renames a log and makes a new one, at several speeds, while the writer notices sooner or later.
func TestRenameCreate(t *testing.T) {
	t.Parallel()
	f := func(rate int, every, hold time.Duration, quick bool, more ...string) {
		t.Helper()
		t.Run(fmt.Sprintf("%d lines a second, every %v, held %v %v", rate, every, hold, more), func(t *testing.T) {
			t.Parallel()
			if !quick {
				onlyWithTime(t)
			}
			s := newScene(t)
			w := s.writeFor(rate, max(lasting(), 2*hold), append(more, "-hold="+hold.String())...)
			r := s.rotate("date", every)
			w.hasWritten()
			r.stop().hasRotated()
			s.isExact()
		})
	}
	for _, rate := range []int{1000, 10_000, 50_000} {
		f(rate, 200*time.Millisecond, 0, rate == 1000)
		f(rate, 50*time.Millisecond, 0, false)
	}
	f(10_000, 200*time.Millisecond, 100*time.Millisecond, false)
	f(1000, 200*time.Millisecond, 100*time.Millisecond, true, "-flush=4096")
	f(50_000, 200*time.Millisecond, 20*time.Millisecond, false, "-flush=4096")
	f(10_000, 2500*time.Millisecond, 5*time.Second, false)
}

// lasting is how long a scenario is written to.
func lasting() time.Duration {
	if heavy() {
		return 5 * time.Second
	}
	return 1500 * time.Millisecond
}
