package tailer

import (
	"context"
	"slices"
	"time"
)

// change asks the supervisor to read other sources.
type change struct {
	sets    []*globSet
	leaving int           // files that have to stop first
	done    chan struct{} // closed when nothing is left of the old sources
}

// departure is where a file goes on that is told to stop: under another source, or nowhere.
type departure struct {
	set  *globSet // nil: no source names it any more
	home string
}

// SetSources changes what is read, while Run is running. It returns when nothing is read under the old sources any more, or with an
// error: that of bad sources, after which nothing has changed; that of ctx, or that Run has ended, after which the change may be
// made or not. Options.Open and the Observer have to know the new sources before, and the old ones until it returns.
//
// Files that belong to the source of the same name before and after go on undisturbed. A file that belongs to another source now, as
// when one is renamed, is not closed; its Consumer is asked for its state, and another is opened with that. What no source names any
// more is closed: its Consumer hears Idle, is asked for its state, and hears no more; Positions keep it for 30 days, and a source that
// names it again goes on from there as after a restart. A source whose name is new and that names nothing that was read before begins
// like all sources at the very first start: StartAt decides what becomes of its files.
func (t *Tailer) SetSources(ctx context.Context, sources []Source) error {
	if len(sources) == 0 {
		return errNoSources
	}
	c := &change{done: make(chan struct{})}
	for _, s := range sources {
		set, err := compile(s)
		if err != nil {
			return err
		}
		c.sets = append(c.sets, set)
	}
	select {
	case t.changes <- c:
	case <-t.stopped:
		return errNotRunning
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-c.done:
		return nil
	case <-t.stopped:
		return errNotRunning
	case <-ctx.Done():
		return ctx.Err()
	}
}

// acceptChanges is where changes come from: nowhere as long as one is being made.
func (s *supervisor) acceptChanges() <-chan *change {
	if s.change != nil {
		return nil
	}
	return s.changes
}

// apply makes a change. What is read under another source is told to stop here, and goes on, or not, when it has (depart).
func (s *supervisor) apply(c *change) {
	s.change, s.sets, s.scanning = c, c.sets, nil
	s.rehomeBases()
	s.takeUp(s.unshelve())
	s.rehomeGhosts()
	s.rehomeUnread()
	for _, f := range s.files {
		s.rehome(f)
	}
	s.markNew()
	s.noteNamed()
	s.scan()
	s.unmarkNew()
	s.changed()
}

// changed ends a change of which nothing is left to be done.
func (s *supervisor) changed() {
	if s.change != nil && s.change.leaving == 0 {
		close(s.change.done)
		s.change = nil
	}
}

// markNew finds the sources that are read for the first time: their name is new, and they name nothing that was read under another.
func (s *supervisor) markNew() {
	for _, set := range s.sets {
		if s.sources[set.Name] {
			continue
		}
		s.sources[set.Name] = true
		set.first, set.since = !s.namesKnown(set), time.Now()
	}
}

func (s *supervisor) namesKnown(set *globSet) bool {
	for _, dir := range s.bases {
		for _, b := range dir {
			if b.set == set && b.known {
				return true
			}
		}
	}
	return false
}

func (s *supervisor) unmarkNew() {
	for _, set := range s.sets {
		set.first = false
	}
}

// rehomeBases gives names to the sources that they belong to now.
func (s *supervisor) rehomeBases() {
	s.mu.Lock() // positions of what lies beside them name the source
	defer s.mu.Unlock()
	for dir, names := range s.bases {
		for name, b := range names {
			if set := s.setOf(b.home); set != nil {
				b.set = set
			} else {
				b.gone = true
				delete(names, name)
			}
		}
		if len(names) == 0 {
			delete(s.bases, dir)
			delete(s.newBases, dir)
		}
	}
}

// rehomeGhosts does the same with contents that are gone.
func (s *supervisor) rehomeGhosts() {
	for _, g := range s.ghosts.list() {
		if set := s.setOf(g.home); set != nil {
			s.ghosts.mu.Lock()
			g.source = set.Name
			s.ghosts.mu.Unlock()
			continue
		}
		s.shelve(s.ghosts.position(g))
		s.ghosts.remove(g)
	}
	for id, m := range s.missing {
		if s.setOf(m.position.Home) == nil {
			delete(s.missing, id) // its ghost is on the shelf
		}
	}
}

