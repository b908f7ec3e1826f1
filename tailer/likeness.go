package tailer

import (
	"bytes"
	"cmp"
	"slices"
)

// section is a run of consumed bytes of which the hash is known.
type section struct {
	begin, end int64
	sum        uint64
}

// tells says whether a section tells one content from another. A hole does not: what a program leaves that goes on at its
// old offset after a truncation is the same in all of them.
func (s section) tells() bool { return s.sum != nulSum(s.end-s.begin) }

// nulSum is the FNV-1a hash of n NUL bytes.
func nulSum(n int64) uint64 {
	sum := uint64(fnvOffset)
	for range n {
		sum *= fnvPrime
	}
	return sum
}

// sections returns what is known of the consumed bytes, in the order of their ends.
func (t *trail) sections() []section {
	all := make([]section, 0, len(t.marks)+2)
	for _, m := range t.marks {
		all = append(all, section{max(0, m.End-markBytes), m.End, m.Sum})
	}
	if t.headLen > 0 {
		all = append(all, section{0, int64(t.headLen), t.headSum})
	}
	if t.markLen > 0 {
		all = append(all, section{t.offset - int64(t.markLen), t.offset, t.sum()})
	}
	slices.SortFunc(all, func(a, b section) int { return cmp.Compare(a.end, b.end) })
	return all
}

// likeness is how much two contents have in common as far as both go.
type likeness int

const (
	different    likeness = iota
	alikeAtFirst          // their beginnings are the same, or are too short to tell
	alike
)

// in compares what was consumed with the first size bytes of a file.
func (t *trail) in(fd int, size int64) (likeness, error) {
	l := beginning{fd: fd}
	return l.holds(t.sections(), size)
}

// beginning compares the first bytes of a file with many contents. They are read once.
type beginning struct {
	fd   int
	head []byte // nil until it is needed
}

// read returns the bytes from begin to end, or fewer at the end of the file.
func (l *beginning) read(begin, end int64) ([]byte, error) {
	if end > headBytes {
		buf := make([]byte, end-begin)
		n, err := readAt(l.fd, buf, begin)
		return buf[:n], err
	}
	if l.head == nil {
		buf := make([]byte, headBytes)
		n, err := readAt(l.fd, buf, 0)
		if err != nil {
			return nil, err
		}
		l.head = buf[:n]
	}
	size := int64(len(l.head))
	return l.head[min(begin, size):min(end, size)], nil
}

// holds compares them with what was consumed of a content.
func (l *beginning) holds(sections []section, size int64) (likeness, error) {
	if len(sections) == 0 {
		return different, nil
	}
	result := alikeAtFirst
	for _, s := range sections {
		if s.end > size {
			break
		}
		data, err := l.read(s.begin, s.end)
		if err != nil {
			return alikeAtFirst, err
		}
		if int64(len(data)) < s.end-s.begin || fnv(fnvOffset, data) != s.sum {
			if s.end <= headBytes {
				return different, nil
			}
			return alikeAtFirst, nil
		}
		if s.tells() {
			result = alike
		}
	}
	return result, nil
}

// heldBy says whether the consumed bytes are the beginning of the file, and fetches from it what a bare trail lacks.
func (t *trail) heldBy(fd int, size int64) (bool, error) {
	if size < t.offset {
		return false, nil
	}
	if t.offset == 0 {
		return true, nil
	}
	if like, err := t.in(fd, size); err != nil || like != alike {
		return false, err
	}
	if !t.bare {
		return true, nil
	}
	n, err := readAt(fd, t.mark[:t.markLen], t.offset-int64(t.markLen))
	if err != nil || n < t.markLen || fnv(fnvOffset, t.end()) != t.markSum {
		return false, err
	}
	t.bare = false
	return true, nil
}

// begins compares the first size bytes of a with those of b, as far as a look at the first and the last of them
// tells.
func begins(a, b int, size int64) (likeness, error) {
	const look = 4 << 10
	x, y := make([]byte, look), make([]byte, look)
	for _, at := range []int64{0, size / 2, max(0, size-look)} {
		want := min(look, size-at)
		n, err := readAt(a, x[:want], at)
		if err != nil {
			return alikeAtFirst, err
		}
		m, err := readAt(b, y[:want], at)
		switch {
		case err != nil:
			return alikeAtFirst, err
		case bytes.Equal(x[:n], y[:m]):
		case at == 0:
			return different, nil
		default:
			return alikeAtFirst, nil
		}
	}
	return alike, nil
}
