package tailer

import "testing"

// What was in a file when the very first scan found it is history; what is written while that is being read is not, and comes
// in a block of its own.
// Whoever waits for Ready finds everything read that was there.
func TestReadyWhenWhatWasThereIsRead(t *testing.T) {
	r := prepareRig(t)
	r.append("app.log", r.recordsOf(50_000))
	r.start("app.log")
	if got := r.linesDelivered(); got != r.seq {
		t.Errorf("ready after %d of %d lines", got, r.seq)
	}
	r.finish()
}

func TestHistoryEndsWhereTheFileEndedAtTheStart(t *testing.T) {
	r := prepareRig(t)
	old := r.recordsOf(3)
	r.append("app.log", old)
	r.start("app.log", func(o *Options) {
		open := o.Open
		o.Open = func(f File) Consumer {
			r.append("app.log", r.recordsOf(2)) // after the scan, before the first read
			return open(f)
		}
	})
	r.awaitAll()
	for _, b := range r.generations()[0].blocks {
		if history := b.Offset < int64(len(old)); b.History != history {
			t.Errorf("block at %d: history is %v, want %v", b.Offset, b.History, history)
		}
		if end := b.Offset + int64(len(b.Data)); b.Offset < int64(len(old)) && end > int64(len(old)) {
			t.Errorf("block from %d to %d goes over the end of history at %d", b.Offset, end, len(old))
		}
	}
	r.finish()
}
