package tailer

import (
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"
)

// A compressed file beside is broken: that is said, and nothing else waits for it. One that is whole only after a look at it is
// read.
func TestBrokenCompressedFile(t *testing.T) {
	r := prepareRig(t)
	r.tweak = func(tl *Tailer) { tl.stableFor, tl.copyFor = 50*time.Millisecond, time.Second }
	var told journal
	r.start("app.log", func(o *Options) {
		o.Logger = slog.New(slog.NewTextHandler(&told, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	r.append("app.log", r.recordsOf(10))
	r.awaitAll()
	r.must(os.WriteFile(r.path("app.log.9.gz"), []byte("this is no gzip file, whatever its name says"), 0o644))
	r.await("the broken one is given up", func() bool { return r.counted("error read") == 1 })
	slow := r.create("app.log.2.gz") // nothing is in it yet, for longer than a file takes that is written at once
	r.await("it was looked into", func() bool { return strings.Contains(told.text(), "app.log.2.gz") })
	r.append("packed", r.recordsOf(10))
	r.pack("packed")
	r.write(slow, string(mustRead(r, "packed.gz")))
	r.must(slow.Close())
	r.append("app.log", r.recordsOf(10))
	r.finish()
}

func mustRead(r *rig, name string) []byte {
	r.Helper()
	text, err := os.ReadFile(r.path(name))
	r.must(err)
	return text
}
