package tailer

// verdict is what a candidate turned out to be. Without any of the three it is a file of its own.
type verdict struct {
	ghost *ghost // a copy of it
	over  *file  // a copy of it
	live  *file  // a copy of it, which is to be truncated now if the copy was made for that

	truncated bool  // live was truncated and its goroutine has not noticed yet
	consumed  int64 // of live

	undecided bool   // it begins like one of them; more of it must be seen
	unread    *ghost // nothing of it was consumed, so it may be this
	early     bool   // it may be one that is being decompressed
}

// compare holds the first size bytes of c against everything that was beside it.
//
// The files come before the ghosts: a file that is truncated meanwhile leaves its ghost before it takes in the new
// content, so its old content is met as the one or the other.
func (s *supervisor) compare(c *candidate, size int64) verdict {
	var v verdict
	root := s.rootOf(c.path)
	l := beginning{fd: c.fd}
	for _, f := range s.files {
		if isOfRoot(root, f.base) {
			s.compareFile(c, &l, size, f, &v)
		}
	}
	for _, g := range s.ghosts.list() {
		if !isOfRoot(root, g.base) {
			continue
		}
		if g.trail.offset == 0 {
			if g.peek.n == 0 && !g.unfound || g.peek.beginsWith(c.fd) {
				v.unread = g
			}
			continue
		}
		like, err := l.holds(g.trail.sections(), size)
		switch {
		case err != nil, like == alikeAtFirst:
			v.undecided = true
		case like == alike && (v.ghost == nil || v.ghost.trail.offset < g.trail.offset):
			v.ghost = g
		}
	}
	return v
}

func (s *supervisor) compareFile(c *candidate, l *beginning, size int64, f *file, v *verdict) {
	f.mu.Lock()
	t, path, known := f.trail.clone(), f.path, f.known()
	f.mu.Unlock()
	like := alike
	if t.offset > 0 {
		var err error
		if like, err = l.holds(known, size); err != nil {
			like = alikeAtFirst
		}
	}
	switch {
	case like == different:
		return
	case like == alikeAtFirst:
		v.undecided = true
		return
	case !f.running:
		if t.offset >= size {
			v.over = f
		}
		return
	case f.packed:
		v.early = v.early || t.offset > 0 // it is being read and may be all of this
		return
	}
	// What it has besides what was consumed must be the same too.
	fd, st, err := s.openFile(path)
	if err == nil {
		defer closeFD(fd)
	}
	if err != nil || st.id != f.id { // it has lost its name
		if t.offset > 0 {
			v.live, v.consumed = f, t.offset
		}
		return
	}
	if held, err := t.heldBy(fd, st.size); err != nil || !held {
		v.live, v.truncated = f, true
		return
	}
	if st.size >= size {
		like, err := begins(c.fd, fd, size)
		if err == nil && like == alike {
			v.live, v.consumed = f, t.offset
			return
		}
		// It may have been truncated just now.
		if held, herr := t.heldBy(fd, st.size); t.offset > 0 && err == nil && (herr != nil || !held) {
			v.live, v.truncated = f, true
			return
		}
	}
	v.undecided = true
}

// wasRead says whether f was read since this was asked for the first time.
func (c *candidate) wasRead(f *file) bool {
	if f.opened.After(c.born) {
		return true // and held against everything then
	}
	read := c.asked[f]
	if read == nil {
		if c.asked == nil {
			c.asked = make(map[*file]<-chan struct{})
		}
		read = f.ask()
		c.asked[f] = read
	}
	select {
	case <-read:
		return true
	default:
		return false
	}
}
