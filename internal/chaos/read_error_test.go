package chaos

import (
	"fmt"
	"os"
	"testing"
	"time"
)

// TestReadError lets reads of the log and of its older generations fail for a while, all of them or one of three, and rotates it
// meanwhile.
func TestReadError(t *testing.T) {
	t.Parallel()
	onlyWithTime(t)
	for name, when := range map[string]string{"all": "", "one of three": ":when=2+3"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const rounds, rotations = 3, 5
			s := newScene(t)
			w := s.write("-rate=1000")
			for range rounds {
				args := []string{
					"-f", "-o", os.DevNull, "-p", fmt.Sprint(s.x.cmd.Process.Pid),
					"-e", "trace=pread64,read", "-e", "inject=pread64,read:error=EIO" + when, "-P", s.log,
				}
				for n := range rounds * rotations {
					args = append(args, "-P", fmt.Sprintf("%s.%d", s.log, n+1))
				}
				errors := s.x.sum(sourceErrors, "read")
				strace := start(t, needs(t, "strace"), args...)
				strace.says("attached")
				s.rotate("shift", 100*time.Millisecond, fmt.Sprintf("-rounds=%d", rotations)).hasRotated()
				s.x.until("reads fail", func() bool { return s.x.sum(sourceErrors, "read") > errors })
				strace.signal(os.Interrupt)
				<-strace.ended // with the signal
			}
			w.stop().hasWritten()
			s.isExact()
		})
	}
}

const sourceErrors = "errcode_exporter_source_errors_total"
