package tailer

import (
	"runtime"
	"testing"
)

// What is very long comes while the file is followed and its goroutine waits for the consumer: nxadm/tail is ended all the
// same, before that takes much memory.
func TestGuardDoesNotWaitForTheConsumer(t *testing.T) {
	const size = 64 << 20
	r := prepareRig(t)
	wait, waits := make(chan struct{}), make(chan struct{}, 1000)
	r.start("app.log", func(o *Options) {
		o.Open = func(f File) Consumer {
			return &hook{reading: r.open(f).(*reading), before: func(Block) {
				waits <- struct{}{}
				<-wait
			}}
		}
	})
	log := r.create("app.log")
	r.awaitPhase("app.log", Following)
	guarded := func() int {
		r.tailer.guard.mu.Lock()
		defer r.tailer.guard.mu.Unlock()
		return len(r.tailer.guard.followed)
	}
	r.await("it is guarded", func() bool { return guarded() == 1 })
	r.write(log, r.record())
	<-waits
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	st, err := log.Stat()
	r.must(err)
	r.must(log.Truncate(st.Size() + size))
	r.await("it is cut short", func() bool { return guarded() == 0 })
	close(wait)
	r.write(log, r.recordsOf(100))
	r.awaitAll()
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > size/2 {
		t.Errorf("%d MiB were allocated", got>>20)
	}
	r.finish()
}
