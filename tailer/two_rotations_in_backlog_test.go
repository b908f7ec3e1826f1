package tailer

import (
	"strings"
	"sync"
	"testing"
)

// A large backlog is being read when the file is rotated twice.
func TestTwoRotationsInBacklog(t *testing.T) {
	f := func(pattern string) {
		t.Helper()
		t.Run(pattern, func(t *testing.T) {
			t.Parallel()
			r := prepareRig(t)
			log := r.create("app.log")
			const backlog = 40_000
			r.write(log, r.recordsOf(backlog))
			begun, rotated := make(chan struct{}), make(chan struct{})
			once := sync.OnceFunc(func() { close(begun); <-rotated })
			done := make(chan struct{})
			go func() {
				defer close(done)
				defer close(rotated)
				<-begun
				if n := r.linesDelivered(); n >= backlog {
					t.Errorf("the backlog is read already: %d lines", n)
				}
				for range 2 {
					r.shift()
					r.write(log, r.recordsOf(100)) // the program notices late
					r.must(log.Close())
					log = r.create("app.log")
					r.write(log, r.recordsOf(100))
				}
			}()
			r.start(pattern, func(o *Options) {
				o.Open = func(f File) Consumer {
					return &hook{reading: r.open(f).(*reading), before: func(Block) { once() }}
				}
			})
			<-done
			r.write(log, r.recordsOf(100))
			r.finish()
			if got := r.counted("rotation rename"); got == 0 {
				t.Error("no rotation was noticed")
			}
			if !strings.HasSuffix(r.generations()[0].file.Path, "app.log") {
				t.Errorf("began with %s", r.generations()[0].file.Path)
			}
		})
	}
	f("app.log")
	f("app.log*")
}
