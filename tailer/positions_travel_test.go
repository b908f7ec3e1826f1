package tailer

import (
	"bytes"
	"context"
	"os"
	"strconv"
	"testing"
)

// A cut taken at any moment holds the consumer's state and the position of the same line.
func TestPositionsTravel(t *testing.T) {
	r := newRig(t, "*.log*")
	logs := []*os.File{r.create("a.log"), r.create("b.log")}
	check := func() {
		t.Helper()
		r.tailer.Cut(func(all []Position) {
			for _, p := range all {
				if p.Done {
					continue
				}
				n, err := strconv.Atoi(string(p.State))
				if err != nil || p.StateErr != nil {
					continue // not begun
				}
				r.mu.Lock()
				text := r.textOf(p.ID)
				r.mu.Unlock()
				if lines := bytes.Count(text[:p.Offset], []byte("\n")); lines != n {
					t.Errorf("%s: %d lines were consumed at offset %d, where %d end", p.Path, n, p.Offset, lines)
				}
				behind := text[max(0, p.Offset-markBytes):p.Offset]
				if p.MarkLen != len(behind) || p.MarkSum != fnv(fnvOffset, behind) {
					t.Errorf("%s: mark of %d bytes is not that of offset %d", p.Path, p.MarkLen, p.Offset)
				}
				head := text[:min(p.Offset, headBytes)]
				if p.HeadLen != len(head) || len(head) > 0 && p.HeadSum != fnv(fnvOffset, head) {
					t.Errorf("%s: head of %d bytes is not that of offset %d", p.Path, p.HeadLen, p.Offset)
				}
			}
		})
	}
	for i := range 200 {
		r.write(logs[i%2], r.recordsOf(1+i%7))
		check()
	}
	r.rename("a.log", "a.log.1")
	r.write(logs[0], r.recordsOf(2))
	r.awaitAll()
	check()
	r.finish()
	for _, p := range r.tailer.Positions() {
		if p.Source != "app" || p.Offset == 0 {
			t.Errorf("position after the stop: %+v", p)
		}
	}
}

// textOf returns what was delivered of a file, which begins at its beginning.
func (r *rig) textOf(id ID) []byte {
	var text []byte
	for _, c := range r.files {
		if c.file.ID == id {
			for _, b := range c.blocks {
				text = append(text, b.Data...)
			}
		}
	}
	return text
}

// ReadToEnd finds what no event has told of yet.
func TestReadToEnd(t *testing.T) {
	r := prepareRig(t)
	r.tweak = withoutWatch
	r.start("*.log", func(o *Options) { o.ParkAfter = 1 })
	for i := range 10 {
		r.append("a.log", r.recordsOf(1000))
		r.append(strconv.Itoa(i)+".log", r.recordsOf(10))
		r.must(r.tailer.ReadToEnd(context.Background()))
		if got := r.linesDelivered(); got != r.seq {
			t.Fatalf("round %d: %d of %d lines were read", i, got, r.seq)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := r.tailer.ReadToEnd(ctx); err == nil {
		t.Error("no error although it had no time")
	}
	r.finish()
}
