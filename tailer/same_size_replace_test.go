package tailer

import (
	"os"
	"testing"
	"time"
)

// A file of the same size, and of the same time, takes the name at once.
func TestReplaceBySameSize(t *testing.T) {
	f := func(name string, change func(*Options), phase Phase) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, "app.log", change)
			when := time.Now()
			var size int64
			for i := range 5 {
				r.append("app.log.new", r.recordsOf(90)) // lengths repeat after 90
				r.must(os.Chtimes(r.path("app.log.new"), when, when))
				st, err := os.Stat(r.path("app.log.new"))
				r.must(err)
				if size == 0 {
					size = st.Size()
				}
				if st.Size() != size {
					t.Fatalf("%d bytes, %d before", st.Size(), size)
				}
				r.rename("app.log.new", "app.log")
				r.awaitGenerations(i + 1)
				if i%2 == 0 {
					r.awaitAll()
					r.awaitPhase("app.log", phase)
				}
			}
			r.finish()
		})
	}
	f("while following", func(*Options) {}, Following)
	f("while parked", func(o *Options) { o.ParkAfter = 1 }, Parked)
}
