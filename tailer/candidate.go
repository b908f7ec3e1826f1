package tailer

import (
	"errors"
	"time"
)

const (
	judgeEvery  = 250 * time.Millisecond
	judgeStable = time.Second      // a file that is being copied grows
	judgeAnyway = 10 * time.Second // what only begins like another file is no copy of it then
	copyFor     = 30 * time.Second // from a copy of a file until that is truncated
)

// candidate is an unknown file beside one that is read: a generation that was renamed before it was opened, or a copy
// of something that was read. It is held open, for it may be removed, and not read before that is known.
type candidate struct {
	id      ID
	fd      int
	of      *base
	base    string // its name
	path    string
	matched bool // by a glob
	born    time.Time
	size    int64
	peek    peek
	since   time.Time // it has that size
	asked   map[*file]<-chan struct{}
}

// position is that of a file of which nothing is consumed.
func (c *candidate) position() Position {
	return Position{
		Source: c.of.set.Name, Path: c.path, Home: c.of.home, Base: c.base, ID: c.id, Unjudged: true,
		PeekLen: c.peek.n, PeekSum: c.peek.sum,
	}
}

// consider holds an unknown file until it is known what it is.
func (s *supervisor) consider(b *base, name, path string, st stat) {
	c := s.unjudged[st.id]
	if c == nil {
		fd, st, err := s.openFile(path)
		switch {
		case isGone(err), errors.Is(err, errNotRegular):
			return
		case err != nil:
			s.fail(b.set.Name, path, ReasonOpen, err)
			return
		case s.files[st.id] != nil || s.unjudged[st.id] != nil:
			closeFD(fd)
			s.scanSoon = true
			return
		}
		now := time.Now()
		c = &candidate{id: st.id, fd: fd, of: b, base: name, born: now, size: st.size, peek: peekInto(fd), since: now}
		delete(s.failing, path)
		s.mu.Lock()
		s.unjudged[c.id] = c
		s.mu.Unlock()
	}
	set := s.setOf(path)
	s.mu.Lock()
	c.path, c.matched = path, set != nil
	s.mu.Unlock()
	s.judge(c)
}

// judgeAll judges again what could not be judged yet.
func (s *supervisor) judgeAll() {
	for _, c := range s.unjudged {
		s.judge(c)
	}
	s.judgePacks()
	s.settle()
}

// judge finds out what a file is and begins to read it, or notes that it need not be read, or leaves it for later.
func (s *supervisor) judge(c *candidate) {
	if s.files[c.id] != nil {
		s.letGo(c) // it was met under a name that leads to what is read
		return
	}
	st, err := statFD(c.fd)
	if err != nil {
		return
	}
	now := time.Now()
	if st.size != c.size {
		s.mu.Lock()
		c.size, c.since, c.peek = st.size, now, peekInto(c.fd)
		s.mu.Unlock()
	}
	quiet, closed := s.isWritten(c.fd, c.since, st)
	stable := quiet || closed
	if st.size == 0 {
		// Nothing to know it by. Somebody may still write it.
		if quiet && (closed || now.Sub(c.since) > s.opt.DrainQuiet) {
			s.dismiss(c, st)
		}
		return
	}
	s.examine(s.setOf(c.of.home), c.of.home) // it may be a copy of a file that was not heard of yet, or that file
	if s.files[c.id] != nil {
		s.letGo(c)
		return
	}
	if !s.areRead(c) {
		return
	}
	v := s.compare(c, st.size)
	switch {
	case v.ghost == nil && v.live == nil && v.over == nil:
		if v.early {
			return
		}
		if !v.undecided || stable || now.Sub(c.born) >= judgeAnyway {
			s.admit(c, st, v.unread)
		}
	case !stable:
	case v.ghost != nil && st.size < v.ghost.trail.offset:
		s.dismiss(c, st)
		s.ghosts.remove(v.ghost)
	case v.ghost != nil:
		s.admit(c, st, v.ghost)
	case v.over != nil:
		s.dismiss(c, st)
	case now.Sub(c.born) >= s.copyFor && !v.truncated && v.consumed >= st.size:
		s.dismiss(c, st)
	case v.truncated:
		v.live.poke()
	}
}

// isWritten says what speaks for it that a file is not being written any more: it has had its size since long enough, or is
// known to be open for writing nowhere.
func (s *supervisor) isWritten(fd int, since time.Time, st stat) (quiet, closed bool) {
	writer, known := hasWriter(fd)
	// Not by the time of the last change: renaming is one.
	quiet = time.Since(since) >= s.stableFor || time.Since(st.mtime) >= s.stableFor
	return quiet, known && !writer
}

// letGo forgets c.
func (s *supervisor) letGo(c *candidate) {
	closeFD(c.fd)
	s.mu.Lock()
	delete(s.unjudged, c.id)
	s.mu.Unlock()
}

// areRead asks the files that c may be a copy of to be read once, and says whether they were: what they hold may be something else
// by now than what was consumed of them.
func (s *supervisor) areRead(c *candidate) bool {
	root := s.rootOf(c.path)
	all := true
	for _, f := range s.files {
		if f.running && !f.packed && isOfRoot(root, f.base) {
			all = c.wasRead(f) && all
		}
	}
	return all
}

// admit begins to read c, from where g was left if it is a copy of that.
func (s *supervisor) admit(c *candidate, st stat, g *ghost) {
	f := s.newFile(c.of.set, c.of.home, c.base, c.path, c.fd, st)
	// Names shift; that it has another one now is still to be heard of.
	named := c.matched && leadsTo(c.path, c.id)
	if g == nil && named {
		f.home, f.base = c.path, s.addBase(c.of.set, c.path)
	} else {
		f.draining = true
	}
	if g != nil {
		f.goOnFrom(g.reached)
		f.copy = true
		if held, err := f.trail.heldBy(c.fd, st.size); err != nil || !held {
			return // it has changed since, and is judged again
		}
		if lost := g.read - st.size; lost > 0 {
			s.opt.Observer.LostBytes(g.source, LostTruncated, lost)
		}
	}
	if named {
		s.own(c.path, f)
	}
	s.mu.Lock()
	delete(s.unjudged, c.id)
	s.files[f.id] = f
	if g != nil {
		s.ghosts.remove(g)
	}
	s.mu.Unlock()
	s.opt.Logger.Debug("rotated file found", "source", f.source, "path", c.path, "id", f.id.String(), "offset", f.offset,
		"size", st.size, "copy", f.copy)
	s.start(f)
}

// dismiss notes c as a file of which nothing is to be read.
func (s *supervisor) dismiss(c *candidate, st stat) {
	f := s.newFile(c.of.set, c.of.home, c.base, c.path, c.fd, st)
	if err := f.trail.sample(c.fd, st.size); err != nil {
		return // and is judged again
	}
	f.offset, f.copy, f.dismissed = st.size, true, true
	if c.matched && leadsTo(c.path, c.id) {
		s.own(c.path, f)
	}
	s.entomb(f, c.path, st)
}
