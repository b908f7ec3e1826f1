package tailer

import (
	"context"
	"path/filepath"
	"time"
)

// judgePacks looks into compressed files that are whole now.
func (s *supervisor) judgePacks() {
	looked := make(map[string]bool)
	for _, p := range s.pendingPacks {
		if p.waiting != nil && (p.waiting.isOver() || time.Since(p.born) >= s.copyFor) {
			p.lookAgain()
		}
		if p.waiting == nil && s.matching != p {
			p.ready = s.isReady(p, looked)
		}
	}
	s.lookIntoNext()
}

// lookIntoNext looks into one that is ready. One at a time: what is known, to hold it against, is much where there are many.
func (s *supervisor) lookIntoNext() {
	if s.matching != nil {
		return
	}
	for _, p := range s.pendingPacks {
		if p.ready {
			p.ready = false
			s.lookInto(p)
			return
		}
	}
}

// lookAgain forgets what was known of the files that p may be of.
func (p *packed) lookAgain() { p.waiting, p.listed, p.asked = nil, false, nil }

// isReady says whether p is whole and everything that it may be made of was read. looked are the directories that were listed
// just now.
func (s *supervisor) isReady(p *packed, looked map[string]bool) bool {
	st, err := statFD(p.fd)
	if err != nil {
		return false
	}
	now := time.Now()
	if st.size != p.size {
		p.size, p.since = st.size, now
	}
	if quiet, closed := s.isWritten(p.fd, p.since, st); !quiet && !closed {
		return false
	}
	if p.broken.size == st.size && p.broken.mtime.Equal(st.mtime) {
		if now.Sub(p.since) >= s.copyFor {
			s.fail(p.of.set.Name, p.path, ReasonRead, p.brokenBy)
			s.settlePacked(p)
		}
		return false
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
			return false
		}
	}
	return true
}

func (s *supervisor) lookInto(p *packed) {
	s.matching = p
	p.looked, _ = statFD(p.fd) // an empty answer lets it be looked into again
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
	s.matching = nil
	m := p.found
	p.found = match{}
	if s.ctx.Err() != nil {
		return
	}
	if p.of.gone {
		if at, ok := p.position(time.Unix(0, s.upTo.Load())); ok {
			s.shelve(at)
		}
		s.putAway(p.id, p)
		return
	}
	defer s.settle()
	switch {
	case m.err != nil:
		p.broken, p.brokenBy = p.looked, m.err // or still being made
		s.opt.Logger.Debug("compressed file is not whole", "path", p.path, "id", p.id.String(), "size", p.looked.size, "err", m.err)
	case m.live != nil && time.Since(p.born) < s.copyFor:
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
		r := m.ghosts[0].reached
		r.copy = !m.ghosts[0].unfound // the copy of what was truncated may be torn at its end
		s.beginPacked(p, r, m.ghosts)
	case m.over != nil:
		s.beginPacked(p, *m.over, nil)
	case p.news:
		s.beginPacked(p, reached{}, nil)
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
	delete(s.pendingPacks, p.id)
	s.countPacked(p)
}

// countPacked tells Ready that p is not waited for any more.
func (s *supervisor) countPacked(p *packed) {
	if p.counted {
		p.counted = false
		s.caughtUp()
	}
}

// beginPacked begins to read p after what r says that was consumed of it.
func (s *supervisor) beginPacked(p *packed, r reached, gone []*ghost) {
	st, err := statFD(p.fd)
	if err != nil {
		return // and is judged again
	}
	f := s.newPacked(p.of.set, p.of.home, p.base, p.path, p.fd, st)
	f.announced = !p.counted
	f.goOnFrom(r)
	s.mu.Lock()
	delete(s.packs, p.id)
	s.mu.Unlock()
	delete(s.pendingPacks, p.id)
	s.startPacked(f, gone)
	s.countPacked(p)
}

// look decompresses as much of fd as it takes to find out which of known it holds.
func look(ctx context.Context, fd int, known []contender) match {
	l := lookup{known: known}
	l.init()
	return l.run(ctx, fd)
}
