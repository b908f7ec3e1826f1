package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"errcode_exporter/bench/logs"
)

const (
	settling = 6 * time.Second // how long a process is left alone before it is looked at: longer than it takes to park a quiet file
	warmUp   = 2 * time.Second // for how long files are followed before it counts
)

// spends measures what a process uses while f runs.
func spends(pid int, f func() error) (cpu float64, seconds float64, err error) {
	before, err := processorTime(pid)
	if err != nil {
		return 0, 0, err
	}
	began := time.Now()
	if err := f(); err != nil {
		return 0, 0, err
	}
	d := time.Since(began)
	after, err := processorTime(pid)
	return (after - before).Seconds() / d.Seconds(), d.Seconds(), err
}

// inFolder runs f with a new folder for logs.
func (b *bench) inFolder(f func(folder string) error) error {
	folder, err := os.MkdirTemp(b.data, "errcode_exporter-bench-live-")
	if err != nil {
		return err
	}
	err = f(folder)
	return errors.Join(err, os.RemoveAll(folder))
}

// following measures what it costs to follow files that are being written.
func (b *bench) following(r *Results) error {
	for _, c := range []struct {
		name             string
		files, perSecond int
	}{{"50,000 lines/s in one file", 1, 50_000}, {"1,000 lines/s in one file", 1, 1000}, {"1,000 lines/s over 50 files", 50, 1000}} {
		err := b.inFolder(func(folder string) error {
			lines, err := linesOf(logs.Mixed, 1)
			if err != nil {
				return err
			}
			w, err := newWriter(numbered(c.files, folder, "app-%03d.log"), lines, 100)
			if err != nil {
				return err
			}
			defer w.close()
			s, err := b.serve(filepath.Join(folder, "*.log"))
			if err != nil {
				return err
			}
			defer s.kill()
			if err := s.ready(); err != nil {
				return err
			}
			if err := w.pace(c.perSecond, min(warmUp, b.seconds)); err != nil {
				return err
			}
			live := Live{Name: c.name}
			live.CPU, live.Seconds, err = spends(s.pid(), func() error { return w.pace(c.perSecond, b.seconds) })
			if err != nil {
				return err
			}
			live.RSS = memory(s.pid(), "VmRSS")
			if err := s.shows(w.truth); err != nil {
				return err
			}
			r.Following = append(r.Following, live)
			return nil
		})
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// idle measures what it costs to wait for files that nobody writes.
func (b *bench) idle(r *Results) error {
	for _, files := range []int{50, 500} {
		err := b.inFolder(func(folder string) error {
			lines, err := linesOf(logs.Mixed, 1)
			if err != nil {
				return err
			}
			w, err := newWriter(numbered(files, folder, "app-%03d.log"), lines, 300)
			if err != nil {
				return err
			}
			defer w.close()
			s, err := b.serve(filepath.Join(folder, "*.log"))
			if err != nil {
				return err
			}
			defer s.kill()
			if err := s.ready(); err != nil {
				return err
			}
			if err := s.shows(w.truth); err != nil {
				return err
			}
			time.Sleep(settling)
			live := Live{Name: fmt.Sprintf("%d quiet files", files)}
			live.CPU, live.Seconds, err = spends(s.pid(), func() error {
				time.Sleep(b.seconds)
				return nil
			})
			live.RSS = memory(s.pid(), "VmRSS")
			r.Idle = append(r.Idle, live)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
