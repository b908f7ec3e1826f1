package tailer

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	packedExt = ".gz"
	// How much older than the last scan before the checkpoint a compressed file may be that was not known then: the clock of file
	// times lags, and what shifts its name during a scan is heard of a moment later.
	newsMargin = time.Second
)

// packed is a gzipped file beside one that is read. What it holds was read before it was compressed, or in part, or not at all;
// that is found out as soon as it is whole.
type packed struct {
	id   ID
	of   *base
	base string // its name
	path string
	fd   int  // -1 once it is settled
	news bool // if nothing that is known is in it, nothing of it was read

	made     time.Time
	born     time.Time // since when it is looked at
	size     int64
	since    time.Time         // it has that size
	counted  bool              // Ready waits for it
	listed   bool              // what lies beside it was looked at since it was whole
	asked    []<-chan struct{} // files that are to be read first
	matching bool
	waiting  *file // to be truncated: it is a copy of that
	broken   stat  // how it was when it could not be decompressed
	settled  time.Time
	held     bool   // what it holds is read from another file; if that ends halfway, it is to be looked into again
	scan     uint64 // the last one that saw it

	found match // by the last look into it
}

// hearPacked looks at a gzipped file that was not known. path has no links in its directory.
func (s *supervisor) hearPacked(path string) {
	b, name := s.baseOf(strings.TrimSuffix(path, packedExt))
	if b == nil {
		return
	}
	st, err := statPath(path)
	if err != nil || !st.regular {
		return
	}
	if f := s.files[st.id]; f != nil {
		f.scanned = s.scans
		return
	}
	if s.found(st.id, path) {
		return
	}
	if p := s.packs[st.id]; p != nil {
		s.mu.Lock()
		p.path, p.scan = path, s.scans
		s.mu.Unlock()
		return
	}
	p := &packed{id: st.id, of: b, base: name, path: path, fd: -1, made: madeAt(st), scan: s.scans}
	p.news = s.isNews(p)
	if s.isFirst || !p.news && (st.ctime.Before(s.since.Add(-time.Minute)) || !s.missesAny(s.rootOf(path))) {
		p.settled = time.Now()
		s.setPacked(p)
		return
	}
	if p.fd, st, err = s.openFile(path); err != nil {
		if !isGone(err) && !errors.Is(err, errNotRegular) {
			s.fail(b.set.Name, path, ReasonOpen, err)
		}
		return
	}
	delete(s.failing, path)
	if s.files[st.id] != nil || s.packs[st.id] != nil {
		closeFD(p.fd) // names shift; another file has this one now
		s.scanSoon = true
		return
	}
	p.id, p.born, p.since, p.size = st.id, time.Now(), time.Now(), st.size
	if p.counted = s.initial; p.counted {
		s.unread.Add(1)
	}
	s.setPacked(p)
}

// isNews says whether a compressed file was made since the positions were saved, or was held when they were.
func (s *supervisor) isNews(p *packed) bool {
	return s.heldNews[p.id] || p.made.After(s.since.Add(-newsMargin))
}

// madeAt returns when a file was made, as far as that is known.
func madeAt(st stat) time.Time {
	if st.id.Born == 0 {
		return st.mtime
	}
	return time.Unix(0, st.id.Born)
}

// missesAny says whether there is a content that something beside root may hold, other than what was never heard of.
func (s *supervisor) missesAny(root string) bool {
	return slices.ContainsFunc(s.ghosts.list(), func(g *ghost) bool { return isOfRoot(root, g.base) })
}

func (s *supervisor) setPacked(p *packed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.packs[p.id] = p
}

// position is that of a compressed file of which nothing was consumed: of one that may be news, and of one that is settled and
// that a Tailer after this one could take for news.
func (p *packed) position(upTo time.Time) (Position, bool) {
	at := Position{Source: p.of.set.Name, Path: p.path, Home: p.of.home, Base: p.base, ID: p.id, Packed: true}
	if p.pending() {
		at.Unjudged = true
		return at, p.news
	}
	at.Done, at.DoneAt = true, p.settled
	return at, !p.held && p.made.After(upTo.Add(-2*newsMargin))
}

// pending says whether it is not known what p is.
func (p *packed) pending() bool { return p.settled.IsZero() }

// judgePacks looks into compressed files that are whole now.
func (s *supervisor) judgePacks() {
	looked := make(map[string]bool)
	for _, p := range s.packs {
		if p.waiting != nil && (p.waiting.isOver() || time.Since(p.born) >= copyFor) {
			p.lookAgain()
		}
		if p.pending() && !p.matching && p.waiting == nil {
			s.judgePacked(p, looked)
		}
	}
}

// lookAgain forgets what was known of the files that p may be of.
func (p *packed) lookAgain() { p.waiting, p.listed, p.asked = nil, false, nil }

// hasPending says whether there are compressed files to be judged.
func (s *supervisor) hasPending() bool {
	for _, p := range s.packs {
		if p.pending() {
			return true
		}
	}
	return false
}

