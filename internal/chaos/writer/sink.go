package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// sink is the file that is written, and what is not in it yet.
type sink struct {
	*options
	file    *os.File
	pending []byte
	told    bool      // by a signal, to open the path again
	since   time.Time // when it was noticed that the path is another file; zero: it is not
}

func (s *sink) open() error {
	flags := os.O_WRONLY
	if s.append {
		flags |= os.O_APPEND
	}
	if s.create {
		flags |= os.O_CREATE
	}
	file, err := os.OpenFile(s.path, flags, 0o644)
	if err != nil {
		return err
	}
	s.file = file
	return nil
}

// write takes a line. It is in the file when it is written line by line, else when a block is full.
func (s *sink) write(line string) error {
	s.pending = append(s.pending, line...)
	size := s.flush
	if size == 0 {
		size = len(s.pending)
	}
	for len(s.pending) >= size && size > 0 {
		if err := s.put(size); err != nil {
			return err
		}
	}
	return nil
}

func (s *sink) put(size int) error {
	n, err := s.file.Write(s.pending[:size])
	s.pending = append(s.pending[:0], s.pending[n:]...)
	return err
}

// close writes what is left.
func (s *sink) close() error {
	return errors.Join(s.put(len(s.pending)), s.file.Close())
}

// follow goes on in the file that has the path now, if it is time. What is left is still written to the old one, so that
// no line is in two files.
func (s *sink) follow() error {
	if s.since.IsZero() {
		other, err := s.isOther()
		if err != nil || !other && !s.told {
			return err
		}
		s.told, s.since = false, time.Now()
	}
	if time.Since(s.since) < s.hold {
		return nil
	}
	old := *s
	switch err := s.open(); {
	case isMissing(err):
		return nil // not yet
	case err != nil:
		return err
	}
	s.since, s.pending = time.Time{}, nil
	return old.close()
}

func (s *sink) isOther() (bool, error) {
	if !s.notice {
		return false, nil
	}
	now, err := os.Stat(s.path)
	if isMissing(err) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking whether the file is still the same: %w", err)
	}
	have, err := s.file.Stat()
	return err == nil && !os.SameFile(now, have), err
}

// isMissing says whether a path, or a folder in it, is not there.
func isMissing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}
