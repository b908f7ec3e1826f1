package tailer

import (
	"os"
	"strings"
	"testing"
)

// Two files begin with the same 4 KiB: both are delivered in full, live, beside each other, and over a restart during which both
// are rotated.
func TestSameBeginning(t *testing.T) {
	t.Parallel()
	banner := strings.Repeat("# one of many lines of a banner\n", 128) // 4 KiB
	r := prepareRig(t)
	banners := 0
	begin := func(name string) *os.File {
		log := r.create(name)
		r.write(log, banner)
		banners += 128
		return log
	}
	all := func() {
		t.Helper()
		r.await("all is delivered", func() bool { return r.linesDelivered() == r.seq+banners })
	}
	logs := []*os.File{begin("a.log"), begin("b.log")}
	r.start("*.log")
	all() // identical as a whole
	for range 3 {
		for _, log := range logs {
			r.write(log, r.recordsOf(10))
		}
		all()
	}
	s := r.down()
	for i, name := range []string{"a.log", "b.log"} {
		r.write(logs[i], r.recordsOf(10))
		r.rename(name, name+".1")
		r.must(logs[i].Close())
		logs[i] = begin(name)
		r.write(logs[i], r.recordsOf(10))
	}
	r.up("*.log", s)
	all()
	r.rename("a.log", "swap")
	r.rename("b.log", "a.log")
	r.rename("swap", "b.log")
	for _, log := range logs {
		r.write(log, r.recordsOf(10))
	}
	all()
	r.mu.Lock()
	for _, c := range r.files {
		kept := c.lines[:0]
		for _, line := range c.lines {
			if !strings.HasPrefix(line, "#") {
				kept = append(kept, line)
			}
		}
		c.lines = kept
	}
	r.mu.Unlock()
	r.stop()
	r.verify()
}
