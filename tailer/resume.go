package tailer

import (
	"errors"
	"os"
	"path/filepath"
	"time"
)

// resume goes on with what an earlier Tailer left, before anything else is looked at.
func (s *supervisor) resume() {
	if s.opt.Resume == nil {
		s.since = time.Now()
		return
	}
	for _, name := range s.opt.Begun {
		s.sources[name] = true
	}
	if s.opt.Begun == nil {
		for _, set := range s.sets {
			s.sources[set.Name] = true
		}
	}
	s.takeUp(s.opt.Resume)
}

// takeUp goes on from positions.
func (s *supervisor) takeUp(positions []Position) {
	known := make([]Position, 0, len(positions))
	for _, p := range positions {
		if p.Home == "" {
			p.Home = p.Path
		}
		if p.Base == "" {
			p.Base = p.Home
		}
		set := s.setOf(p.Home)
		if set == nil {
			s.opt.Logger.Debug("no source names this file any more", "path", p.Path, "source", p.Source)
			if time.Since(p.At) <= shelveFor {
				s.shelve(p)
			}
			continue
		}
		if !p.Replaced && p.At.After(s.since) {
			s.since = p.At
		}
		s.noteBase(p.Base, &base{set: set, home: p.Home, known: true})
		known = append(known, p)
	}
	dirs := make(listings)
	for i := range known {
		p := &known[i]
		switch {
		case p.Unjudged && p.Packed:
			s.heldNews[p.ID] = true
		case p.Unjudged:
			// It is met again, unless it was compressed meanwhile.
			if p.PeekLen > 0 && dirs.find(p) == "" {
				s.missIn(p)
			}
		case p.Replaced:
			s.ghosts.add(ghostOf(p, s.setOf(p.Home).Name))
		default:
			if path := dirs.find(p); path != "" {
				s.goOn(p, path)
			} else {
				s.missIn(p)
			}
		}
	}
}

// goOn goes on with a file that was found at path again.
func (s *supervisor) goOn(p *Position, path string) {
	fd, st, err := s.openFile(path)
	switch {
	case isGone(err), errors.Is(err, errNotRegular), err == nil && !isSame(st.id, p.ID):
		if err == nil {
			closeFD(fd)
		}
		s.missIn(p)
		return
	case err == nil && s.files[st.id] != nil:
		closeFD(fd)
		s.setSaved(p, false)
		return
	}
	set := s.setOf(p.Home)
	if err == nil && p.Packed {
		s.goOnPacked(p, set, path, fd, st)
		return
	}
	r := p.reached()
	held := false
	if err == nil {
		held, err = r.trail.heldBy(fd, st.size)
		if err != nil {
			closeFD(fd)
		}
	}
	if err != nil {
		s.setSaved(p, true)
		s.fail(set.Name, path, ReasonOpen, err)
		return
	}
	f := s.newFile(set, p.Home, p.Base, p.Path, fd, st)
	f.found = p.Found
	if held {
		f.goOnFrom(r)
	} else {
		s.ghosts.add(ghostOf(p, set.Name))
		s.opt.Observer.Rotation(f.source, RotationTruncate)
	}
	matched := s.setOf(path) != nil
	if matched {
		s.own(path, f)
		f.path = path
	}
	if f.draining = path != p.Home && (path != p.Path || p.Draining); f.draining && !p.Draining {
		s.opt.Observer.Rotation(f.source, RotationRename)
	}
	if p.Done && held {
		f.doneAt = p.DoneAt
		s.entomb(f, path, st)
		if !f.copy {
			f.looked.size = f.offset // so that what was written since is noticed
		}
		if !matched {
			f.lastName, s.former[path] = path, f
		}
		s.setSaved(p, false)
		return
	}
	delete(s.failing, path)
	s.mu.Lock()
	s.files[f.id] = f
	delete(s.saved, p.ID)
	s.mu.Unlock()
	s.opt.Logger.Debug("file resumed", "source", f.source, "path", path, "id", f.id.String(), "offset", f.offset, "size", st.size)
	s.start(f)
}

