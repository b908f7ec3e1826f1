package tailer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// After Run has returned there are no goroutines and no descriptors, in whatever phase the files were.
func TestStopLeavesNothing(t *testing.T) {
	defer goleak.VerifyNone(t)
	before := descriptors(t)
	for range 3 {
		r := prepareRig(t)
		for i := range 20 {
			r.append(fmt.Sprintf("%d.log", i), r.recordsOf(100))
		}
		r.start("*.log", func(o *Options) { o.ParkAfter = 1 })
		var logs []*os.File
		for i := range 5 {
			log := r.create(fmt.Sprintf("%d.log", i))
			r.write(log, r.recordsOf(5))
			logs = append(logs, log)
		}
		r.awaitAll()
		r.rename("0.log", "0.old")
		r.rename("10.log", "10.old")
		r.await("one is draining and one is over", func() bool { return len(r.tailer.Files()) == 19 })
		r.stop()
		for _, log := range logs {
			r.must(log.Close())
		}
		r.verify()
		if err := r.tailer.Run(context.Background()); !errors.Is(err, errRunsOnce) {
			t.Errorf("second Run: got %v", err)
		}
		if err := r.tailer.ReadToEnd(context.Background()); !errors.Is(err, errNotRunning) {
			t.Errorf("ReadToEnd after Run: got %v", err)
		}
	}
	if after := descriptors(t); after > before {
		t.Errorf("%d descriptors, %d before", after, before)
	}
}

// Stopping does not read on.
func TestStopWhileReading(t *testing.T) {
	r := prepareRig(t)
	r.append("app.log", r.recordsOf(20000))
	stopped := make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	tl, err := New(Options{
		Sources: []Source{{Name: "app", Paths: []string{r.path("app.log")}, StartAt: Beginning}},
		Open: func(f File) Consumer {
			return &hook{reading: r.open(f).(*reading), before: func(Block) { cancel(); <-stopped }}
		},
	})
	r.must(err)
	done := make(chan error, 1)
	go func() { done <- tl.Run(ctx) }()
	<-ctx.Done()
	close(stopped)
	r.must(<-done)
	if n := r.linesDelivered(); n == 0 || n == 20000 {
		t.Errorf("%d lines were delivered", n)
	}
	if p := tl.Positions(); len(p) != 1 || string(p[0].State) != fmt.Sprint(r.linesDelivered()) {
		t.Errorf("positions after the stop: %+v", p)
	}
}

// hook is a reading before which something happens.
type hook struct {
	*reading
	before func(Block)
}

func (h *hook) Consume(b Block) {
	h.before(b)
	h.reading.Consume(b)
}

func descriptors(t *testing.T) int {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}
