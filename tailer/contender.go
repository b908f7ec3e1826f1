package tailer

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"slices"

	"github.com/klauspost/compress/gzip"
)

// contender is a content that a compressed file may hold. Exactly one of ghost, over, held and live says what is known of it.
type contender struct {
	ghost *ghost
	over  *passed // read to its end and closed
	held  bool    // open: what is missing of it is read from there
	live  *file   // open and being written under its name: a copy of it counts when it is truncated
	size  int64   // of the whole content, -1 where that may grow
	end   int64   // what was consumed of it
	known []section
}

// passed is what was read of a file that is over.
type passed struct {
	trail                 trail
	copy, found, skipping bool
	history               int64
}

// match is what a compressed file was found to hold.
type match struct {
	err       error
	of        string   // of what, for the log
	accounted bool     // all that it holds was read, or is read from another file
	held      bool     // the latter
	live      *file    // it is a copy of this, which is still there
	ghosts    []*ghost // reading goes on where the first was left; none of them will turn up any more
	over      *passed  // reading goes on where that ended
}

// contenders returns what p may hold.
func (s *supervisor) contenders(p *packed) []contender {
	var all []contender
	root := s.rootOf(p.path)
	for _, f := range s.files {
		if isOfRoot(root, f.base) {
			all = append(all, f.contender())
		}
	}
	for _, c := range s.unjudged {
		if isOfRoot(root, c.base) {
			st, err := statFD(c.fd)
			all = append(all, contender{held: true, size: c.size, known: c.peek.sections(&trail{}, err == nil && st.links == 0)})
		}
	}
	for _, g := range s.ghosts.list() {
		if isOfRoot(root, g.base) {
			all = append(all, contender{ghost: g, size: -1, end: g.trail.offset, known: g.peek.sections(&g.trail, false)})
		}
	}
	return slices.DeleteFunc(all, func(c contender) bool { return len(c.known) == 0 })
}

func (f *file) contender() contender {
	f.mu.Lock()
	defer f.mu.Unlock()
	t := f.trail.clone()
	c := contender{size: -1, end: f.offset, known: f.peek.sections(&t, f.looked.links == 0)}
	switch {
	case !f.running:
		c.known = t.sections()
		c.over = &passed{trail: t, copy: f.copy, found: f.found, skipping: f.skipping, history: f.history}
		if !f.copy {
			c.size = f.offset
		}
	case f.draining:
		c.held = true
	default:
		c.live, c.size = f, f.seen
		if st, err := statPath(f.path); err == nil && st.id == f.id {
			c.size = st.size
		}
	}
	return c
}

// lookup compares a content with many at once.
type lookup struct {
	known   []contender
	sums    [][]uint64
	passed  []int // sections that were found to be the same
	telling []int // those of them that tell one content from another
	out     []bool
}

func (l *lookup) init() {
	l.telling = make([]int, len(l.known))
	l.sums, l.passed, l.out = make([][]uint64, len(l.known)), make([]int, len(l.known)), make([]bool, len(l.known))
	for i, c := range l.known {
		l.sums[i] = make([]uint64, len(c.known))
		for j := range l.sums[i] {
			l.sums[i][j] = fnvOffset
		}
	}
}

// add takes in the bytes at offset at.
func (l *lookup) add(data []byte, at int64) {
	end := at + int64(len(data))
	for i, c := range l.known {
		if l.out[i] {
			continue
		}
		for j := l.passed[i]; j < len(c.known); j++ {
			sec := c.known[j]
			from, to := max(sec.begin-at, 0), min(sec.end-at, int64(len(data)))
			if from < to {
				l.sums[i][j] = fnv(l.sums[i][j], data[from:to])
			}
		}
		for l.passed[i] < len(c.known) && c.known[l.passed[i]].end <= end {
			if l.sums[i][l.passed[i]] != c.known[l.passed[i]].sum {
				l.out[i] = true
				break
			}
			if c.known[l.passed[i]].tells() {
				l.telling[i]++
			}
			l.passed[i]++
		}
	}
}