// goOnPacked goes on with a compressed file. It is held against nothing: nobody writes into one.
func (s *supervisor) goOnPacked(p *Position, set *globSet, path string, fd int, st stat) {
	f := s.newPacked(set, p.Home, p.Base, path, fd, st)
	f.goOnFrom(p.reached())
	f.seen, f.target = p.Offset, p.Offset
	s.setSaved(p, false)
	if p.Done {
		f.doneAt = p.DoneAt
		s.entomb(f, path, st)
		return
	}
	s.startPacked(f, nil)
}

// setSaved keeps a position until its file can be opened, or no longer.
func (s *supervisor) setSaved(p *Position, on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if on {
		s.saved[p.ID] = *p
	} else {
		delete(s.saved, p.ID)
	}
}

// missIn keeps in mind what was consumed of a file that is not there any more.
func (s *supervisor) missIn(p *Position) {
	s.setSaved(p, false)
	set := s.setOf(p.Home)
	if !p.Done {
		g := ghostOf(p, set.Name)
		g.unfound, g.seen = true, p.Offset
		s.ghosts.add(g)
		if !p.Unjudged {
			s.missing[p.ID] = missing{*p, g}
		}
		return
	}
	if s.files[p.ID] != nil {
		return
	}
	f := s.newFile(set, p.Home, p.Base, p.Path, -1, stat{id: p.ID})
	f.goOnFrom(p.reached())
	f.packed, f.doneAt = p.Packed, p.DoneAt
	gone := stat{id: p.ID, size: p.Offset, links: 1}
	if p.Gone {
		gone.links = 0
	}
	s.entomb(f, p.Path, gone)
	f.scanned = 0
}

// missing is a position whose file was not found, as names shift while one looks for them. Nothing is read of it under another
// guise as long as it is a ghost.
type missing struct {
	position Position
	ghost    *ghost
}

// found goes on with the file of a position that was saved, if path leads to one, and says whether it does.
func (s *supervisor) found(id ID, path string) bool {
	p, ok := s.saved[id]
	if m, missed := s.missing[id]; missed {
		delete(s.missing, id)
		if p, ok = m.position, s.ghosts.has(m.ghost); ok {
			s.ghosts.remove(m.ghost)
		}
	}
	if ok {
		s.goOn(&p, path)
	}
	return ok
}

// isSame says whether two identities are those of one file. The number of a device may be another after a reboot.
func isSame(a, b ID) bool {
	return a == b || a.Ino == b.Ino && a.Born == b.Born && a.Born != 0
}

// findTries is how often a directory is listed anew in which names shift.
const findTries = 5

// listings are the files of directories.
type listings map[string]map[ID]string

// find returns a name that the file of p has now: the one it had, or any other in the same directory.
func (l listings) find(p *Position) string {
	for _, path := range []string{p.Path, p.Home, p.Base} {
		if st, err := statPath(path); err == nil && st.regular && isSame(st.id, p.ID) {
			return path
		}
	}
	id := p.ID
	id.Dev = 0
	for _, dir := range []string{filepath.Dir(p.Base), filepath.Dir(p.Path)} {
		path := l.list(dir)[id]
		for range findTries {
			if path == "" {
				break
			}
			if st, err := statPath(path); err == nil && isSame(st.id, p.ID) {
				return path
			}
			delete(l, dir) // it is being renamed
			path = l.list(dir)[id]
		}
	}
	return ""
}

// list returns the regular files of dir by their identity without device.
func (l listings) list(dir string) map[ID]string {
	if files, ok := l[dir]; ok {
		return files
	}
	files := make(map[ID]string)
	l[dir] = files
	entries, err := os.ReadDir(dir)
	if err != nil {
		return files // what is not found there is reported
	}
	for _, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		path := filepath.Join(dir, e.Name())
		if st, err := statPath(path); err == nil {
			st.id.Dev = 0
			files[st.id] = path
		}
	}
	return files
}
