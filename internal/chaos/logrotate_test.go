package chaos

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// logrotate is the real one. It is run again and again until it is stopped.
type logrotate struct {
	s         *scene
	stopping  chan struct{}
	stopped   chan struct{} // closed
	rotations int
	err       error
}

// logrotate rotates the log with these directives every so often. With copytruncate the writer pauses meanwhile, if it
// was given the gate. A process is told to open the log again, unless it is 0.
func (s *scene) logrotate(every time.Duration, tell int, directives ...string) *logrotate {
	s.Helper()
	path, lock, folder := needs(s.T, "logrotate"), needs(s.T, "flock"), s.TempDir()
	config, state := filepath.Join(folder, "logrotate.conf"), filepath.Join(folder, "state")
	if tell != 0 {
		directives = append(directives, "postrotate", fmt.Sprintf("kill -HUP %d 2>/dev/null || true", tell), "endscript")
	}
	text := fmt.Sprintf("%q {\n\trotate 1000\n\t%s\n}\n", s.log, strings.Join(directives, "\n\t"))
	s.must(os.WriteFile(config, []byte(text), 0o600))
	l := &logrotate{s: s, stopping: make(chan struct{}), stopped: make(chan struct{})}
	go func() {
		defer close(l.stopped)
		for ; ; l.rotations++ {
			select {
			case <-l.stopping:
				return
			case <-time.After(every):
			}
			if out, err := exec.Command(lock, s.gate, path, "-f", "-s", state, config).CombinedOutput(); err != nil || len(out) > 0 {
				l.err = errors.Join(fmt.Errorf("logrotate says: %s", out), err)
				return
			}
		}
	}()
	s.Cleanup(l.stop)
	return l
}

// stop waits until it is not running any more.
func (l *logrotate) stop() {
	select {
	case <-l.stopping:
	default:
		close(l.stopping)
	}
	<-l.stopped
}

// hasRotated stops it.
func (l *logrotate) hasRotated() {
	l.s.Helper()
	l.stop()
	l.s.must(l.err)
	l.s.rotations += l.rotations
}

// TestLogrotate lets the real logrotate rotate a log.
func TestLogrotate(t *testing.T) {
	t.Parallel()
	const rate, often = 1000, 200 * time.Millisecond
	f := func(name string, every time.Duration, quick, tell bool, check func(*scene), directives ...string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !quick {
				onlyWithTime(t)
			}
			s := newScene(t)
			w, pid := s.writeFor(rate, lasting(), "-gate="+s.gate), 0
			if tell {
				pid = w.cmd.Process.Pid
			}
			l := s.logrotate(every, pid, directives...)
			w.hasWritten()
			l.hasRotated()
			check(s)
		})
	}
	f("create", often, false, true, (*scene).isExact, "create 0644")
	f("create, compress, delaycompress", often, true, true, (*scene).isExact, "create 0644", "notifempty", "compress", "delaycompress")
	// What the writer writes before it opens the new file may come too late for the compressed one, and is on disk for whoever has the
	// old one open.
	f("create, compress", often, false, true, (*scene).isComplete, "create 0644", "compress")
	f("create, dateext", 1100*time.Millisecond, false, true, (*scene).isExact, "create 0644", "dateext", "dateformat -%Y%m%d-%s")
	f("copytruncate", often, true, false, (*scene).isExact, "copytruncate")
}
