package tailer

import (
	"errors"
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
	waiting  *file             // to be truncated: it is a copy of that
	ready    bool              // to be looked into
	looked   stat              // how it was when that began
	broken   stat              // how it was when it could not be decompressed
	brokenBy error             // why
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
	if b.set.first || !p.news && (st.ctime.Before(s.since.Add(-time.Minute)) || !s.missesAny(s.rootOf(path))) {
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
	if p.pending() {
		s.pendingPacks[p.id] = p
	}
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
	for _, p := range s.pendingPacks {
		closeFD(p.fd)
	}
}
