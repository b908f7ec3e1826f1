package tailer

import (
	"strings"
	"testing"
	"time"
)

// The rest comes long after the first half of a line: the file is parked meanwhile, and the whole line is delivered once.
func TestHalfLineThenPause(t *testing.T) {
	t.Parallel()
	r := newRig(t, "app.log", func(o *Options) { o.ParkAfter = 30 * time.Millisecond })
	log := r.create("app.log")
	for i := range 6 {
		text := r.recordsOf(1+i%2) + r.record()
		half := len(text) - 1 - i*7
		piece := int64(half - 1 - strings.LastIndexByte(text[:half], '\n'))
		r.write(log, text[:half])
		r.await("the piece is seen", func() bool {
			f := r.tailer.Files()
			return len(f) == 1 && f[0].Lag == piece && f[0].Phase == Parked
		})
		if got := r.linesDelivered(); got != r.seq-1 {
			t.Fatalf("%d lines were delivered, want %d", got, r.seq-1)
		}
		r.write(log, text[half:])
		r.awaitAll()
	}
	r.finish()
}
