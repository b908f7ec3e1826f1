package tailer

import (
	"fmt"
	"os"
	"testing"
)

// A program without O_APPEND is rotated by copying and truncating, again and again: file and copies begin with a hole that
// grows each time.
func TestSparseCopyTruncate(t *testing.T) {
	f := func(pattern string) {
		t.Helper()
		t.Run(pattern, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, pattern)
			log, err := os.Create(r.path("app.log"))
			r.must(err)
			defer log.Close()
			for round := range 6 {
				r.write(log, r.recordsOf(2000))
				if round%2 == 0 {
					r.awaitAll()
				}
				r.copy("app.log", fmt.Sprintf("app.log.%d", round))
				r.must(os.Truncate(r.path("app.log"), 0))
				r.write(log, r.recordsOf(20)) // behind the hole
				if round%3 == 0 {
					r.awaitAll()
				}
			}
			r.awaitAll()
			r.await("everything is judged", func() bool { return !r.hasUnjudged() })
			r.finish()
		})
	}
	f("app.log")
	f("app.log*")
}
