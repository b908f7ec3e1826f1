package tailer

import (
	"context"
	"strconv"
)

// verify holds what was delivered against what was written: every record once, none torn, in order within each file.
func (r *rig) verify() {
	r.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	times := make([]int, r.seq)
	for i, c := range r.files {
		last := -1
		for _, line := range c.lines {
			var seq int
			if len(line) > 17 {
				seq, _ = strconv.Atoi(line[9:17])
			}
			if seq < 0 || seq >= r.seq || r.records[seq] != line {
				r.Errorf("generation %d of %s: torn line %.80q", i, c.file.Path, line)
				continue
			}
			if seq <= last {
				r.Errorf("generation %d of %s: line %d after %d", i, c.file.Path, seq, last)
			}
			last = seq
			times[seq]++
		}
		var end int64
		for _, b := range c.blocks {
			if b.Offset < end {
				r.Errorf("generation %d of %s: block at %d overlaps the one that ends at %d", i, c.file.Path, b.Offset, end)
			}
			end = b.Offset + int64(len(b.Data))
		}
	}
	var lost, repeated []int
	for seq, n := range times {
		switch {
		case n == 0 && r.mayMiss[seq]:
		case n == 0:
			lost = append(lost, seq)
		case n > 1:
			repeated = append(repeated, seq)
		}
	}
	if len(lost)+len(repeated) > 0 {
		r.Errorf("of %d lines %d lost %v, %d repeated %v", r.seq, len(lost), first(lost), len(repeated), first(repeated))
	}
}

func first(all []int) []int { return all[:min(len(all), 10)] }

// finish waits for everything to be delivered and verifies it, also against what comes too much.
func (r *rig) finish() {
	r.Helper()
	r.awaitAll()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	if err := r.tailer.ReadToEnd(ctx); err != nil {
		r.Error(err)
	}
	r.stop()
	r.verify()
}

func (r *rig) report() {
	for _, f := range r.tailer.Files() {
		r.Logf("%s %s: %s, offset %d of %d", f.ID, f.Path, f.Phase, f.Offset, f.Size)
	}
	for _, p := range r.tailer.Positions() {
		if p.Unjudged || p.Replaced {
			r.Logf("%s %s: unjudged %v, replaced %v, offset %d", p.ID, p.Path, p.Unjudged, p.Replaced, p.Offset)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, c := range r.files {
		r.Logf("generation %d: %s from %d, %d lines, ended %v", i, c.file.Path, c.file.Offset, len(c.lines), c.ended)
	}
	r.Logf("%d of %d lines in %d generations, counts %v", r.delivered, r.seq, len(r.files), r.counts)
}
