package tailer

import (
	"os"
	"runtime"
	"strings"
	"testing"
)

// Of a line that is too long the first part is delivered, and the lines around it as ever.
func TestOverLongLine(t *testing.T) {
	const limit = 1024
	r := newRig(t, "app.log", func(o *Options) { o.MaxLineBytes = limit })
	log := r.create("app.log")
	for i, size := range []int{limit - 1, limit, limit + 1, 10 * limit, 100 * limit} {
		r.write(log, r.recordsOf(2))
		long := strings.Repeat(string(rune('a'+i)), size)
		if i%2 == 0 {
			r.write(log, long+"\n"+r.recordsOf(2))
		} else {
			// In pieces: the cut is made before its end is there.
			for len(long) > 0 {
				n := min(len(long), 700)
				r.write(log, long[:n])
				long = long[n:]
			}
			r.write(log, "\n"+r.recordsOf(2))
		}
		r.await("the lines behind it are delivered", func() bool { return r.linesDelivered() == r.seq+i+1 })
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.files[0]
	var long []Block
	kept := c.lines[:0]
	for _, b := range c.blocks {
		if b.TooLong {
			long = append(long, b)
		}
	}
	for _, line := range c.lines {
		if strings.Trim(line, line[:1]) != "" {
			kept = append(kept, line)
		}
	}
	c.lines = kept
	// What was cut off, with the newlines that did not fit.
	if lost := r.counts["lost "+LostTooLong]; lost != 1+2+9*limit+1+99*limit+1 {
		t.Errorf("%d bytes were counted as lost", lost)
	}
	if len(long) != 4 { // limit-1 and its newline fit
		t.Fatalf("got %d lines that are too long, want 4", len(long))
	}
	for _, b := range long {
		if len(b.Data) != limit {
			t.Errorf("got %d bytes, want %d", len(b.Data), limit)
		}
	}
	r.mu.Unlock()
	r.stop()
	r.verify()
	r.mu.Lock()
}

// A line of hundreds of MiB costs no more memory than any other, nor does a hole of that size.
func TestGiantLine(t *testing.T) {
	f := func(name string, grow func(r *rig, log *os.File)) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			r := prepareRig(t)
			log := r.create("app.log")
			r.write(log, r.recordsOf(3))
			grow(r, log)
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			extra := 0
			r.start("app.log", func(o *Options) {
				o.Open = func(f File) Consumer { return &counting{reading: r.open(f).(*reading)} }
			})
			r.write(log, "\n"+r.recordsOf(3))
			r.await("the lines behind it are delivered", func() bool { extra = r.linesDelivered() - r.seq; return extra == 1 })
			runtime.ReadMemStats(&after)
			if got := after.TotalAlloc - before.TotalAlloc; got > 16<<20 {
				t.Errorf("%d MiB were allocated", got>>20)
			}
			r.stop()
		})
	}
	f("line", func(r *rig, log *os.File) {
		for range 100 {
			r.write(log, strings.Repeat("y", 1<<20))
		}
	})
	f("hole", func(r *rig, _ *os.File) {
		st, err := os.Stat(r.path("app.log"))
		r.must(err)
		r.must(os.Truncate(r.path("app.log"), st.Size()+100<<20))
	})
}

// counting is a reading that keeps no long lines.
type counting struct{ *reading }

func (c *counting) Consume(b Block) {
	if b.TooLong {
		b.Data = b.Data[:10]
	}
	c.reading.Consume(b)
}
