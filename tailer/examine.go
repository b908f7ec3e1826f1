package tailer

import (
	"context"
	"errors"
	"path/filepath"
	"time"
)

// examine looks at what path leads to now and notices files that came, went, or were replaced.
func (s *supervisor) examine(set *globSet, path string) {
	s.followLinks(path)
	st, err := statPath(path)
	switch {
	case isGone(err), err == nil && !st.regular:
		delete(s.failing, path)
		s.lose(path)
		return
	case err != nil:
		s.fail(s.nameOf(set), path, ReasonOpen, err)
		return
	}
	f := s.owners[path]
	if f != nil && f.id != st.id {
		s.lose(path)
		f = nil
	}
	if f == nil {
		if f = s.files[st.id]; f == nil {
			if set != nil {
				s.begin(set, path, st)
			}
			return
		}
		s.adopt(f, path)
	}
	f.scanned = s.scans
	s.refresh(f, path, st)
}

func (s *supervisor) nameOf(set *globSet) string {
	if set == nil {
		return ""
	}
	return set.Name
}

// followLinks watches every place that decides what path leads to.
func (s *supervisor) followLinks(path string) {
	for _, at := range chain(path) {
		if s.links[at] == nil {
			s.links[at] = make(map[string]bool)
		}
		s.links[at][path] = true
		lookAbove(filepath.Dir(at), s) // it may not be there yet
	}
}

// begin begins to read a file that no other name led to, or finds out first what it is.
func (s *supervisor) begin(set *globSet, path string, st stat) {
	if s.found(st.id, path) {
		return
	}
	if !set.first {
		if b, name := s.baseOf(inRealDir(path)); b != nil {
			s.consider(b, name, path, st)
			return
		}
	}
	s.open(set, path, st)
}

// newFile returns a file of which nothing was read yet.
func (s *supervisor) newFile(set *globSet, home, base, path string, fd int, st stat) *file {
	f := &file{
		t: s.Tailer, source: set.Name, id: st.id, fd: fd, home: home, base: base,
		wake: make(chan struct{}, 1), cut: cutter{max: s.opt.MaxLineBytes},
		path: path, aliases: make(map[string]struct{}), scanned: s.scans,
		looked: st, mtime: st.mtime, seen: st.size, target: st.size, announced: !s.initial,
	}
	if fd >= 0 {
		f.remote, f.peek = isRemote(fd), peekInto(fd)
	}
	f.opened = time.Now()
	f.lastNew = f.opened
	if st.mtime.Before(f.lastNew) {
		f.lastNew = st.mtime
	}
	return f
}

// open begins to read a file that was not known.
func (s *supervisor) open(set *globSet, path string, before stat) {
	first := set.first
	fd, st, err := s.openFile(path)
	switch {
	case isGone(err), errors.Is(err, errNotRegular):
		return
	case err != nil:
		if first {
			s.late[before.id] = before.size
		}
		s.fail(set.Name, path, ReasonOpen, err)
		return
	case s.files[st.id] != nil:
		closeFD(fd) // replaced since before; the event of that is still to come
		s.scanSoon = true
		return
	}
	f := s.newFile(set, path, s.addBase(set, path), path, fd, st)
	size, late := s.late[st.id]
	switch {
	case first:
		size = st.size
	case late:
		size = min(size, st.size)
	default:
		size = 0
	}
	f.found, f.history = first || late, size
	if set.StartAt == End && size > 0 {
		if err := f.beginAtEnd(size); err != nil {
			closeFD(fd)
			s.fail(set.Name, path, ReasonRead, err)
			if first {
				s.late[st.id] = size
			}
			return
		}
	}
	delete(s.late, st.id)
	delete(s.failing, path)
	s.own(path, f)
	s.mu.Lock()
	s.files[f.id] = f
	s.mu.Unlock()
	s.opt.Logger.Debug("file found", "source", set.Name, "path", path, "id", f.id.String(), "offset", f.offset, "size", st.size)
	s.start(f)
}

func (s *supervisor) start(f *file) {
	f.running, f.sections = true, nil
	ctx, cancel := context.WithCancel(s.ctx)
	f.cancel = cancel
	if !f.announced {
		s.unread.Add(1)
	}
	s.group.Add(1)
	go func() {
		defer s.group.Done()
		defer cancel()
		if f.packed {
			f.unpack(ctx)
			return
		}
		f.run(ctx)
	}()
}

// adopt notes that a file that is known was met under another name.
func (s *supervisor) adopt(f *file, path string) {
	s.own(path, f)
	if f.isOver() {
		f.rename(path)
		if path == f.home {
			f.setDraining(false) // renamed back
		}
		return
	}
	name := f.name()
	if st, err := statPath(name); err == nil && st.id == f.id {
		f.aliases[path] = struct{}{}
		return
	}
	s.lose(name)
	f.rename(path)
}

// own notes that path leads to f, and to no other file any more.
func (s *supervisor) own(path string, f *file) {
	if old := s.owners[path]; old != nil && old != f {
		s.lose(path)
	}
	s.owners[path] = f
}

// leadsTo says whether path is a name of the file id.
func leadsTo(path string, id ID) bool {
	st, err := statPath(path)
	return err == nil && st.id == id
}

// lose notes that path no longer leads to the file that it led to. A file without any other name is drained.
func (s *supervisor) lose(path string) {
	f := s.owners[path]
	if f == nil {
		return
	}
	delete(s.owners, path)
	delete(f.aliases, path)
	if f.name() != path || f.isOver() {
		return
	}
	for alias := range f.aliases {
		if st, err := statPath(alias); err == nil && st.id == f.id {
			f.rename(alias)
			return
		}
		delete(f.aliases, alias)
	}
	s.opt.Observer.Rotation(f.source, RotationRename)
	f.setDraining(true)
}

// refresh wakes a file that has changed since it was looked at.
func (s *supervisor) refresh(f *file, path string, st stat) {
	switch {
	case !f.differs(st):
	case f.running:
		f.poke()
	case f.dismissed || f.copy && f.offset == 0:
		// What was known of it was that nothing of it is to be read.
		s.drop(f)
		if set := s.setOf(path); set != nil {
			s.begin(set, path, st)
		} else {
			s.hearBeside(path)
		}
	default:
		s.revive(f, path)
	}
}