// run decompresses fd.
func (l *lookup) run(ctx context.Context, fd int) match {
	st, err := statFD(fd)
	if err != nil {
		return match{err: err}
	}
	r, err := gzip.NewReader(&fdReader{fd: fd})
	if err != nil {
		return match{err: err}
	}
	buf := make([]byte, 64<<10)
	at := int64(0)
	for head := true; err == nil && ctx.Err() == nil; {
		var n int
		n, err = r.Read(buf)
		l.add(buf[:n], at)
		at += int64(n)
		if head && at >= headBytes {
			head = false
			if size, known := lengthOf(fd, st.size); known && l.isKnownByHead(size) {
				return match{accounted: true, held: true, of: "a file with its beginning and length"}
			}
		}
	}
	if !errors.Is(err, io.EOF) {
		return match{err: err} // it is not whole: what it is made of may still be there
	}
	return l.decide(at)
}

// lengthOf returns how many bytes a gzip file holds, modulo 4 GiB, if it has a single member (RFC 1952, ISIZE).
func lengthOf(fd int, size int64) (uint32, bool) {
	var isize [4]byte
	n, err := readAt(fd, isize[:], size-4)
	return binary.LittleEndian.Uint32(isize[:]), err == nil && n == len(isize)
}

// isKnownByHead says whether the beginning and the length are those of exactly one content, which was read to its end or is
// held: the rest need not be decompressed then.
func (l *lookup) isKnownByHead(size uint32) bool {
	alike, sure := 0, false
	for i, c := range l.known {
		if l.out[i] || l.telling[i] == 0 {
			continue
		}
		alike++
		sure = c.ghost == nil && c.live == nil && c.size >= 0 && uint32(c.size) == size
	}
	return alike == 1 && sure
}

// decide says what a content of size bytes is.
func (l *lookup) decide(size int64) match {
	var m match
	var live *file
	held := false
	var best, bestOver, shorter *contender
	most := 0
	for i := range l.known {
		c := &l.known[i]
		if l.out[i] || l.telling[i] == 0 || c.known[len(c.known)-1].end < firstMark && c.size != size {
			continue // too little to know it by
		}
		whole := l.passed[i] == len(c.known) // it reaches as far as what was consumed
		switch {
		case c.held:
			// What was written to the file after it was compressed is read from there too.
			held = held || !whole || c.size < 0 || c.size >= size
		case c.live != nil:
			if size <= c.size {
				live = c.live
			}
		case !whole:
			if l.passed[i] > most {
				shorter, most = c, l.passed[i]
			}
		case c.ghost != nil:
			m.ghosts = append(m.ghosts, c.ghost)
			if best == nil || c.end > best.end {
				best = c
			}
		case bestOver == nil || c.end > bestOver.end:
			bestOver = c
		}
	}
	switch {
	case held:
		return match{accounted: true, held: true, of: "a file that is open"}
	case best != nil && (bestOver == nil || best.end >= bestOver.end):
		i := slices.Index(m.ghosts, best.ghost)
		m.ghosts[0], m.ghosts[i] = m.ghosts[i], m.ghosts[0]
		m.ghosts = slices.DeleteFunc(m.ghosts, func(g *ghost) bool { return g != best.ghost && g.trail.offset > 0 })
		return m
	case bestOver != nil:
		return match{over: bestOver.over, accounted: bestOver.end >= size, of: "a file that was read"}
	case live != nil:
		return match{live: live, of: "a file that is written"}
	case shorter != nil && shorter.ghost != nil:
		return match{accounted: true, ghosts: []*ghost{shorter.ghost}, of: "a content that is gone, of which more was read"}
	case shorter != nil:
		return match{accounted: true, of: "a file of which more was read"}
	}
	return m
}
