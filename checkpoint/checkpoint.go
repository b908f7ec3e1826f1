// Package checkpoint keeps on disk what must outlive the process: named sections, each encoded by the room that it belongs
// to, saved together so that they are always of the same moment.
//
// Saving is atomic: a temporary file, fsync, rename, fsync of the folder. Whatever moment the process or the machine
// dies in, the file is the old or the new one, whole. The one before it is kept beside it, for the case that a disk hands back something
// else than was written.
package checkpoint

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// version is that of the file's form.
const version = 1

// Sections are what is saved, by name.
type Sections map[string]json.RawMessage

// file is the form on disk. The checksum is over the bytes of Sections as they stand in the file.
type file struct {
	Version  int             `json:"version"`
	Saved    time.Time       `json:"saved"`
	Checksum string          `json:"crc32c"`
	Sections json.RawMessage `json:"sections"`
}

// The errors that tell why there is nothing to load.
var (
	// ErrGarbled is wrapped by Load when neither the checkpoint nor the previous one can be used.
	ErrGarbled = errors.New("garbled")
	// ErrLocked is wrapped by Open when another process has the checkpoint open.
	ErrLocked = errors.New("in use by another process")
)

// Loaded is what Load found.
type Loaded struct {
	Sections Sections // nil if there is no checkpoint
	Saved    time.Time
	// Previous says that the newest file could not be used and the one before it was; Reason says why. What was shown
	// since then may be more than what is in it.
	Previous bool
	Reason   error
}

// Load reads the checkpoint. A missing one is no error, as long as the previous one is missing too.
func (s *Store) Load() (Loaded, error) {
	newest, err := read(s.path)
	if err == nil {
		return newest, nil
	}
	previous, older := read(s.previous())
	if older == nil {
		previous.Previous, previous.Reason = true, err
		return previous, nil
	}
	if errors.Is(err, fs.ErrNotExist) && errors.Is(older, fs.ErrNotExist) {
		return Loaded{}, nil
	}
	return Loaded{}, errors.Join(err, older)
}

// Read reads a checkpoint without taking it from the process that it belongs to: it is how things were when that saved last. A missing
// one is no error.
func Read(path string) (Loaded, error) {
	return (&Store{path: path}).Load()
}

func read(path string) (Loaded, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Loaded{}, err
	}
	var f file
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return Loaded{}, fmt.Errorf("%s: %w: %w", path, ErrGarbled, err)
	}
	if f.Version != version {
		return Loaded{}, fmt.Errorf("%s: %w: version %d, and this program knows %d", path, ErrGarbled, f.Version, version)
	}
	if sum := checksum(f.Sections); sum != f.Checksum {
		return Loaded{}, fmt.Errorf("%s: %w: checksum %s, and what is there has %s", path, ErrGarbled, f.Checksum, sum)
	}
	l := Loaded{Saved: f.Saved}
	if err := json.Unmarshal(f.Sections, &l.Sections); err != nil {
		return Loaded{}, fmt.Errorf("%s: %w: %w", path, ErrGarbled, err)
	}
	return l, nil
}

func checksum(b []byte) string {
	return fmt.Sprintf("%08x", crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)))
}

// Save writes the sections. When it returns without an error they are on disk. Sections that are the same as the last ones
// that were saved are not written again.
func (s *Store) Save(sections Sections) error {
	body, err := json.Marshal(sections)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	sum := checksum(body)
	if sum == s.last {
		return nil
	}
	data, err := json.Marshal(file{Version: version, Saved: s.now().UTC(), Checksum: sum, Sections: body})
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	if err := s.replace(append(data, '\n')); err != nil {
		s.last = "" // nobody knows what is there now
		return fmt.Errorf("checkpoint: %w", err)
	}
	s.last = sum
	return nil
}

// replace puts data in the place of the checkpoint, and the checkpoint in that of the previous one.
func (s *Store) replace(data []byte) error {
	next := s.path + ".new"
	if err := s.writeSynced(next, data); err != nil {
		return err
	}
	// A second name for the file that is about to lose its own: at no moment is there none.
	if err := os.Remove(s.previous()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Link(s.path, s.previous()); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrPermission) {
		return err
	}
	s.step("rename")
	if err := os.Rename(next, s.path); err != nil {
		return err
	}
	s.step("sync folder")
	return syncFolder(filepath.Dir(s.path))
}

func (s *Store) writeSynced(path string, data []byte) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(data); err != nil {
		return err
	}
	s.step("sync file")
	return f.Sync()
}

func syncFolder(path string) (err error) {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return d.Sync()
}