// judgePacked begins to look into p if it is whole. looked are the directories that were listed just now.
func (s *supervisor) judgePacked(p *packed, looked map[string]bool) {
	st, err := statFD(p.fd)
	if err != nil {
		return
	}
	now := time.Now()
	if st.size != p.size {
		p.size, p.since = st.size, now
	}
	if quiet, closed := s.isWritten(p.fd, p.since, st); !quiet && !closed {
		return
	}
	if p.broken.size == st.size && p.broken.mtime.Equal(st.mtime) {
		if now.Sub(p.born) >= copyFor {
			s.settlePacked(p)
		}
		return
	}
	if !p.listed {
		p.listed = true
		// What it was made of may still be there, or be read but not under the name that it has now.
		s.examine(s.setOf(p.of.home), p.of.home)
		if dir := filepath.Dir(p.path); !looked[dir] {
			looked[dir] = true
			s.scanBeside(dir)
		}
		// A file may hold something else by now than what was consumed of it.
		root := s.rootOf(p.path)
		for _, f := range s.files {
			if f.running && !f.packed && isOfRoot(root, f.base) {
				p.asked = append(p.asked, f.ask())
			}
		}
	}
	for _, read := range p.asked {
		select {
		case <-read:
		default:
			return
		}
	}
	p.matching = true
	known := s.contenders(p)
	s.group.Add(1)
	go func() {
		defer s.group.Done()
		select {
		case s.oneUnpacks <- struct{}{}:
			p.found = look(s.ctx, p.fd, known)
			<-s.oneUnpacks
		case <-s.ctx.Done():
			return
		}
		select {
		case s.unpacked <- p:
		case <-s.ctx.Done():
		}
	}()
}

// takePacked begins to read p, or settles it, or waits.
func (s *supervisor) takePacked(p *packed) {
	p.matching = false
	m := p.found
	p.found = match{}
	if s.ctx.Err() != nil {
		return
	}
	defer s.settle()
	switch {
	case m.err != nil:
		// It is still being made, or broken.
		if st, err := statFD(p.fd); err == nil {
			p.broken = st
		}
	case m.live != nil && time.Since(p.born) < copyFor:
		p.waiting = m.live
	case m.accounted || m.live != nil:
		s.opt.Logger.Debug("compressed file holds what is known", "path", p.path, "id", p.id.String(), "of", m.of)
		s.dropGhosts(m.ghosts)
		p.held = m.held
		s.settlePacked(p)
	case len(m.ghosts) > 0 && !s.ghosts.has(m.ghosts[0]):
		// A copy that is not packed was found meanwhile.
		s.settlePacked(p)
	case len(m.ghosts) > 0:
		g := m.ghosts[0]
		s.beginPacked(p, g.trail, func(f *file) {
			// The copy of what was truncated may be torn at its end.
			f.copy = !g.unfound
			f.history, f.found, f.state = g.history, g.found, g.state
			f.cut.skipping, f.skipping = g.skipping, g.skipping
		}, m.ghosts)
	case m.over != nil:
		o := m.over
		s.beginPacked(p, o.trail, func(f *file) {
			f.copy, f.history, f.found = o.copy, o.history, o.found
			f.cut.skipping, f.skipping = o.skipping, o.skipping
		}, nil)
	case p.news:
		s.beginPacked(p, trail{}, func(*file) {}, nil)
	default:
		s.settlePacked(p)
	}
}

// settlePacked forgets p but for its identity: nothing of it is to be read.
func (s *supervisor) settlePacked(p *packed) {
	closeFD(p.fd)
	s.mu.Lock()
	p.fd, p.settled = -1, time.Now()
	s.mu.Unlock()
	s.countPacked(p)
}

// countPacked tells Ready that p is not waited for any more.
func (s *supervisor) countPacked(p *packed) {
	if p.counted {
		p.counted = false
		s.caughtUp()
	}
}

// beginPacked begins to read p after what t says that was consumed of it.
func (s *supervisor) beginPacked(p *packed, t trail, set func(*file), gone []*ghost) {
	st, err := statFD(p.fd)
	if err != nil {
		return // and is judged again
	}
	f := s.newPacked(p.of.set, p.of.home, p.base, p.path, p.fd, st)
	f.announced = !p.counted
	f.trail, f.offset = t.clone(), t.offset
	set(f)
	s.mu.Lock()
	delete(s.packs, p.id)
	s.mu.Unlock()
	s.startPacked(f, gone)
	s.countPacked(p)
}

func (s *supervisor) newPacked(set *globSet, home, base, path string, fd int, st stat) *file {
	f := s.newFile(set, home, base, path, fd, st)
	f.packed, f.draining, f.peek = true, true, peek{}
	f.seen, f.target, f.looked.size = 0, 0, 0 // its size says nothing of its content
	return f
}

func (s *supervisor) startPacked(f *file, gone []*ghost) {
	s.mu.Lock()
	s.files[f.id] = f
	s.dropGhosts(gone)
	s.mu.Unlock()
	s.opt.Logger.Debug("compressed file found", "source", f.source, "path", f.path, "id", f.id.String(), "offset", f.offset)
	s.start(f)
}

// closePacks gives back what is held of compressed files.
func (s *supervisor) closePacks() {
	for _, p := range s.packs {
		if p.fd >= 0 {
			closeFD(p.fd)
		}
	}
}

// look decompresses as much of fd as it takes to find out which of known it holds.
func look(ctx context.Context, fd int, known []contender) match {
	l := lookup{known: known}
	l.init()
	return l.run(ctx, fd)
}
