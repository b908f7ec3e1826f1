package tailer

import (
	"errors"
	"sort"
	"time"
)

const (
	// How long a file that is over is kept in mind once no scan sees it any more, or has no name at all, and how many of them.
	rememberFor   = 24 * time.Hour
	rememberGone  = time.Minute
	rememberFiles = 4096
	// How long marks are saved of a file that is over: it may be compressed while somebody still writes it, so that the compressed
	// one is shorter than what was read.
	marksFor = 10 * time.Minute
	// How long a file that is over and got a name that no glob matches is looked at, should somebody write it again.
	lookBackFor = time.Hour
)

// revive goes on with a file that was over and is written again.
func (s *supervisor) revive(f *file, path string) {
	fd, st, err := s.openFile(path)
	if err != nil {
		if !isGone(err) && !errors.Is(err, errNotRegular) {
			s.fail(f.source, path, ReasonOpen, err)
		}
		return
	}
	if st.id != f.id {
		closeFD(fd)
		return
	}
	if !s.knows(f, path, fd, st) {
		closeFD(fd)
		return
	}
	f.fd, f.drainSince, f.lastNew = fd, time.Time{}, time.Now()
	f.mu.Lock()
	f.phase, f.looked, f.draining = CatchingUp, st, path != f.home
	f.mu.Unlock()
	delete(s.failing, path)
	delete(s.former, f.lastName)
	s.opt.Logger.Debug("file goes on", "source", f.source, "path", path, "id", f.id.String(), "offset", f.offset, "size", st.size)
	s.start(f)
}

// knows makes sure that a file of which only hashes are known is what it was, and lets it begin anew if not. It returns
// false when the file cannot be read.
func (s *supervisor) knows(f *file, path string, fd int, st stat) bool {
	if !f.trail.bare {
		return true // its bytes are held against the file with the first read
	}
	t := f.trail.clone()
	held, err := t.heldBy(fd, st.size)
	if err != nil {
		s.fail(f.source, path, ReasonRead, err)
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if held {
		f.trail = t
		return true
	}
	f.offset, f.trail, f.history, f.copy = 0, trail{}, 0, false
	f.sections = nil
	f.cut.skipping, f.skipping = false, false
	s.opt.Observer.Rotation(f.source, RotationTruncate)
	return true
}

// bury keeps a file in mind whose goroutine has ended, so that it is not read again.
func (s *supervisor) bury(f *file) {
	f.running = false
	f.answer(f.takeAsked()) // asked since it gave up its own
	if f.leaving != nil {
		if over := s.departed(f); !over {
			return
		}
	}
	name := f.name()
	s.opt.Logger.Debug("file is done", "source", f.source, "path", name, "id", f.id.String(), "offset", f.offset)
	if f.packed || f.looked.id == f.id && f.looked.links == 0 {
		return
	}
	s.lookAfter(f, name)
	// It may have been renamed and written while it was being closed.
	if st, err := statPath(f.beside); f.beside != "" && !f.running && err == nil && st.id == f.id {
		s.refresh(f, f.beside, st)
	}
}

// lookAfter goes on with a file that is over if it was written since, under the name it had when it was closed.
func (s *supervisor) lookAfter(f *file, name string) {
	if f.lastName != "" && s.owners[f.lastName] == nil && s.setOf(f.lastName) == nil {
		s.former[f.lastName] = f
		s.lookBack(f.lastName, f)
		return
	}
	if st, err := statPath(name); err == nil && st.id == f.id {
		s.refresh(f, name, st)
	}
}

// lookBack goes on with a file that is over and that somebody wrote again under a name that does not match.
func (s *supervisor) lookBack(path string, f *file) {
	st, err := statPath(path)
	if err != nil || st.id != f.id || time.Since(f.doneAt) > lookBackFor {
		delete(s.former, path)
		return
	}
	s.refresh(f, path, st)
}

// forget drops files that are over and were not seen for long, and the oldest when there are too many.
func (s *supervisor) forget() {
	var unseen []*file
	for _, f := range s.files {
		if f.running || f.scanned == s.scans {
			continue
		}
		// What has no name any more may have been compressed; that is looked into within moments.
		if time.Since(f.doneAt) > rememberFor || f.looked.links == 0 && s.scanBegun.Sub(f.doneAt) > s.rememberGone && s.scanBegun.Sub(s.begun) > s.rememberGone {
			s.drop(f)
			continue
		}
		unseen = append(unseen, f)
	}
	for id, p := range s.packs {
		if !p.pending() && p.scan != s.scans && time.Since(p.settled) > rememberFor {
			s.mu.Lock()
			delete(s.packs, id)
			s.mu.Unlock()
		}
	}
	if len(unseen) <= rememberFiles {
		return
	}
	sort.Slice(unseen, func(i, j int) bool { return unseen[i].doneAt.Before(unseen[j].doneAt) })
	for _, f := range unseen[:len(unseen)-rememberFiles] {
		s.drop(f)
	}
}

// drop forgets a file that is over.
func (s *supervisor) drop(f *file) {
	for path, owner := range s.owners {
		if owner == f {
			delete(s.owners, path)
		}
	}
	if s.former[f.lastName] == f {
		delete(s.former, f.lastName)
	}
	s.mu.Lock()
	delete(s.files, f.id)
	s.mu.Unlock()
}