// rehomeUnread puts away what nothing was read of yet and no source names any more.
func (s *supervisor) rehomeUnread() {
	upTo := time.Unix(0, s.upTo.Load())
	for _, c := range s.unjudged {
		if c.of.gone {
			s.shelve(c.position())
			s.letGo(c)
		}
	}
	for id, p := range s.packs {
		if !p.of.gone || s.matching == p { // what is being looked into is put away when that is done
			continue
		}
		if at, ok := p.position(upTo); ok {
			s.shelve(at)
		}
		s.putAway(id, p)
	}
	for id, p := range s.saved {
		if s.setOf(p.Home) == nil {
			s.shelve(p)
			s.mu.Lock()
			delete(s.saved, id)
			s.mu.Unlock()
		}
	}
}

// putAway forgets a compressed file of which nothing is read.
func (s *supervisor) putAway(id ID, p *packed) {
	if p.pending() {
		s.settlePacked(p)
	}
	s.mu.Lock()
	delete(s.packs, id)
	s.mu.Unlock()
}

// rehome stops a file that does not belong to the source that it is read for any more.
func (s *supervisor) rehome(f *file) {
	set, home := s.setFor(f)
	if set != nil && set.Name == f.source && home == f.home {
		return
	}
	d := &departure{set, home}
	if !f.running {
		s.depart(f, d)
		return
	}
	f.leaving = d
	f.keep.Store(set != nil)
	s.change.leaving++
	f.cancel()
}

// setFor returns the source that names a file now, and the name by which it does.
func (s *supervisor) setFor(f *file) (*globSet, string) {
	if set := s.setOf(f.home); set != nil {
		return set, f.home
	}
	var names []string
	for path, owner := range s.owners {
		if owner == f && s.setOf(path) != nil {
			names = append(names, path)
		}
	}
	if len(names) == 0 {
		return nil, ""
	}
	home := slices.Min(names)
	return s.setOf(home), home
}

// departed goes on with a file that was told to stop and has. It says whether the file was read to its end before that, and is still
// one of a source.
func (s *supervisor) departed(f *file) (over bool) {
	d := f.leaving
	f.leaving = nil
	f.keep.Store(false)
	s.depart(f, d)
	s.change.leaving--
	s.changed()
	return d.set != nil && !f.running
}

// depart lets a file that is not running go where it belongs.
func (s *supervisor) depart(f *file, d *departure) {
	if d.set == nil {
		s.release(f)
		return
	}
	s.opt.Logger.Debug("file belongs to another source", "source", f.source, "now", d.set.Name, "path", f.name(), "offset", f.offset)
	if d.home != f.home {
		f.base = s.addBase(d.set, d.home)
	}
	s.handOver(f, d)
	if f.fd < 0 {
		return // it was read to its end, before or meanwhile
	}
	s.start(f)
	if !f.announced {
		s.caughtUp() // start has counted it a second time
	}
}

// handOver takes the state from the consumer of a file for the one that is opened next.
func (s *supervisor) handOver(f *file, d *departure) {
	s.commit.RLock()
	defer s.commit.RUnlock()
	var state []byte
	if f.consumer != nil {
		var err error
		if state, err = f.consumer.State(); err != nil {
			s.opt.Logger.Warn("what is pending is decided without the rest of it", "source", f.source, "path", f.name(), "err", err)
			f.consumer.End()
		}
	} else {
		state = f.state
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.source, f.home = d.set.Name, d.home
	f.consumer, f.state = nil, state
}

// release puts away a file that no source names any more.
func (s *supervisor) release(f *file) {
	s.commit.RLock()
	if f.consumer != nil {
		f.consumer.Idle()
	}
	p := f.position()
	s.commit.RUnlock()
	if p.StateErr != nil {
		s.opt.Logger.Warn("what is pending will be decided without the rest of it", "source", f.source, "path", p.Path, "err", p.StateErr)
		p.StateErr = nil
	}
	p.At = time.Unix(0, s.upTo.Load())
	s.shelve(p)
	s.drop(f)
	f.announce()
	s.opt.Logger.Debug("no source names this file any more", "source", p.Source, "path", p.Path, "offset", p.Offset)
}
