package tailer

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// base is a file's name with links followed. What it was is found beside it after a rotation: app.log.1, app.log-20261123.
type base struct {
	set  *globSet
	home string // the path that matched
	gone bool   // no source names it any more
	// known says that what lies beside it was looked at before, or in an earlier run: what is new there was not yet read.
	known bool
}

// addBase notes that rotated files of the matched path home are to be looked for, and returns beside which name.
func (s *supervisor) addBase(set *globSet, home string) string {
	name := resolve(home)
	s.noteBase(name, &base{set: set, home: home})
	return name
}

func (s *supervisor) noteBase(name string, b *base) {
	dir := filepath.Dir(name)
	if s.bases[dir] == nil {
		s.bases[dir] = make(map[string]*base)
	}
	if old := s.bases[dir][filepath.Base(name)]; old == nil {
		s.bases[dir][filepath.Base(name)] = b
		s.newBases[dir] = true
	}
}

// noteNamed notes the names that sources give in full, also of files that are not there yet.
func (s *supervisor) noteNamed() {
	for _, set := range s.sets {
		for _, path := range set.paths {
			if !strings.ContainsAny(path, `*?[{\`) {
				s.addBase(set, path)
			}
		}
	}
}

// baseOf returns the base that the file at path lies beside, with its name, nil if there is none. Of several it is the
// one with the longest name.
func (s *supervisor) baseOf(path string) (*base, string) {
	dir, name := filepath.Split(path)
	dir = filepath.Clean(dir)
	var best string
	for of := range s.bases[dir] {
		if len(of) > len(best) && isBeside(name, of) {
			best = of
		}
	}
	if best == "" || filepath.Ext(name) == ".tmp" || s.bases[dir][best].set.excludes(path) {
		return nil, ""
	}
	return s.bases[dir][best], filepath.Join(dir, best)
}

// rootOf returns the shortest name that the file at path lies beside. A rotated file that a glob matches as well has a base
// of its own, but what it was, and what it may be compressed to, has the root in common with it.
func (s *supervisor) rootOf(path string) string {
	dir, name := filepath.Split(path)
	dir = filepath.Clean(dir)
	root := name
	for of := range s.bases[dir] {
		if len(of) < len(root) && isBeside(name, of) {
			root = of
		}
	}
	return filepath.Join(dir, root)
}

// isOfRoot says whether a file that was found by the name base may have been under root, or may come to lie beside it.
func isOfRoot(root, base string) bool { return base == root || isBeside(base, root) }

// isBeside says whether name may be what base was before.
func isBeside(name, base string) bool {
	rest, ok := strings.CutPrefix(name, base)
	return ok && len(rest) > 1 && (rest[0] == '.' || rest[0] == '-')
}

// scanSiblings looks at what lies beside all files and is not matched by itself.
func (s *supervisor) scanSiblings() {
	for dir := range s.bases {
		s.scanBeside(dir)
	}
}

// scanNewBases does so where files were found for the first time.
func (s *supervisor) scanNewBases() {
	for dir := range s.newBases {
		s.scanBeside(dir)
	}
}

func (s *supervisor) scanBeside(dir string) {
	delete(s.newBases, dir)
	s.watch.look(dir)
	entries, err := os.ReadDir(dir)
	if isGone(err) {
		delete(s.bases, dir)
		return
	}
	if err != nil {
		return // the globs report it
	}
	for _, e := range entries {
		if t := e.Type(); t.IsRegular() || t&os.ModeSymlink != 0 {
			s.hearBeside(filepath.Join(dir, e.Name()))
		}
	}
	for _, b := range s.bases[dir] {
		b.known = true
	}
}

// hearBeside looks at path, which has no links in its directory, if it lies beside a base and is not matched by itself.
func (s *supervisor) hearBeside(path string) {
	if strings.HasSuffix(path, packedExt) {
		s.hearPacked(path)
		return
	}
	b, name := s.baseOf(path)
	if b == nil || s.setOf(path) != nil {
		return
	}
	st, err := statPath(path)
	if err != nil || !st.regular {
		return
	}
	f := s.files[st.id]
	switch {
	case f == nil:
		s.meet(b, name, path, st)
	case !f.running:
		f.scanned = s.scans
		s.refresh(f, path, st)
	default:
		f.scanned, f.beside = s.scans, path
		f.poke()
	}
}

// meet looks at an unknown file that no glob matches.
func (s *supervisor) meet(b *base, name, path string, st stat) {
	if s.found(st.id, path) {
		return
	}
	since := s.since
	if b.set.first {
		since = b.set.since
	}
	if b.known || st.ctime.After(since) || s.unjudged[st.id] != nil {
		s.consider(b, name, path, st)
		return
	}
	// It was there before anything was read.
	fd, st, err := s.openFile(path)
	if err != nil {
		if !isGone(err) && !errors.Is(err, errNotRegular) {
			s.fail(b.set.Name, path, ReasonOpen, err)
		}
		return
	}
	f := s.newFile(b.set, b.home, name, path, fd, st)
	if err := f.trail.sample(fd, st.size); err != nil {
		closeFD(fd)
		s.fail(b.set.Name, path, ReasonRead, err)
		return
	}
	f.offset, f.history = st.size, st.size
	end := f.trail.end()
	f.skipping = len(end) > 0 && end[len(end)-1] != '\n'
	f.cut.skipping = f.skipping
	s.entomb(f, path, st)
}

// entomb notes a file as read to its offset, without anybody having been told of it.
func (s *supervisor) entomb(f *file, path string, st stat) {
	closeFD(f.fd)
	f.fd, f.announced, f.scanned = -1, true, s.scans
	f.phase, f.draining, f.looked = Done, true, st
	if f.doneAt.IsZero() {
		f.doneAt = st.ctime
	}
	delete(s.failing, path)
	s.mu.Lock()
	s.files[f.id] = f
	delete(s.unjudged, f.id)
	s.mu.Unlock()
}
