package chaos

import (
	"syscall"
	"testing"
)

// TestTermUnread ends the exporter in order while there is much that it has not read.
func TestTermUnread(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	if heavy() {
		s.prom = startPrometheus(t, s.x)
	}
	s.burst(1000)
	s.x.asleep(func() {
		s.burst(100_000)
		s.x.signal(syscall.SIGTERM)
	})
	s.x.exits()
	s.burst(1000)
	s.x.begin(t)
	s.x.serves()
	s.isExact()
}
