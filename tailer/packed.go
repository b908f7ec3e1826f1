package tailer

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
)

// packed is a gzipped file beside one that is read. It was made while no Tailer ran, or is thought to have been.
type packed struct {
	of   *base
	base string
	path string
	fd   int
	st   stat
	news bool // it was made since the positions were saved, so that nothing of it was read unless something says so

	// Of whose content it is, if any; shorter says that all of it was read.
	ghost   *ghost
	over    *file
	shorter bool
}

const packedExt = ".gz"

// findPacked looks for gzipped files that may hold what was not read yet, and lets them be held against what is missing.
func (s *supervisor) findPacked() {
	if s.opt.Resume == nil {
		return
	}
	var all []*packed
	for dir := range s.bases {
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue // the scan reported it
		}
		for _, e := range entries {
			if p := s.openPacked(filepath.Join(dir, e.Name())); p != nil {
				all = append(all, p)
			}
		}
	}
	if len(all) == 0 {
		return
	}
	slices.SortFunc(all, func(a, b *packed) int { return a.st.mtime.Compare(b.st.mtime) })
	known := s.contenders()
	s.unpacking = len(all)
	s.unread.Add(int64(len(all)))
	s.group.Add(1)
	go func() {
		defer s.group.Done()
		for i, p := range all {
			if s.ctx.Err() == nil {
				p.match(s.ctx, known)
			}
			select {
			case s.unpacked <- p:
			case <-s.ctx.Done():
				for _, p := range all[i:] {
					closeFD(p.fd)
				}
				return
			}
		}
	}()
}

// openPacked returns the gzipped file at path, nil if it is not one that may hold what was not read yet.
func (s *supervisor) openPacked(path string) *packed {
	plain, ok := strings.CutSuffix(path, packedExt)
	if !ok {
		return nil
	}
	b, name := s.baseOf(plain)
	st, err := statPath(path)
	if b == nil || err != nil || !st.regular || s.files[st.id] != nil {
		return nil
	}
	made := time.Unix(0, st.id.Born)
	if st.id.Born == 0 {
		made = st.mtime
	}
	_, err = os.Stat(plain)
	news := made.After(s.since) && err != nil // else it is being made, or is a second copy
	if !news && st.ctime.Before(s.since.Add(-time.Minute)) {
		return nil
	}
	fd, st, err := s.openFile(path)
	if err != nil {
		if !isGone(err) && !errors.Is(err, errNotRegular) {
			s.fail(b.set.Name, path, ReasonOpen, err)
		}
		return nil
	}
	return &packed{of: b, base: name, path: path, fd: fd, st: st, news: news}
}

// takePacked begins to read p, or forgets it.
func (s *supervisor) takePacked(p *packed) {
	defer s.caughtUp()
	s.unpacking--
	defer s.settle()
	if p.ghost != nil && !slices.Contains(s.ghosts.list(), p.ghost) {
		p.ghost, p.news = nil, false // a copy that is not packed was found
	}
	if p.shorter || p.over != nil || p.ghost == nil && !p.news || s.files[p.st.id] != nil {
		closeFD(p.fd)
		if p.shorter && p.ghost != nil {
			s.ghosts.remove(p.ghost)
		}
		return
	}
	f := s.newPacked(p.of.set, p.of.home, p.base, p.path, p.fd, p.st)
	if g := p.ghost; g != nil {
		// The copy of what was truncated may be torn at its end.
		f.copy = !g.unfound
		f.trail, f.offset = g.trail.clone(), g.trail.offset
		f.cut.skipping, f.skipping = g.skipping, g.skipping
		f.history, f.found, f.state = g.history, g.found, g.state
	}
	s.startPacked(f, p.ghost)
}

func (s *supervisor) newPacked(set *globSet, home, base, path string, fd int, st stat) *file {
	f := s.newFile(set, home, base, path, fd, st)
	f.packed, f.draining = true, true
	f.seen, f.target, f.looked.size = 0, 0, 0 // its size says nothing of its content
	if s.unpacking > 0 {
		f.announced = false
	}
	return f
}

func (s *supervisor) startPacked(f *file, g *ghost) {
	s.mu.Lock()
	s.files[f.id] = f
	if g != nil {
		s.ghosts.remove(g)
	}
	s.mu.Unlock()
	s.opt.Logger.Debug("compressed file found", "source", f.source, "path", f.path, "id", f.id.String(), "offset", f.offset)
	s.start(f)
}

// unpack reads a gzipped file from the offset to its end.
func (f *file) unpack(ctx context.Context) {
	defer f.leave()
	defer f.announce()
	if f.consumer == nil {
		f.begin()
	}
	select {
	case f.t.oneUnpacks <- struct{}{}:
		defer func() { <-f.t.oneUnpacks }()
	case <-f.t.stopping:
		return
	}
	if err := f.readPacked(ctx); err != nil && ctx.Err() == nil {
		f.t.opt.Observer.SourceError(f.source, ReasonRead)
		f.t.opt.Logger.Warn("cannot read compressed file to its end", "source", f.source, "path", f.name(), "offset", f.offset, "err", err)
	}
	if ctx.Err() == nil {
		f.endGeneration()
	}
}

func (f *file) readPacked(ctx context.Context) error {
	r, err := gzip.NewReader(&fdReader{fd: f.fd})
	if err != nil {
		return err
	}
	if err := f.passOver(r); err != nil {
		return err
	}
	rest, err := segments(r, &f.cut, func(kind segment, data []byte) error {
		f.emit(kind, data)
		return ctx.Err()
	})
	if err == nil && len(rest) > 0 && !f.copy {
		b := f.block(rest, wholeLines)
		b.Final = true
		f.deliver(b, rest)
	}
	return err
}

var errOtherContent = errors.New("compressed file does not hold what was read of it before")

// passOver reads what was consumed.
func (f *file) passOver(r io.Reader) error {
	t := f.trail.clone()
	if _, err := io.CopyN(io.Discard, r, t.offset-int64(t.markLen)); err != nil {
		return err
	}
	if _, err := io.ReadFull(r, t.mark[:t.markLen]); err != nil {
		return err
	}
	if t.bare && fnv(fnvOffset, t.end()) != t.markSum {
		return errOtherContent
	}
	t.bare = false
	f.mu.Lock()
	defer f.mu.Unlock()
	f.trail = t
	return nil
}

// fdReader reads a file from its beginning.
type fdReader struct {
	fd int
	at int64
}

func (r *fdReader) Read(p []byte) (int, error) {
	n, err := readAt(r.fd, p, r.at)
	r.at += int64(n)
	if n == 0 && err == nil && len(p) > 0 {
		err = io.EOF
	}
	return n, err
}
