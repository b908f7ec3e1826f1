package tailer

import "bytes"

const (
	markBytes = 256  // of the end of what was consumed
	headBytes = 1024 // of its beginning

	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// trail is what is remembered of the bytes that were consumed of a file: enough to notice that they are no longer
// there. It is fed with what was read, never read again from the file, which may have changed since.
type trail struct {
	mark    [markBytes]byte // the last markLen bytes before the offset
	markLen int
	headSum uint64 // FNV-1a of the first headLen bytes
	headLen int
}

// add appends what was consumed.
func (t *trail) add(data []byte) {
	if t.headLen < headBytes {
		head := data[:min(len(data), headBytes-t.headLen)]
		if t.headLen == 0 {
			t.headSum = fnvOffset
		}
		t.headSum = fnv(t.headSum, head)
		t.headLen += len(head)
	}
	if len(data) >= markBytes {
		t.markLen = copy(t.mark[:], data[len(data)-markBytes:])
		return
	}
	keep := min(t.markLen, markBytes-len(data))
	copy(t.mark[:], t.mark[t.markLen-keep:t.markLen])
	t.markLen = keep + copy(t.mark[keep:], data)
}

// end returns the bytes that must be in the file right before the offset.
func (t *trail) end() []byte { return t.mark[:t.markLen] }

// follows says whether data, read right before the offset, is what was consumed there.
func (t *trail) follows(data []byte) bool { return bytes.Equal(data, t.end()) }

// fnv continues the hash sum with data.
func fnv(sum uint64, data []byte) uint64 {
	for _, b := range data {
		sum = (sum ^ uint64(b)) * fnvPrime
	}
	return sum
}
