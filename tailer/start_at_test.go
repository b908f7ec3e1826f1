package tailer

import (
	"strings"
	"testing"
)

func TestStartAtEnd(t *testing.T) {
	r := prepareRig(t)
	skipped := strings.Repeat("old line\n", 30000)
	torn := r.record()
	r.append("app.log", skipped+torn[:20])
	r.append("empty.log", "")
	r.start("*.log", func(o *Options) { o.Sources[0].StartAt = End })
	if got := r.linesDelivered(); got != 0 {
		t.Fatalf("%d old lines were delivered", got)
	}
	r.append("app.log", torn[20:]+r.recordsOf(2))
	r.append("empty.log", r.recordsOf(2))
	r.append("later.log", r.recordsOf(2)) // from its beginning
	r.awaitAll()
	for _, c := range r.generations() {
		for _, b := range c.blocks {
			if b.History {
				t.Errorf("%s: block at %d is history, and was finished after the start", c.file.Path, b.Offset)
			}
		}
		if found := !strings.HasSuffix(c.file.Path, "later.log"); c.file.Found != found {
			t.Errorf("%s: Found is %v, want %v", c.file.Path, c.file.Found, found)
		}
		if strings.HasSuffix(c.file.Path, "app.log") && c.file.Offset != int64(len(skipped)) {
			t.Errorf("began at %d, want %d", c.file.Offset, len(skipped))
		}
	}
	r.finish()
}

// The end of a file may be within a line that is longer than any that is delivered.
func TestStartAtEndOfGiantLine(t *testing.T) {
	r := prepareRig(t)
	r.append("app.log", "first\n"+strings.Repeat("z", 300<<10))
	r.start("app.log", func(o *Options) {
		o.Sources[0].StartAt = End
		o.MaxLineBytes = 64 << 10
	})
	r.append("app.log", "and its end\n"+r.recordsOf(2))
	r.finish()
}

func TestStartAtBeginning(t *testing.T) {
	r := prepareRig(t)
	torn := r.recordsOf(3000) + r.record()
	r.append("app.log", torn[:len(torn)-5])
	r.start("app.log")
	if got := r.linesDelivered(); got != 3000 {
		t.Errorf("ready after %d lines, want 3000", got)
	}
	r.append("app.log", torn[len(torn)-5:]+r.recordsOf(3))
	r.awaitAll()
	for _, b := range r.generations()[0].blocks {
		if want := b.Offset+int64(len(b.Data)) <= int64(len(torn)-5); b.History != want {
			t.Errorf("block at %d of %d bytes: History is %v, want %v", b.Offset, len(b.Data), b.History, want)
		}
	}
	r.finish()
}
