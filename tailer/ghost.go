package tailer

import (
	"slices"
	"sync"
	"time"
)

// ghostsPerBase bounds how many contents of one file are kept in mind: more than copies of it can wait to be judged.
const ghostsPerBase = 128

// ghost is what is remembered of a content that was replaced under its inode, or that could not be found any more. A
// copy of it may turn up beside, and is then read from where this one was left.
type ghost struct {
	source, path, home, base string
	id                       ID
	reached                        // with the state of its consumer, if that was not told yet that it is over
	peek                     peek  // if it reaches further than what was consumed
	seen                     int64 // how far it reached; the offset, once what is lost of it has been counted
	read                     int64 // how far it was read
	unfound                  bool  // no file has its identity
	born                     time.Time
}

// ghosts are those of a Tailer.
type ghosts struct {
	mu  sync.Mutex
	all []*ghost
}

// add takes in g, and drops the oldest of its kind when there are too many.
func (gs *ghosts) add(g *ghost) {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	same := 0
	for _, old := range slices.Backward(gs.all) {
		if old.base != g.base {
			continue
		}
		if same++; same >= ghostsPerBase {
			gs.removeLocked(old)
			break
		}
	}
	gs.all = append(gs.all, g)
}

func (gs *ghosts) remove(g *ghost) {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	gs.removeLocked(g)
}

func (gs *ghosts) removeLocked(g *ghost) {
	if i := slices.Index(gs.all, g); i >= 0 {
		gs.all = slices.Delete(gs.all, i, i+1)
	}
}

// list returns those of now. Only the supervisor changes them.
func (gs *ghosts) list() []*ghost {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	return slices.Clone(gs.all)
}

// positions returns what is to be saved of them.
func (gs *ghosts) positions() []Position {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	all := make([]Position, 0, len(gs.all))
	for _, g := range gs.all {
		all = append(all, g.position())
	}
	return all
}

// position returns what is to be saved of g.
func (gs *ghosts) position(g *ghost) Position {
	gs.mu.Lock()
	defer gs.mu.Unlock()
	return g.position()
}

// position is called with the lock held.
func (g *ghost) position() Position {
	p := Position{
		Source: g.source, Path: g.path, Home: g.home, Base: g.base, ID: g.id,
		Seen: g.seen, Skipping: g.skipping, Found: g.found, HistoryEnd: g.history,
		Replaced: true, Draining: g.unfound, At: g.born, State: g.state,
	}
	g.trail.describe(&p)
	p.PeekLen, p.PeekSum = g.peek.n, g.peek.sum
	return p
}

// ghostOf returns the ghost that a position was, or has become.
func ghostOf(p *Position, source string) *ghost {
	g := &ghost{
		source: source, path: p.Path, home: p.Home, base: p.Base, id: p.ID, reached: p.reached(),
		seen: p.Seen, born: p.At, peek: p.peek(),
	}
	if p.Replaced {
		g.unfound = p.Draining
	} else {
		g.born = time.Now()
	}
	return g
}

// dropGhosts forgets those that were found.
func (s *supervisor) dropGhosts(all []*ghost) {
	for _, g := range all {
		s.ghosts.remove(g)
	}
}

// has says whether nothing was found yet of g.
func (gs *ghosts) has(g *ghost) bool { return slices.Contains(gs.list(), g) }

// settle counts what is lost of ghosts of which no copy may turn up any more among those that are looked at now, and
// forgets old ones.
func (s *supervisor) settle() {
	for _, g := range s.ghosts.list() {
		if time.Since(g.born) > rememberFor {
			s.ghosts.remove(g)
			continue
		}
		if g.state == nil && !g.unfound && g.seen <= g.trail.offset || s.mayTurnUp(g) {
			continue
		}
		s.abandon(g)
	}
}

// mayTurnUp says whether what is looked at now may be a copy of g.
func (s *supervisor) mayTurnUp(g *ghost) bool {
	if g.born.After(s.scanBegun) {
		return true
	}
	for _, p := range s.pendingPacks {
		if isOfRoot(s.rootOf(p.path), g.base) {
			return true
		}
	}
	for _, c := range s.unjudged {
		if isOfRoot(s.rootOf(c.path), g.base) {
			return true
		}
	}
	return false
}

// abandon counts what is lost of g and tells its consumer that it is over. A copy of it is still known when it comes.
func (s *supervisor) abandon(g *ghost) {
	if lost := g.seen - g.trail.offset; lost > 0 {
		s.opt.Observer.LostBytes(g.source, LostTruncated, lost)
	}
	if g.unfound {
		s.opt.Logger.Warn("file is gone, what was written to it since it was read last is lost",
			"source", g.source, "path", g.path, "id", g.id.String(), "offset", g.trail.offset)
	}
	s.commit.RLock()
	defer s.commit.RUnlock()
	if g.state != nil {
		s.opt.Open(File{Source: g.source, Path: g.path, ID: g.id, Offset: g.trail.offset, Found: g.found, State: g.state}).End()
	}
	s.ghosts.mu.Lock()
	g.state, g.unfound, g.seen = nil, false, g.trail.offset
	s.ghosts.mu.Unlock()
	if g.trail.offset == 0 {
		s.ghosts.remove(g) // nothing to know it by
	}
}
