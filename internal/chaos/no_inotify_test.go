package chaos

import (
	"slices"
	"strconv"
	"testing"
	"time"
)

// TestNoInotify lets the exporter run where it cannot hear of changes, since there are no more inotify instances, or watches.
func TestNoInotify(t *testing.T) {
	t.Parallel()
	for _, limit := range []string{"max_inotify_instances", "max_inotify_watches"} {
		f := func(name, mode string, every time.Duration, quick bool, more ...string) {
			t.Helper()
			t.Run(limit+", "+name, func(t *testing.T) {
				t.Parallel()
				if !quick {
					onlyWithTime(t)
				}
				s := newScene(t, needs(t, "unshare"), "--user", "--map-root-user", needs(t, "sh"), "-c",
					`echo 0 >/proc/sys/user/`+limit+` && exec "$@"`, "sh")
				s.x.until("it cannot watch", func() bool { return s.x.sum(sourceErrors, "watch") > 0 })
				var gate []string
				if mode == "copytruncate" {
					gate = []string{"-gate=" + s.gate} // or it would destroy lines now and then
				}
				w := s.writeFor(1000, lasting(), gate...)
				r := s.rotate(mode, every, slices.Concat(more, gate, []string{"-tell=" + strconv.Itoa(w.cmd.Process.Pid)})...)
				w.hasWritten()
				r.stop().hasRotated()
				if mode == "shift" {
					s.isComplete()
				} else {
					s.isExact()
				}
			})
		}
		often := 200 * time.Millisecond
		f("rename", "date", often, limit == "max_inotify_instances")
		f("numbers, keep 3", "shift", often, false, "-keep=3")
		f("copytruncate", "copytruncate", often, false)
		f("kubelet", "kubelet", often, false, "-gap=20ms")
	}
}
