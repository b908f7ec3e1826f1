package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"errcode_exporter/bench/logs"
)

// writer appends lines to files at a steady pace, as applications do, and knows the truth about what it has written.
type writer struct {
	files []*os.File
	lines []line
	next  int
	turn  int // file that is next
	truth logs.Truth
}

type line struct {
	text []byte // with its line feed
	code string // "" if it names none
}

// linesOf makes lines to choose from.
func linesOf(shape logs.Shape, percent float64) ([]line, error) {
	var text bytes.Buffer
	if _, err := logs.Write(&text, logs.Options{Shape: shape, Percent: percent, Bytes: 4e6, Seed: 3}); err != nil {
		return nil, err
	}
	pattern := regexp.MustCompile(logs.Pattern)
	var all []line
	for l := range bytes.Lines(text.Bytes()) {
		all = append(all, line{l, string(pattern.Find(l))})
	}
	return all, nil
}

// newWriter makes so many files in a folder, each with some lines to begin with.
func newWriter(paths []string, lines []line, beginWith int) (*writer, error) {
	w := &writer{lines: lines, truth: logs.Truth{Codes: map[string]int64{}}}
	for _, path := range paths {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, err
		}
		file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
		if err != nil {
			w.close()
			return nil, err
		}
		w.files = append(w.files, file)
		if err := w.write(beginWith); err != nil {
			w.close()
			return nil, err
		}
	}
	return w, nil
}

// close closes all files. Nothing that was written is lost: there is no buffer.
func (w *writer) close() {
	for _, f := range w.files {
		_ = f.Close()
	}
}

// take appends the next lines to b and counts them.
func (w *writer) take(b []byte, n int) []byte {
	for range n {
		l := w.lines[w.next]
		w.next = (w.next + 1) % len(w.lines)
		b = append(b, l.text...)
		w.truth.Lines++
		if l.code != "" {
			w.truth.Matched++
			w.truth.Codes[l.code]++
		}
	}
	return b
}

// write writes lines to the file whose turn it is.
func (w *writer) write(n int) error {
	f := w.files[w.turn%len(w.files)]
	w.turn = (w.turn + 1) % len(w.files)
	_, err := f.Write(w.take(nil, n))
	return err
}

// tick is how often a paced writer writes.
const tick = 10 * time.Millisecond

// pace writes for a while, so many lines a second over all files, each in turn. An application that falls behind writes more at once.
func (w *writer) pace(perSecond int, d time.Duration) error {
	began := time.Now()
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	written := 0
	each := max(1, perSecond*int(tick)/int(time.Second)) // to one file at once
	for now := range ticker.C {
		due := int(now.Sub(began).Seconds() * float64(perSecond))
		for ; written+each <= due; written += each {
			if err := w.write(each); err != nil {
				return err
			}
		}
		if now.Sub(began) >= d {
			return nil
		}
	}
	return nil
}

// numbered returns so many paths.
func numbered(n int, pattern ...string) []string {
	var paths []string
	for i := range n {
		paths = append(paths, fmt.Sprintf(filepath.Join(pattern...), i))
	}
	return paths
}
