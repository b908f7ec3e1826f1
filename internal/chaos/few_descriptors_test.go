package chaos

import (
	"fmt"
	"path/filepath"
	"testing"
)

// TestFewDescriptors lets the exporter open 32 files when there are 100 logs, and more later.
func TestFewDescriptors(t *testing.T) {
	t.Parallel()
	const limit, logs = 32, 100
	s := bareScene(t)
	s.x = serveFiles(t, []string{filepath.Join(s.folder, "*.log")})
	limited := func(to int) {
		t.Helper()
		// A program in Go raises its own limit when it starts.
		does(t, "prlimit", fmt.Sprintf("--pid=%d", s.x.cmd.Process.Pid), fmt.Sprintf("--nofile=%d:", to))
	}
	limited(limit)
	for n := range logs {
		s.log = filepath.Join(s.folder, fmt.Sprintf("app-%d.log", n))
		s.burst(20)
	}
	s.x.until("it misses descriptors", func() bool { return s.x.sum(sourceErrors, "open") > 0 })
	limited(10 * logs)
	s.isRead()
	s.isExact()
}
