package tailer

import (
	"os"
	"testing"
)

func TestTruncateToZero(t *testing.T) {
	f := func(name string, parkAfter func(*Options), phase Phase) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			r := newRig(t, "app.log", parkAfter)
			log := r.create("app.log")
			r.write(log, r.recordsOf(40))
			r.awaitAll()
			r.awaitPhase("app.log", phase)

			// Nothing is written after it.
			r.must(os.Truncate(r.path("app.log"), 0))
			r.await("the truncation is seen", func() bool { return r.counted("rotation truncate") == 1 })

			r.write(log, r.recordsOf(30))
			r.awaitAll()
			r.awaitPhase("app.log", phase)

			// It grows past the offset before anybody looks.
			r.must(os.Truncate(r.path("app.log"), 0))
			r.write(log, r.recordsOf(80))
			r.awaitAll()
			r.await("it is seen", func() bool { return r.counted("rotation truncate") == 2 })
			// A copy might turn up, in which a record goes on. Then it is over.
			r.await("what was truncated is over", func() bool { return r.ended() == 2 })
			r.finish()
		})
	}
	f("while following", func(*Options) {}, Following)
	f("while parked", func(o *Options) { o.ParkAfter = 1 }, Parked)
}

// ended counts the generations that are over.
func (r *rig) ended() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, c := range r.files {
		if c.ended {
			n++
		}
	}
	return n
}

// Rounds of truncation with a larger content each, some seen half-way and some not.
func TestTruncateThenLarger(t *testing.T) {
	r := newRig(t, "app.log")
	log := r.create("app.log")
	r.write(log, r.recordsOf(20))
	for i := range 12 {
		r.awaitAll()
		r.must(os.Truncate(r.path("app.log"), 0))
		for range 10 + i {
			r.write(log, r.recordsOf(4+i))
		}
	}
	r.finish()
	if got := r.counted("rotation truncate"); got != 12 {
		t.Errorf("truncations: got %d, want 12", got)
	}
}

// A program without O_APPEND goes on at its old offset and leaves a hole before it.
func TestTruncateLeavesHole(t *testing.T) {
	r := newRig(t, "app.log")
	log, err := os.Create(r.path("app.log"))
	r.must(err)
	defer log.Close()
	_, err = log.Seek(3<<20, 0)
	r.must(err)
	r.write(log, r.recordsOf(20))
	r.awaitAll()
	r.must(os.Truncate(r.path("app.log"), 0))
	r.write(log, r.recordsOf(20))
	r.finish()
}

// What is known to have been there and was never read is counted.
func TestTruncateLosesUnfinishedLine(t *testing.T) {
	r := newRig(t, "app.log")
	log := r.create("app.log")
	r.write(log, r.recordsOf(3))
	r.write(log, "unfinished")
	r.awaitAll()
	r.await("all of it is seen", func() bool {
		f := r.tailer.Files()
		return len(f) == 1 && f[0].Lag == int64(len("unfinished"))
	})
	r.must(os.Truncate(r.path("app.log"), 0))
	r.await("the loss is counted", func() bool { return r.counted("lost truncated") == int64(len("unfinished")) })
	r.write(log, r.recordsOf(3))
	r.finish()
}
