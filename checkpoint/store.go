package checkpoint

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// Store is a checkpoint that belongs to this process. Its methods are not for several goroutines at once.
type Store struct {
	path string
	lock *os.File
	last string // checksum of the sections that were saved last
	// readOnly says that the folder could not be written to when it was opened. Whoever had it before may have met that too.
	readOnly bool
	now      func() time.Time
	step     func(name string) // what is about to be done while saving; tests end the process there
}

// Open takes the checkpoint at path for this process: its folder is made if it is missing, and a second process is refused.
// A checkpoint that can only be read is loaded all the same, and saved as soon as it can be written.
func Open(path string) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	lock, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600) // for writing, since locks on NFS want that
	readOnly := errors.Is(err, unix.EROFS)
	if readOnly {
		lock, err = os.Open(path + ".lock")
	}
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = lock.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			err = ErrLocked
		}
		return nil, fmt.Errorf("checkpoint: %s: %w", path, err)
	}
	return &Store{path: path, lock: lock, readOnly: readOnly, now: time.Now, step: func(string) {}}, nil
}

// Close gives the checkpoint back.
func (s *Store) Close() error { return s.lock.Close() }

// Path is where the checkpoint is.
func (s *Store) Path() string { return s.path }

func (s *Store) previous() string { return s.path + ".previous" }

// trusted is the mark that says that nothing was ever shown that is not in the checkpoint. Taking a mark away works on a
// disk that is full, where making one may not.
func (s *Store) trusted() string { return s.path + ".trusted" }

// Trusted reports whether everything that was ever shown is in the checkpoint. It is not after a process died while it could
// not save.
func (s *Store) Trusted() bool {
	if s.readOnly {
		return false
	}
	if _, err := os.Stat(s.distrusted()); err == nil {
		return false
	}
	_, err := os.Stat(s.trusted())
	return err == nil
}

// Trust says that from now on, until Distrust, nothing is shown that was not saved before.
func (s *Store) Trust() error {
	if err := os.Remove(s.distrusted()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("checkpoint: %w", err)
	}
	if _, err := os.Stat(s.trusted()); err == nil {
		return nil
	}
	if err := s.writeSynced(s.trusted(), nil); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return syncFolder(filepath.Dir(s.path))
}

// Distrust says that something is about to be shown that may not have been saved. It must be called before that is.
func (s *Store) Distrust() error {
	if err := os.Remove(s.trusted()); err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	// The folder is read-only. Say it where temporary files go.
	if err := os.WriteFile(s.distrusted(), []byte(s.path+"\n"), 0o600); err != nil {
		return fmt.Errorf("checkpoint: cannot even note that it is not current: %w", err)
	}
	return nil
}

// distrusted is the mark for a checkpoint whose folder cannot be written to.
func (s *Store) distrusted() string {
	return filepath.Join(os.TempDir(), "errcode_exporter-"+checksum([]byte(s.path))+".distrusted")
}
