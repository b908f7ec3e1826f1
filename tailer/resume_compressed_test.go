package tailer

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// pack compresses a file as gzip does: the new one has the time of the old one, which is removed.
func (r *rig) pack(name string) {
	r.Helper()
	text, err := os.ReadFile(r.path(name))
	r.must(err)
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err = z.Write(text)
	r.must(err)
	r.must(z.Close())
	st, err := os.Stat(r.path(name))
	r.must(err)
	r.must(os.WriteFile(r.path(name+".gz"), b.Bytes(), 0o644))
	r.must(os.Chtimes(r.path(name+".gz"), st.ModTime(), st.ModTime()))
	r.must(os.Remove(r.path(name)))
}

// content returns what a file holds, unpacked if it is compressed.
func (r *rig) content(name string) []byte {
	r.Helper()
	text, err := os.ReadFile(r.path(name))
	r.must(err)
	if !strings.HasSuffix(name, packedExt) {
		return text
	}
	z, err := gzip.NewReader(bytes.NewReader(text))
	r.must(err)
	text, err = io.ReadAll(z)
	r.must(err)
	return text
}

// shiftPacked is shift for files that were compressed.
func (r *rig) shiftPacked() {
	r.Helper()
	for n := 8; n > 0; n-- {
		if _, err := os.Stat(r.path(rotated(n) + ".gz")); err == nil {
			r.rename(rotated(n)+".gz", rotated(n+1)+".gz")
		}
	}
}

var packedDowns = []whileDown{
	{"renamed", func(r *rig, log *os.File) {
		r.write(log, r.recordsOf(30))
		r.rename("app.log", "app.log.1")
		r.pack("app.log.1")
		r.append("app.log", r.recordsOf(30))
	}},
	{"renamed with an unfinished last line", func(r *rig, log *os.File) {
		r.write(log, strings.TrimSuffix(r.recordsOf(30), "\n"))
		r.rename("app.log", "app.log.1")
		r.pack("app.log.1")
	}},
	{"renamed and nothing new", func(r *rig, _ *os.File) {
		r.rename("app.log", "app.log.1")
		r.pack("app.log.1")
	}},
	{"rotated three times", func(r *rig, log *os.File) {
		r.write(log, r.recordsOf(30))
		for range 3 {
			r.shiftPacked()
			r.shift()
			r.pack("app.log.1")
			r.append("app.log", r.recordsOf(3000))
		}
	}},
	{"rotated with a delay", func(r *rig, log *os.File) {
		r.write(log, r.recordsOf(30))
		for range 3 {
			r.shiftPacked()
			r.shift()
			if _, err := os.Stat(r.path("app.log.2")); err == nil {
				r.pack("app.log.2")
			}
			r.append("app.log", r.recordsOf(30))
		}
	}},
	{"copied and truncated", func(r *rig, log *os.File) {
		r.write(log, r.recordsOf(30))
		r.copy("app.log", "app.log.1")
		r.pack("app.log.1")
		r.must(log.Truncate(0))
		r.write(log, r.recordsOf(300))
	}},
}

func TestResumeCompressed(t *testing.T) {
	f := func(name, pattern string, crash bool) {
		for _, d := range packedDowns {
			t.Run(name+" "+pattern+" "+d.name, func(t *testing.T) {
				t.Parallel()
				r := prepareRig(t)
				log := r.create("app.log")
				r.write(log, r.recordsOf(50))
				r.start(pattern)
				s := r.save()
				r.write(log, r.recordsOf(2000))
				r.awaitAll()
				if crash {
					d.do(r, log)
					r.crash(s)
				} else {
					s = r.down()
					d.do(r, log)
				}
				r.up(pattern, s)
				r.awaitAll()
				r.append("app.log", r.recordsOf(10))
				r.awaitAll()
				// And once more: what was read is not read again, under whatever name.
				s = r.down()
				r.shiftPacked()
				r.up(pattern, s)
				r.append("app.log", r.recordsOf(10))
				r.finish()
				r.checkStates()
			})
		}
	}
	f("stopped", "app.log", false)
	f("killed", "app.log*", true)
}

// What was read to its end before, and what was there at the very first start, is not read because it was compressed.
func TestResumeCompressedAfterDone(t *testing.T) {
	r := prepareRig(t)
	r.append("app.log.3", "old\nvery old\n")
	r.append("app.log.7", "older\n")
	r.pack("app.log.7")
	r.start("app.log")
	for i := range 2 {
		r.append("app.log", r.recordsOf(30))
		r.awaitGenerations(i + 1)
		r.shift()
	}
	r.awaitAll()
	r.await("all are over", func() bool { return len(r.tailer.Files()) == 0 })
	s := r.down()
	for _, name := range []string{"app.log.1", "app.log.2", "app.log.5"} {
		r.pack(name)
	}
	r.shiftPacked()
	r.up("app.log", s)
	r.append("app.log", r.recordsOf(10))
	r.finish()
}

// A compressed file is gone on with where it was left.
func TestResumeWithinCompressed(t *testing.T) {
	r := newRig(t, "app.log")
	r.append("app.log", r.recordsOf(100))
	r.awaitAll()
	s := r.down()
	r.append("app.log", r.recordsOf(60000))
	r.rename("app.log", "app.log.1")
	r.pack("app.log.1")
	r.append("app.log", r.recordsOf(10))
	for range 3 {
		ctx, cancel := context.WithCancel(context.Background())
		var err error
		r.tailer, err = New(Options{
			Sources: []Source{{Name: "app", Paths: []string{r.path("app.log")}}},
			Resume:  s.all(r),
			Open: func(f File) Consumer {
				return &hook{reading: r.open(f).(*reading), before: func(Block) {
					if strings.HasSuffix(f.Path, ".gz") {
						cancel()
					}
				}}
			},
		})
		r.must(err)
		r.must(r.tailer.Run(ctx))
		s = r.save()
		if got := r.linesDelivered(); got > 50000 {
			t.Errorf("%d lines were read, too many to stop within", got)
		}
	}
	r.up("app.log", s)
	r.finish()
}
