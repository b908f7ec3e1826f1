package chaos

import (
	"os"
	"syscall"
	"testing"
	"time"
)

// TestUnreadable takes the permission to read away from a log that is open, and from the next one before it can be opened.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	s := newScene(t, nobody(t)...)
	w := s.write("-rate=1000", "-notice=false", "-create=false")
	s.x.until("it reads", func() bool { return s.x.counted().Lines > 0 })

	s.must(os.Chmod(s.log, 0))
	s.must(os.Rename(s.log, s.log+".1"))
	s.must(os.WriteFile(s.log, nil, 0))
	w.signal(syscall.SIGHUP)
	errors := s.x.sum(sourceErrors, "open")
	begun := time.Now()
	s.x.until("it has tried for two seconds, in vain", func() bool {
		return s.x.sum(sourceErrors, "open") > errors && time.Since(begun) > 2*time.Second
	})
	s.must(os.Chmod(s.log, 0o644))
	w.stop().hasWritten()
	s.isExact()
}

// nobody is the beginning of a command that runs as another user if this one may read everything.
func nobody(t *testing.T) []string {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	return []string{needs(t, "setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups", "--"}
}
