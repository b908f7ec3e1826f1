package chaos

import (
	"os"
	"strconv"
	"testing"
	"time"
)

// kills is how often the exporter is killed in each scenario.
func kills(t *testing.T) int {
	t.Helper()
	if s := os.Getenv("CHAOS_KILLS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatalf("CHAOS_KILLS: %v", err)
		}
		return n
	}
	if heavy() {
		return 50
	}
	return 3
}

// rotator is what rotates while the exporter is killed.
type rotator interface{ hasRotated() }

// stopped stops a rotator of ours when it is waited for.
type stopped struct{ *job }

func (s stopped) hasRotated() { s.Helper(); s.stop().hasRotated() }

// never rotates.
type never struct{}

func (never) hasRotated() {}

// TestKill kills the exporter again and again, at any moment, while a log is written and rotated and a Prometheus scrapes.
// Counts are exact, and no sample is ever lower than one before.
func TestKill(t *testing.T) {
	t.Parallel()
	const rate, every = 1000, 400 * time.Millisecond
	f := func(name string, quick bool, scene func(*testing.T) *scene, rotate func(s *scene, w *job) rotator) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !quick {
				onlyWithTime(t)
			}
			s := scene(t)
			s.prom = startPrometheus(t, s.x)
			w := s.write("-rate="+strconv.Itoa(rate), "-gate="+s.gate)
			r := rotate(s, w)
			s.x.isKilled(kills(t))
			r.hasRotated()
			w.stop().hasWritten()
			s.isExact()
		})
	}
	log := func(t *testing.T) *scene { t.Helper(); return newScene(t) }
	ours := func(mode string, args ...string) func(s *scene, w *job) rotator {
		return func(s *scene, _ *job) rotator {
			return stopped{s.rotate(mode, every, append(args, "-gate="+s.gate)...)}
		}
	}
	f("no rotation", false, log, func(*scene, *job) rotator { return never{} })
	f("rename", true, log, ours("date"))
	f("rename and gzip", false, log, ours("gzip"))
	f("copytruncate", false, log, ours("copytruncate"))
	f("kubelet", true, newPod, func(s *scene, w *job) rotator {
		return stopped{s.rotate("kubelet", every, "-gap=20ms", "-tell="+strconv.Itoa(w.cmd.Process.Pid))}
	})
	f("logrotate create", false, log, func(s *scene, w *job) rotator {
		return s.logrotate(every, w.cmd.Process.Pid, "create 0644")
	})
	f("logrotate create, compress, delaycompress", false, log, func(s *scene, w *job) rotator {
		return s.logrotate(every, w.cmd.Process.Pid, "create 0644", "compress", "delaycompress")
	})
	f("logrotate copytruncate", false, log, func(s *scene, _ *job) rotator { return s.logrotate(every, 0, "copytruncate") })
}
