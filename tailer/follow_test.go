package tailer

import (
	"runtime"
	"testing"
)

// What is very long comes while the file is followed and its goroutine waits for the consumer: nxadm/tail never sees it.
func TestFollowingTakesNoMemory(t *testing.T) {
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
	r.write(log, r.record())
	<-waits
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	st, err := log.Stat()
	r.must(err)
	r.must(log.Truncate(st.Size() + size))
	r.write(log, r.recordsOf(100))
	close(wait)
	r.awaitAll()
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > size/2 {
		t.Errorf("%d MiB were allocated", got>>20)
	}
	r.finish()
}
