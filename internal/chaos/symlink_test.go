package chaos

import (
	"path/filepath"
	"testing"
	"time"
)

// TestSymlink points the link that is tailed at the next file, which is there already or comes later.
func TestSymlink(t *testing.T) {
	t.Parallel()
	f := func(name string, every, gap time.Duration, quick bool) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !quick {
				onlyWithTime(t)
			}
			s := bareScene(t)
			s.log = filepath.Join(s.folder, "current")
			first := filepath.Join(s.folder, "first")
			s.touch(first)
			does(t, "ln", "-s", first, s.log)
			s.x = serveFiles(t, []string{s.log})
			w := s.writeFor(1000, max(lasting(), 2*(every+gap)), "-create=false")
			r := s.rotate("symlink", every, "-gap="+gap.String())
			w.hasWritten()
			r.stop().hasRotated()
			s.isExact()
		})
	}
	f("points elsewhere", 200*time.Millisecond, 0, true)
	f("dangles", time.Second, 2*time.Second, false)
}
