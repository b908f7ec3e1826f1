package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"errcode_exporter/bench/logs"
	"errcode_exporter/catalog"
	"errcode_exporter/extract"
)

// readingOf is a reading of small segments.
func readingOf(t *testing.T, cat *catalog.Catalog, workers int, out io.Writer, paths ...string) *reading {
	t.Helper()
	x, err := extract.New(cat, extract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &scan{program: &program{stdin: strings.NewReader(""), stdout: out, stderr: io.Discard}, catalog: cat, extractor: x, format: extract.Auto}
	if out != nil {
		s.events = newEventPrinter(out)
	}
	r := newReading(s, paths)
	r.workers, r.segment, r.align = workers, 20_000, 4000
	return r
}

// torn is a file that ends with an error somewhere.
type torn struct {
	io.ReaderAt
	at int64
}

func (b torn) ReadAt(p []byte, at int64) (int, error) {
	if room := b.at - at; room < int64(len(p)) {
		n, err := b.ReaderAt.ReadAt(p[:max(room, 0)], at)
		return n, errors.Join(err, &os.PathError{Op: "read", Path: "the disk's name for it", Err: syscall.EIO})
	}
	return b.ReaderAt.ReadAt(p, at)
}

// TestReadErrorsSayWhere tears a file in the middle: what is in front of that counts, and other files do.
func TestReadErrorsSayWhere(t *testing.T) {
	cat := loadCatalog(t)
	var text bytes.Buffer
	if _, err := logs.Write(&text, logs.Options{Shape: logs.Mixed, Percent: 20, Bytes: 1 << 20, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	const at = 543_210
	readable := text.Bytes()[:bytes.LastIndexByte(text.Bytes()[:at], '\n')+1]
	paths := writeLogs(t, [][]byte{text.Bytes(), readable, []byte("ERROR IS.4006 request_id=last\n")}, false)
	f := func(workers int, events bool) {
		t.Helper()
		var got, want bytes.Buffer
		run := func(out *bytes.Buffer, first string, at int64) error {
			t.Helper()
			ctx := context.Background()
			var printed io.Writer
			if events {
				printed = out
			}
			r := readingOf(t, cat, workers, printed, first, paths[2])
			file, err := r.open(ctx, 0)
			if err != nil {
				t.Fatal(err)
			}
			if file.path = "app.log"; at > 0 {
				file.at = torn{file.at, at}
			}
			r.opened, r.current, r.results[0].file = 1, file, file
			unread := r.run(ctx)
			if events {
				err = r.printer.flush()
			} else {
				err = tallyOf(r.sums).print(out, "json")
			}
			if err != nil {
				t.Fatal(err)
			}
			return unread
		}
		err := run(&got, paths[0], at)
		if want := fmt.Sprintf("app.log: byte %d: input/output error", at); err == nil || !errors.Is(err, syscall.EIO) || err.Error() != want {
			t.Errorf("%d workers: the error is %q, want %q", workers, err, want)
		}
		if err := run(&want, paths[1], 0); err != nil {
			t.Fatal(err)
		}
		if got.String() != want.String() {
			t.Errorf("%d workers, events %t: %s\nwant %s", workers, events, &got, &want)
		}
	}
	for _, workers := range []int{1, 2, 5} {
		f(workers, false)
		f(workers, true)
	}
}

// TestInterruptedScanKeepsWhatItFound interrupts it at a place of its own choice, and wants the answer for the text up to some line.
func TestInterruptedScanKeepsWhatItFound(t *testing.T) {
	cat := loadCatalog(t)
	var text strings.Builder
	for i := range 40_000 {
		fmt.Fprintf(&text, "ERROR IS.4006 request_id=r%d\n", i)
	}
	paths := writeLogs(t, [][]byte{[]byte(text.String())}, false)
	for _, workers := range []int{1, 2, 5} {
		ctx, cancel := context.WithCancel(context.Background())
		r := readingOf(t, cat, workers, nil, paths...)
		file, err := r.open(ctx, 0)
		if err != nil {
			t.Fatal(err)
		}
		file.at = interrupting{file.at, 400_000, cancel}
		r.opened, r.current, r.results[0].file = 1, file, file
		if err := r.run(ctx); err != nil {
			t.Fatal(err)
		}
		cancel()
		got := tallyOf(r.sums)
		if got.Files != 1 || got.Lines == 0 || got.Lines >= 40_000 || got.MatchedLines != got.Lines {
			t.Fatalf("%d workers: %d files, %d lines, %d of them match", workers, got.Files, got.Lines, got.MatchedLines)
		}
		sum := got.Codes[0]
		ids := sum.RequestIDs
		if sum.Count != got.Lines || sum.FirstLine != 1 || sum.LastLine != sum.Count || ids[len(ids)-1] != fmt.Sprintf("r%d", sum.Count-1) {
			t.Errorf("%d workers: %+v of %d lines, IDs %q", workers, sum, got.Lines, ids)
		}
	}
}

// interrupting cancels when so much of a file is read.
type interrupting struct {
	io.ReaderAt
	at     int64
	cancel func()
}

func (b interrupting) ReadAt(p []byte, at int64) (int, error) {
	if at >= b.at {
		b.cancel()
	}
	return b.ReaderAt.ReadAt(p, at)
}

// TestInterruptDoesNotWaitForInput interrupts the opening of a pipe that nobody writes to, or the reading of an input that does not come.
func TestInterruptDoesNotWaitForInput(t *testing.T) {
	cat := loadCatalog(t)
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // whoever still waits for a writer meets one
		if w, err := os.OpenFile(pipe, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
			_ = w.Close()
		}
	})
	for _, path := range []string{pipe, stdinName} {
		ctx, cancel := context.WithCancel(context.Background())
		r := readingOf(t, cat, 2, nil, path)
		silent, w := io.Pipe()
		r.stdin = silent
		ended := make(chan error, 1)
		go func() { ended <- r.run(ctx) }()
		cancel()
		if err := <-ended; err != nil || r.sums.files > 1 {
			t.Errorf("%q: %d files, %v", path, r.sums.files, err)
		}
		_ = w.Close()
	}
}
