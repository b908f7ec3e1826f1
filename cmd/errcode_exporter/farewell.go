package main

import (
	"sync"
	"time"

	"errcode_exporter/metrics"
)

// farewell knows whether a scrape has seen the final counts: all of them, as they are, and not as they were when the scrape
// began before the end.
type farewell struct {
	seen chan struct{} // closed when one has

	mu   sync.Mutex
	end  time.Time // when the counts became final; zero before
	once sync.Once
}

func newFarewell() *farewell { return &farewell{seen: make(chan struct{})} }

// begin says that the counts are final from now on.
func (f *farewell) begin() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.end = time.Now()
}

func (f *farewell) delivered(d metrics.Delivery) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.end.IsZero() && !d.Taken.Before(f.end) && d.Whole {
		f.once.Do(func() { close(f.seen) })
	}
}
