package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// gate lets a rotator keep the writer from writing: it locks the file that the writer shares a lock on for as long as it writes.
type gate struct{ file *os.File }

func openGate(path string) (*gate, error) {
	if path == "" {
		return &gate{}, nil
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	return &gate{file}, err
}

// pass runs f when the gate is open, and keeps it open meanwhile.
func (g *gate) pass(f func() error) error {
	if g.file == nil {
		return f()
	}
	if err := flock(g.file, unix.LOCK_SH); err != nil {
		return err
	}
	if err := f(); err != nil {
		return err
	}
	return flock(g.file, unix.LOCK_UN)
}

func flock(f *os.File, how int) error {
	for {
		if err := unix.Flock(int(f.Fd()), how); err != unix.EINTR {
			return err
		}
	}
}
