package triage

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

	"errcode_exporter/redact"
)

// fileVersion is the version of the file of recent events that is written.
const fileVersion = 1

// ErrGarbled is wrapped by Load when the file is not as it was written.
var ErrGarbled = errors.New("garbled")

// file is the form on disk. The checksum is over the bytes of Events as they stand in the file.
type file struct {
	Version  int             `json:"version"`
	Saved    time.Time       `json:"saved"`
	Checksum string          `json:"crc32c"`
	Events   json.RawMessage `json:"events"`
}

// Save writes the recent events to a file, if they have changed since they were last saved: a temporary file, fsync, rename, fsync of
// the folder. It is not for several goroutines at once.
func (b *Board) Save(path string) error {
	b.mu.Lock()
	seq := b.ring.seq
	if seq == b.saved {
		b.mu.Unlock()
		return nil
	}
	events := b.ring.newest(func(*Event) bool { return true })
	b.mu.Unlock()
	body, err := json.Marshal(events)
	if err != nil {
		return fmt.Errorf("recent events: %w", err)
	}
	data, err := json.Marshal(file{Version: fileVersion, Saved: b.Now().UTC(), Checksum: checksum(body), Events: body})
	if err != nil {
		return fmt.Errorf("recent events: %w", err)
	}
	if err := replace(path, append(data, '\n')); err != nil {
		return fmt.Errorf("recent events: %w", err)
	}
	b.mu.Lock()
	b.saved = seq
	b.mu.Unlock()
	return nil
}

// Load takes the recent events from a file, before there are any. A file that is missing is no error. With any other there are none.
func (b *Board) Load(path string) error {
	events, err := read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("recent events: %w", err)
	}
	// The rules of redaction may have become better since. What they mask now has been counted before or never will be.
	var again redact.Redactor
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range events {
		e := events[len(events)-1-i] // the oldest first, as they came
		e.Excerpt = again.Excerpt([]byte(e.Excerpt), position([]byte(e.Excerpt), e.Code), maxExcerpt)
		e.RequestID, e.TraceID = plain(&again, e.RequestID), plain(&again, e.TraceID)
		b.ring.known[e.Identity] = struct{}{}
		b.ring.add(&e)
	}
	b.saved = b.ring.seq
	return nil
}

func read(path string) ([]Event, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	garbled := func(why any) error { return fmt.Errorf("%s: %w: %v", path, ErrGarbled, why) }
	var f file
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return nil, garbled(err)
	}
	if f.Version != fileVersion {
		return nil, garbled(fmt.Sprintf("version %d, and this program knows %d", f.Version, fileVersion))
	}
	if sum := checksum(f.Events); sum != f.Checksum {
		return nil, garbled(fmt.Sprintf("checksum %s, and what is there has %s", f.Checksum, sum))
	}
	var events []Event
	if err := json.Unmarshal(f.Events, &events); err != nil {
		return nil, garbled(err)
	}
	for _, e := range events {
		if e.Code == "" || e.Source == "" || e.Time.IsZero() || len(e.Excerpt) > maxExcerpt {
			return nil, garbled("an event that is never written")
		}
	}
	return events, nil
}

func checksum(b []byte) string {
	return fmt.Sprintf("%08x", crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)))
}

// replace puts data in the place of a file. Whatever moment the process or the machine dies in, the file is the old or the new one.
func replace(path string, data []byte) error {
	next := path + ".new"
	if err := writeSynced(next, data); err != nil {
		return err
	}
	if err := os.Rename(next, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

func writeSynced(path string, data []byte) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(data); err != nil {
		return err
	}
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
