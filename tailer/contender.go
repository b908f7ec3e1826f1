package tailer

import (
	"context"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
)

// contender is something read before that a compressed file may hold.
type contender struct {
	ghost    *ghost
	over     *file
	base     string
	end      int64 // what is known of it reaches to there
	sections []section
}

// contenders returns what was not found at a start, and what was: that may have been compressed since.
func (s *supervisor) contenders() []contender {
	var all []contender
	for _, g := range s.ghosts.list() {
		if g.trail.offset > 0 {
			all = append(all, contender{ghost: g, base: g.base, end: g.trail.offset, sections: g.trail.sections()})
		}
	}
	for _, f := range s.files {
		if !f.running && f.scanned == 0 && f.offset > 0 {
			all = append(all, contender{over: f, base: f.base, end: f.offset, sections: f.trail.sections()})
		}
	}
	for i := range s.opt.Resume {
		p := &s.opt.Resume[i]
		if f := s.files[p.ID]; f != nil && f.running && !f.packed && !p.Replaced && p.Offset > 0 {
			t := p.trail() // as it was saved: the file's own is on its way
			all = append(all, contender{over: f, base: f.base, end: p.Offset, sections: t.sections()})
		}
	}
	return all
}

// match finds out which of known p holds. It reads only as much as that takes.
func (p *packed) match(ctx context.Context, known []contender) {
	var open []contender
	for _, c := range known {
		if isBeside(p.path, c.base) {
			open = append(open, c)
		}
	}
	if len(open) == 0 {
		return
	}
	r, err := gzip.NewReader(&fdReader{fd: p.fd})
	if err != nil {
		p.news = false
		return
	}
	sums := make([][]uint64, len(open))
	for i, c := range open {
		sums[i] = make([]uint64, len(c.sections))
		for j := range sums[i] {
			sums[i][j] = fnvOffset
		}
	}
	var best int64
	passed := make([]int, len(open)) // sections that were found to be the same
	out := make([]bool, len(open))
	left := len(open)
	buf := make([]byte, 64<<10)
	for at := int64(0); left > 0 && ctx.Err() == nil; {
		n, err := r.Read(buf)
		data := buf[:n]
		for i, c := range open {
			if out[i] {
				continue
			}
			for j := passed[i]; j < len(c.sections); j++ {
				sec := c.sections[j]
				from, to := max(sec.begin-at, 0), min(sec.end-at, int64(n))
				if from < to {
					sums[i][j] = fnv(sums[i][j], data[from:to])
				}
			}
			for passed[i] < len(c.sections) && c.sections[passed[i]].end <= at+int64(n) {
				if sums[i][passed[i]] != c.sections[passed[i]].sum {
					out[i] = true
					break
				}
				passed[i]++
			}
			if !out[i] && passed[i] == len(c.sections) {
				out[i] = true
				if c.end > best {
					best = c.end
					p.ghost, p.over, p.shorter = c.ghost, c.over, false
				}
			}
			if out[i] {
				left--
			}
		}
		at += int64(n)
		if err == nil {
			continue
		}
		if !errors.Is(err, io.EOF) {
			p.news = false // it is not whole: what it is of may still be there
		} else if best == 0 {
			p.matchShorter(open, out, passed)
		}
		return
	}
}

// matchShorter takes what p is a shorter copy of, of those that are not out.
func (p *packed) matchShorter(open []contender, out []bool, passed []int) {
	most := 0
	for i, c := range open {
		if !out[i] && passed[i] > most {
			most = passed[i]
			p.ghost, p.over, p.shorter = c.ghost, c.over, true
		}
	}
}
