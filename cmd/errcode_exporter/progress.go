package main

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress shows on a terminal how far reading has come, how fast it is and how long it will take. Elsewhere it is silent.
type progress struct{ bar *progressbar.ProgressBar }

func (s *scan) progress(files []string) *progress {
	if !isTerminal(s.stderr) {
		return &progress{}
	}
	total := int64(0)
	for _, path := range files {
		info, err := os.Stat(path)
		if path == stdinName || err != nil || !info.Mode().IsRegular() {
			total = -1 // nobody knows
			break
		}
		total += info.Size()
	}
	return &progress{progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(s.stderr),
		progressbar.OptionSetDescription("reading"),
		progressbar.OptionShowBytes(true),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
	)}
}

// of counts what is read from r.
func (p *progress) of(r io.Reader) io.Reader {
	if p.bar == nil {
		return r
	}
	return io.TeeReader(r, p.bar)
}

// end takes the bar off the screen. What it cannot write does not matter.
func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Exit()
		_ = p.bar.Clear()
	}
}
