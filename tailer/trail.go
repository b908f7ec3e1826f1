package tailer

import (
	"bytes"
	"slices"
)

const (
	markBytes = 256  // of the end of what was consumed
	headBytes = 1024 // of its beginning

	firstMark  = 16        // bytes: nothing shorter is ever recognised
	markEvery  = 1 << 10   // bytes between two older marks at least
	markSpread = 1 << 20   // in a large file
	markEarly  = 256 << 10 // until here a single block leaves marks within itself too
	markLimit  = 40        // older marks

	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// Mark is the FNV-1a hash of the up to 256 bytes before End.
type Mark struct {
	End int64
	Sum uint64
}

// trail is what is remembered of the bytes that were consumed of a file: enough to notice that they are no longer
// there, and to know them again in another file, be that shorter or longer. It is fed with what was read, never read
// again from the file, which may have changed since.
type trail struct {
	offset  int64
	mark    [markBytes]byte // the last markLen bytes before the offset
	markLen int
	headSum uint64 // FNV-1a of the first headLen bytes
	headLen int
	// marks are older ones: of each power of two up to markBytes, then the fewer the farther they are from the offset.
	marks []Mark
	// bare says that mark is not known but its hash.
	bare    bool
	markSum uint64
}

// add appends what was consumed.
func (t *trail) add(data []byte) {
	if t.headLen < headBytes {
		t.addHead(data[:min(len(data), headBytes-t.headLen)])
	}
	if t.markLen == markBytes && t.offset-t.lastMark() >= max(markEvery, min(t.offset/64, markSpread)) {
		t.keep(Mark{t.offset, t.sum()})
	}
	if t.offset < markEarly {
		for d := markEarly / 2; d >= markEvery; d /= 2 {
			if end := len(data) - d; end >= markBytes {
				t.keep(Mark{t.offset + int64(end), fnv(fnvOffset, data[end-markBytes:end])})
			}
		}
	}
	t.offset += int64(len(data))
	if len(data) >= markBytes {
		t.markLen = copy(t.mark[:], data[len(data)-markBytes:])
		return
	}
	keep := min(t.markLen, markBytes-len(data))
	copy(t.mark[:], t.mark[t.markLen-keep:t.markLen])
	t.markLen = keep + copy(t.mark[keep:], data)
}

func (t *trail) addHead(data []byte) {
	if t.headLen == 0 {
		t.headSum = fnvOffset
	}
	for i := range data {
		t.headSum = fnv(t.headSum, data[i:i+1])
		t.headLen++
		if n := t.headLen; n >= firstMark && n <= markBytes && n&(n-1) == 0 {
			t.marks = append(t.marks, Mark{int64(n), t.headSum})
		}
	}
}

func (t *trail) lastMark() int64 {
	if len(t.marks) == 0 {
		return 0
	}
	return t.marks[len(t.marks)-1].End
}

// keep remembers an older mark, and forgets so many that what is left doubles in distance.
func (t *trail) keep(m Mark) {
	t.marks = append(t.marks, m)
	if len(t.marks) <= markLimit {
		return
	}
	kept := make([]Mark, 0, markLimit+1)
	last := m.End
	for _, older := range slices.Backward(t.marks) {
		if older.End <= markBytes || last-older.End >= m.End-last {
			kept = append(kept, older)
			last = older.End
		}
	}
	slices.Reverse(kept)
	t.marks = kept
}

// end returns the bytes that must be in the file right before the offset.
func (t *trail) end() []byte { return t.mark[:t.markLen] }

// sum is the hash of end.
func (t *trail) sum() uint64 {
	if t.bare {
		return t.markSum
	}
	return fnv(fnvOffset, t.end())
}

// follows says whether data, read right before the offset, is what was consumed there.
func (t *trail) follows(data []byte) bool { return bytes.Equal(data, t.end()) }

// clone returns a trail that shares nothing with t.
func (t *trail) clone() trail {
	c := *t
	c.marks = slices.Clone(t.marks)
	return c
}

// sample makes t the trail of the first offset bytes of a file, without reading them all.
func (t *trail) sample(fd int, offset int64) error {
	*t = trail{}
	buf := make([]byte, headBytes)
	n, err := readAt(fd, buf[:min(offset, headBytes)], 0)
	if err != nil {
		return err
	}
	t.add(buf[:n])
	if offset <= headBytes {
		return nil
	}
	for d := int64(1) << 62; d > 0; d /= 2 {
		end := offset - d
		if d < markEvery {
			end, d = offset, 0
		}
		if end < headBytes {
			continue
		}
		n, err := readAt(fd, buf[:markBytes], end-markBytes)
		if err != nil {
			return err
		}
		if d > 0 {
			t.keep(Mark{end, fnv(fnvOffset, buf[:n])})
			continue
		}
		t.markLen = copy(t.mark[:], buf[:n])
	}
	t.offset = offset
	return nil
}

// fnv continues the hash sum with data.
func fnv(sum uint64, data []byte) uint64 {
	for _, b := range data {
		sum = (sum ^ uint64(b)) * fnvPrime
	}
	return sum
}
