package tailer

import (
	"sort"
	"time"
)

// Position is how far one file was consumed, and what to know it by.
type Position struct {
	Source string
	Path   string // its last known name
	ID     ID
	Offset int64
	// Skipping says that Offset is within a line that was delivered as TooLong; what is left of it is skipped.
	Skipping bool
	// HistoryEnd is where the bytes end that were there when the very first scan found the file.
	HistoryEnd int64
	// HeadSum is the FNV-1a hash of the first HeadLen bytes, MarkSum of the last MarkLen bytes before Offset. Both are
	// of what was consumed, or passed over at the start.
	HeadLen, MarkLen int
	HeadSum, MarkSum uint64
	// Draining says that the file has lost the name it was found by; Done also that it was read to its end and closed.
	Draining, Done bool

	State    []byte // of the Consumer; nil for a file that is Done
	StateErr error  // why State is missing: such a position must not replace a good one
}

// FileStatus is what is being done with one file now.
type FileStatus struct {
	Source   string
	Path     string
	ID       ID
	Phase    Phase
	Offset   int64
	Size     int64     // at the last look
	Lag      int64     // bytes on disk that are not consumed, an unfinished line included
	LastLine time.Time // when the last line was consumed, or the file's modification time then while catching up
}

// Cut calls f with the positions of all files, in the order of their identity, at one moment: no Consumer is called
// while f runs, so what f copies of the consumers' results belongs to exactly these positions. Reading stands still
// until f returns, and f must not call the Tailer.
func (t *Tailer) Cut(f func([]Position)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.commit.Lock()
	defer t.commit.Unlock()
	positions := make([]Position, 0, len(t.files))
	for _, file := range t.files {
		positions = append(positions, file.position())
	}
	sort.Slice(positions, func(i, j int) bool { return positions[i].ID.before(positions[j].ID) })
	f(positions)
}

// Positions returns what Cut gives.
func (t *Tailer) Positions() []Position {
	var all []Position
	t.Cut(func(p []Position) { all = p })
	return all
}

// Files returns the status of every file that is read or watched, sorted by source and path. Files that are Done
// are not among them.
func (t *Tailer) Files() []FileStatus {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := make([]FileStatus, 0, len(t.files))
	for _, file := range t.files {
		if s := file.status(); s.Phase != Done {
			all = append(all, s)
		}
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i], all[j]
		if a.Source != b.Source {
			return a.Source < b.Source
		}
		return a.Path < b.Path
	})
	return all
}

// position is called while commits are excluded.
func (f *file) position() Position {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := Position{
		Source: f.source, Path: f.path, ID: f.id,
		Offset: f.offset, Skipping: f.skipping, HistoryEnd: f.history,
		HeadLen: f.trail.headLen, HeadSum: f.trail.headSum,
		MarkLen: f.trail.markLen, MarkSum: fnv(fnvOffset, f.trail.end()),
		Draining: f.draining, Done: f.phase == Done,
	}
	if f.consumer != nil {
		p.State, p.StateErr = f.consumer.State()
	}
	return p
}

func (f *file) status() FileStatus {
	f.mu.Lock()
	defer f.mu.Unlock()
	size := max(f.looked.size, f.seen)
	return FileStatus{
		Source: f.source, Path: f.path, ID: f.id, Phase: f.phase,
		Offset: f.offset, Size: size, Lag: max(0, size-f.offset), LastLine: f.lastLine,
	}
}

// before orders identities.
func (id ID) before(other ID) bool {
	switch {
	case id.Dev != other.Dev:
		return id.Dev < other.Dev
	case id.Ino != other.Ino:
		return id.Ino < other.Ino
	}
	return id.Born < other.Born
}
