package chaos

import (
	"strconv"
	"testing"
	"time"
)

// TestKubelet rotates a container's log as the kubelet does. Codes are split over the parts of interleaved streams.
func TestKubelet(t *testing.T) {
	t.Parallel()
	f := func(name, mode string, rate int, quick bool) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !quick {
				onlyWithTime(t)
			}
			s := newPod(t)
			w := s.writeFor(rate, lasting(), "-notice=false")
			r := s.rotate(mode, 200*time.Millisecond, "-gap=20ms", "-tell="+strconv.Itoa(w.cmd.Process.Pid))
			w.hasWritten()
			r.stop().hasRotated()
			s.isExact()
		})
	}
	f("rename, gap, gzip of the previous", "kubelet", 1000, true)
	f("rename, gap, gzip of the previous, fast", "kubelet", 10_000, false)
	f("rename and back", "kubelet-back", 10_000, false)
}
