package tailer

import "bytes"

// cutter cuts what is read at a line's beginning into runs of whole lines. It is given at most max bytes at a time,
// so a run never holds a line that is longer.
type cutter struct {
	max      int  // bytes in a line, its newline included
	skipping bool // within a line of which the first max bytes were delivered
}

// segment is what becomes of a run of bytes.
type segment int

const (
	wholeLines segment = iota
	tooLong            // the beginning of a line that is longer than max
	cutOff             // the rest of such a line
	hole               // NULs at a line's beginning
)

// cut gives every segment of data to emit, in order and without gaps, and returns how many bytes that were. What
// is left is the beginning of a line that has not ended and is shorter than max.
func (c *cutter) cut(data []byte, emit func(segment, []byte)) int {
	done := 0
	for done < len(data) {
		kind, n := c.next(data[done:])
		if n == 0 {
			break
		}
		emit(kind, data[done:done+n])
		done += n
	}
	return done
}

// next returns the first segment of data; 0 bytes mean that its end is not known yet.
func (c *cutter) next(data []byte) (segment, int) {
	if c.skipping {
		i := bytes.IndexByte(data, '\n')
		if i < 0 {
			return cutOff, len(data)
		}
		c.skipping = false
		return cutOff, i + 1
	}
	if n := leadingNULs(data); n > 0 {
		return hole, n
	}
	last := bytes.LastIndexByte(data, '\n')
	if last < 0 {
		if len(data) < c.max {
			return wholeLines, 0
		}
		c.skipping = true
		return tooLong, c.max
	}
	lines := data[:last+1]
	// Only a hole brings NULs, so the search for one costs a glance and the search for a line that begins with
	// one is rare.
	if bytes.IndexByte(lines, 0) >= 0 {
		if i := bytes.Index(lines, []byte{'\n', 0}); i >= 0 {
			lines = lines[:i+1]
		}
	}
	return wholeLines, len(lines)
}

// leadingNULs counts the NUL bytes that data begins with.
func leadingNULs(data []byte) int {
	if len(data) == 0 || data[0] != 0 {
		return 0
	}
	for i, b := range data {
		if b != 0 {
			return i
		}
	}
	return len(data)
}
