package main

import (
	"bytes"
	"io"
	"slices"

	"errcode_exporter/extract"
)

const (
	// segmentBytes is about how much of a large file one worker takes at a time: little enough that all of them end at about the same time and
	// that what was found takes little room, and so much that cutting costs next to nothing.
	segmentBytes = 1 << 20
	// alignBytes is where reads begin and end: at pages of the cache, and as many of them as are asked for at a time.
	alignBytes = 256 << 10
	// headBytes is how much of a file may tell its format.
	headBytes = 64 << 10
	// maxPart is how many times longer a segment may be that is read before it is known what is in front of it.
	maxPart = 4
	// maxUncut is how often in a row no place to cut a file at is found before the rest of it is taken in one piece.
	maxUncut = 1 << 12
	// maxUnprinted is how many bytes of events one worker keeps before it waits for its turn to print them.
	maxUnprinted = 256 << 10
)

// cutWindows is how much is looked at on each side of an aligned place, to find where to cut a file: a few lines, else many.
func cutWindows() [2]int64 { return [...]int64{4 << 10, 64 << 10} }

// formatOf returns the format that a file's own stream will find, by how the file begins; Auto if that does not tell.
func (r *reading) formatOf(head []byte) extract.Format {
	if r.format != extract.Auto {
		return r.format
	}
	// Of what begins with NULs the reader leaves these out, so that something else begins the file.
	if bytes.IndexByte(head, 0) >= 0 {
		return extract.Auto
	}
	format, _ := extract.Detect(head[:bytes.LastIndexByte(head, '\n')+1])
	return format
}

// border returns where the next segment of a file ends, -1 for the end of the file. The lock is held.
func (r *reading) border(f *logFile) int64 {
	if f.border == 0 {
		f.border = r.findBorder(f)
	}
	return f.border
}

// findBorder looks for a place to cut a file at. It is one where a reader of the whole file would begin a block too, so that cutting
// changes nothing: the first line that is not there in full up to an aligned place.
func (r *reading) findBorder(f *logFile) int64 {
	if f.at == nil || f.format == extract.Auto || r.workers == 1 {
		return -1
	}
	place := f.next + r.segment
	place += (r.align - place%r.align) % r.align
	for range maxUncut {
		for _, window := range r.windows {
			if place >= f.size {
				return -1
			}
			cut, sure := r.cutAt(f, place, window)
			if cut >= 0 {
				return cut
			}
			if sure {
				break
			}
		}
		place += r.align
	}
	return -1
}

// cutAt looks on both sides of an aligned place. It returns -1 if the file cannot be cut there, as far as that much tells; sure says that more
// would not help.
func (r *reading) cutAt(f *logFile, place, window int64) (cut int64, sure bool) {
	from := max(place-window, 0)
	r.around = slices.Grow(r.around[:0], int(2*window))[:place+window-from]
	n, err := f.at.ReadAt(r.around, from)
	data, at := r.around[:n], int(place-from)
	if n < at {
		return -1, true // the file is shorter than it was, or cannot be read: whoever reads there will meet it too
	}
	at = bytes.LastIndexByte(data[:at], '\n') + 1
	cut = from + int64(at)
	switch {
	case at == 0, bytes.IndexByte(data[at:], '\n') < 0:
		return -1, err != nil // a line is longer than the window
	case cut <= f.next, data[at] == 0, !r.extractor.Fresh(f.format, data, at):
		return -1, true // a reader leaves out NULs that begin a line
	default:
		return cut, true
	}
}

// alone reports whether the next segment of a file is only read when everything in front of it was: because it is too large to keep what
// it names, or because to read it earlier was of no use too often. The lock is held.
func (r *reading) alone(f *logFile) bool {
	end := r.border(f)
	if end < 0 {
		end = f.size
	}
	return end-f.next > maxPart*r.segment || f.void >= 4 && 2*f.void > f.parts
}

// stretch reads a file from one place to another.
type stretch struct {
	file    io.ReaderAt
	at, end int64 // end: -1 for the end of the file
	align   int64 // one read goes no further than the next multiple of it
}

func (s *stretch) Read(p []byte) (int, error) {
	n := min(int64(len(p)), s.align-s.at%s.align)
	if s.end >= 0 {
		n = min(n, s.end-s.at)
	}
	if n <= 0 && len(p) > 0 {
		return 0, io.EOF
	}
	k, err := s.file.ReadAt(p[:n], s.at)
	s.at += int64(k)
	return k, err
}
