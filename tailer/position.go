package tailer

import (
	"slices"
	"sort"
	"time"
)

// Position is how far one file was consumed, and what to know it by. Saved as JSON and given to a later Tailer as
// Options.Resume, it lets that one go on.
type Position struct {
	Source string
	Path   string // its last known name
	// Home is the name it was found by, Base that name with links followed: rotated files are looked for beside it.
	Home, Base string
	ID         ID
	Offset     int64
	Seen       int64 // how far the file was known to reach
	// Skipping says that Offset is within a line that was delivered as TooLong; what is left of it is skipped.
	Skipping bool
	// Found says that the very first scan found the file, HistoryEnd where the bytes end that were there then.
	Found      bool
	HistoryEnd int64
	// HeadSum is the FNV-1a hash of the first HeadLen bytes, MarkSum of the last MarkLen bytes before Offset, and Marks
	// are older ones. All are of what was consumed, or passed over at the start.
	HeadLen, MarkLen int
	HeadSum, MarkSum uint64
	Marks            []Mark `json:",omitempty"`

	// Draining says that the file has lost the name it was found by; Done also that it was read to its end and closed.
	Draining, Done bool
	DoneAt         time.Time `json:",omitzero"`
	// Copy says that the file is a copy of what was read before, which may end within a line.
	Copy bool
	// Packed says that the file is compressed: Offset is in what it holds.
	Packed bool
	// Unjudged says that the file lies beside one that is read and that it is not known yet what it is: nothing of it
	// was consumed.
	Unjudged bool
	// Replaced says that this is not a file but the content that one had before it was truncated, or before it could
	// not be found any more (then it is Draining as well). A copy of it may turn up. There may be several of one ID.
	Replaced bool
	// Gone says that a file that is Done had no name at all any more.
	Gone bool `json:",omitempty"`
	// PeekSum is the FNV-1a hash of the first PeekLen bytes, of which nothing may have been consumed.
	PeekLen int    `json:",omitempty"`
	PeekSum uint64 `json:",omitempty"`
	// At is when the last scan for files began before this was true; of a Replaced one, since when it is replaced.
	At time.Time

	State    []byte // of the Consumer; nil for a file that is Done
	StateErr error  `json:"-"` // why State is missing: such a position must not replace a good one
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

// Cut calls f with the positions of all files and of replaced contents, in the order of their identity, at one moment: no Consumer is called
// while f runs, so what f copies of the consumers' results belongs to exactly these positions. Reading stands still
// until f returns, and f must not call the Tailer.
func (t *Tailer) Cut(f func([]Position)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.commit.Lock()
	defer t.commit.Unlock()
	// Of what came since the last scan some may not have been heard of yet.
	upTo := time.Unix(0, t.upTo.Load())
	positions := make([]Position, 0, len(t.files)+len(t.unjudged)+len(t.saved))
	for _, file := range t.files {
		p := file.position()
		p.At = upTo
		positions = append(positions, p)
	}
	for _, c := range t.unjudged {
		p := c.position()
		p.At = upTo
		positions = append(positions, p)
	}
	for _, c := range t.packs {
		if p, ok := c.position(upTo); ok {
			p.At = upTo
			positions = append(positions, p)
		}
	}
	for _, p := range t.saved {
		positions = append(positions, p)
	}
	positions = append(positions, t.shelf...)
	positions = append(positions, t.ghosts.positions()...)
	sort.SliceStable(positions, func(i, j int) bool { return positions[i].ID.before(positions[j].ID) })
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
		Source: f.source, Path: f.path, Home: f.home, Base: f.base, ID: f.id,
		Seen: f.seen, Found: f.found, HistoryEnd: f.history,
		Draining: f.draining, Done: f.phase == Done, DoneAt: f.doneAt, Copy: f.copy, Packed: f.packed,
	}
	f.trail.describe(&p)
	if f.peek.n > f.trail.headLen {
		p.PeekLen, p.PeekSum = f.peek.n, f.peek.sum
	}
	p.Offset, p.Skipping = f.offset, f.skipping
	switch {
	case f.consumer != nil:
		p.State, p.StateErr = f.consumer.State()
	case p.Done:
		p.Gone = f.looked.links == 0
		if !p.Gone && time.Since(f.doneAt) > marksFor {
			p.Marks = nil // only a later writer or a copy of all of it can still be recognised
		}
	default:
		p.State = f.state // not opened yet
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

// describe writes into p what is remembered.
func (t *trail) describe(p *Position) {
	p.Offset = t.offset
	p.HeadLen, p.HeadSum = t.headLen, t.headSum
	p.MarkLen, p.MarkSum = t.markLen, t.sum()
	p.Marks = slices.Clone(t.marks)
}

func (p *Position) peek() peek { return peek{n: min(max(p.PeekLen, 0), headBytes), sum: p.PeekSum} }

// trail returns what p remembers.
func (p *Position) trail() trail {
	return trail{
		offset: p.Offset, headLen: min(max(p.HeadLen, 0), headBytes), headSum: p.HeadSum,
		markLen: min(max(p.MarkLen, 0), markBytes), markSum: p.MarkSum, bare: p.Offset > 0, marks: slices.Clone(p.Marks),
	}
}
