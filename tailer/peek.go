package tailer

import (
	"cmp"
	"slices"
)

// peek is the beginning of a content of which nothing may have been consumed yet: the FNV-1a hash of its first n bytes, at most
// headBytes. It tells a compressed copy of the content from other files.
type peek struct {
	n   int
	sum uint64
	// marks are the hashes of shorter beginnings, as long as a trail keeps them.
	marks []Mark
}

func peekOf(data []byte) peek {
	var t trail
	t.addHead(data[:min(len(data), headBytes)])
	return peek{t.headLen, t.headSum, t.marks}
}

// peekInto looks at the beginning of an open file. Without an answer nothing is known of it.
func peekInto(fd int) peek {
	buf := make([]byte, headBytes)
	n, err := readAt(fd, buf, 0)
	if err != nil {
		return peek{}
	}
	return peekOf(buf[:n])
}

// sections returns what is known of a content, of which t was consumed. Of one that is nameless some line may have come after
// it was compressed: there it is known by shorter beginnings too.
func (p peek) sections(t *trail, nameless bool) []section {
	all := t.sections()
	if p.n <= t.headLen {
		return all
	}
	all = append(all, section{0, int64(p.n), p.sum})
	if nameless {
		for _, m := range p.marks {
			all = append(all, section{0, m.End, m.Sum})
		}
	}
	slices.SortStableFunc(all, func(a, b section) int { return cmp.Compare(a.end, b.end) })
	return all
}

// begins says whether data, the beginning of a content as far as that goes, is what was seen of it.
func (p peek) begins(data []byte) bool {
	return len(data) >= p.n && fnv(fnvOffset, data[:p.n]) == p.sum || p.n == 0
}

// beginsWith says whether the file of fd begins as p does. What is too short to tell does not.
func (p peek) beginsWith(fd int) bool {
	if p.n < firstMark || !(section{0, int64(p.n), p.sum}).tells() {
		return false
	}
	buf := make([]byte, p.n)
	n, err := readAt(fd, buf, 0)
	return err == nil && n == p.n && fnv(fnvOffset, buf) == p.sum
}
