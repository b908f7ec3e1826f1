package tailer

import (
	"os"
	"testing"
	"time"
)

// A file of the same size, and of the same time, takes the name at once.
func TestReplaceBySameSize(t *testing.T) {
	f := func(name, next string, change func(*Options), phase Phase) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, "app.log", change)
			when := time.Now()
			var size int64
			for i := range 5 {
				r.append(next, r.recordsOf(90)) // lengths repeat after 90
				r.must(os.Chtimes(r.path(next), when, when))
				st, err := os.Stat(r.path(next))
				r.must(err)
				if size == 0 {
					size = st.Size()
				}
				if st.Size() != size {
					t.Fatalf("%d bytes, %d before", st.Size(), size)
				}
				r.rename(next, "app.log")
				r.awaitGenerations(i + 1)
				if i%2 == 0 {
					r.awaitAll()
					// What was read and closed before it got the name stays so until somebody writes it.
					r.await("it is as it should be", func() bool {
						p := r.phase("app.log")
						return p == phase || isBeside(next, "app.log") && p == Done
					})
				}
			}
			r.append("app.log", r.recordsOf(3))
			r.finish()
		})
	}
	f("while following", "next", func(*Options) {}, Following)
	f("while parked", "next", func(o *Options) { o.ParkAfter = 1 }, Parked)
	f("by what may have been a rotated file", "app.log.new", func(*Options) {}, Following)
}
