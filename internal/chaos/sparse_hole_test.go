package chaos

import (
	"testing"
	"time"
)

// TestSparseHole empties a log under a writer that goes on at its own offset: the file begins with a hole then, which grows with
// each rotation, and so do the copies.
func TestSparseHole(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	w := s.writeFor(1000, lasting(), "-append=false", "-gate="+s.gate)
	r := s.rotate("copytruncate", 400*time.Millisecond, "-gate="+s.gate)
	w.hasWritten()
	r.stop().hasRotated()
	s.isExact()
}
