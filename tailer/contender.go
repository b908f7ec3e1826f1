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
	over  *reached // read to its end and closed
	held  bool     // open: what is missing of it is read from there
	live  *file    // open and being written under its name: a copy of it counts when it is truncated
	size  int64    // of the whole content, -1 where that may grow
	end   int64    // what was consumed of it
	known []section
}

// match is what a compressed file was found to hold.
type match struct {
	err       error
	of        string   // of what, for the log
	accounted bool     // all that it holds was read, or is read from another file
	held      bool     // the latter
	live      *file    // it is a copy of this, which is still there
	ghosts    []*ghost // reading goes on where the first was left; none of them will turn up any more
	over      *reached // reading goes on where that ended
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

// known returns what is known of what was consumed. It is called with f.mu held.
func (f *file) known() []section {
	if f.running {
		return f.trail.sections()
	}
	if f.sections == nil {
		f.sections = f.trail.sections()
	}
	return f.sections
}

func (f *file) contender() contender {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := contender{size: -1, end: f.offset}
	switch {
	case !f.running:
		r := f.reached()
		c.known, c.over = f.known(), &r
		if !f.copy {
			c.size = f.offset
		}
		return c
	case f.draining:
		c.held = true
	default:
		c.live, c.size = f, f.seen
		if st, err := statPath(f.path); err == nil && st.id == f.id {
			c.size = st.size
		}
	}
	c.known = f.peek.sections(&f.trail, f.looked.links == 0)
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
}

// add takes in the bytes at offset at. Most contents differ from one at its first section already; no more is hashed then.
func (l *lookup) add(data []byte, at int64) {
	end := at + int64(len(data))
	for i, c := range l.known {
		for j := l.passed[i]; j < len(c.known) && !l.out[i]; j++ {
			sec := c.known[j]
			sum := l.sum(i, j)
			if from, to := max(sec.begin-at, 0), min(sec.end-at, int64(len(data))); from < to {
				sum = fnv(sum, data[from:to])
			}
			switch {
			case sec.end > end:
				l.keep(i, j, sum)
			case sum != sec.sum:
				l.out[i] = true
			default:
				l.passed[i] = j + 1
				if sec.tells() {
					l.telling[i]++
				}
			}
		}
	}
}

// sum is that of the bytes of a section that were taken in so far.
func (l *lookup) sum(i, j int) uint64 {
	if l.sums[i] == nil {
		return fnvOffset
	}
	return l.sums[i][j]
}

func (l *lookup) keep(i, j int, sum uint64) {
	if sum == l.sum(i, j) {
		return
	}
	if l.sums[i] == nil {
		l.sums[i] = make([]uint64, len(l.known[i].known))
		for k := range l.sums[i] {
			l.sums[i][k] = fnvOffset
		}
	}
	l.sums[i][j] = sum
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
