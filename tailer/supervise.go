package tailer

import (
	"context"
	"sync"
	"time"
)

const (
	blindRescan = 100 * time.Millisecond // Rescan while not everything is watched
	scanSoon    = 10 * time.Millisecond  // after a directory came or went

	watchLogEvery = time.Minute // a queue that overflows does so often
)

// supervisor knows which names lead to which files. All of it runs in the goroutine of Run.
type supervisor struct {
	*Tailer
	ctx   context.Context // of Run, for the goroutines of files
	group sync.WaitGroup  // of the files that are read
	watch *dirWatch

	owners   map[string]*file            // by the path that matched
	former   map[string]*file            // files that are Done, by the name they had then, if that does not match
	links    map[string]map[string]bool  // by what a matched link leads to, on the way and in the end: the link
	bases    map[string]map[string]*base // by directory and name, without links
	newBases map[string]bool             // directories of those that nothing was looked for beside yet
	failing  map[string]failure          // by path, so that each is logged once
	// pendingPacks are those of packs of which it is not known what they are. One of them at a time is looked into (matching).
	pendingPacks map[ID]*packed
	matching     *packed
	late         map[ID]int64 // sizes of what the first scan found and could not open

	scans     uint64
	initial   bool      // this is the first scan
	since     time.Time // what lies beside a file and is older is not news
	missing   map[ID]missing
	heldNews  map[ID]bool // compressed files of which nothing was read when the positions were saved
	scanning  *globSet
	change    *change         // that is being made
	sources   map[string]bool // names of those that were ever read
	scanSoon  bool
	scanTook  time.Duration
	scanBegun time.Time
	begun     time.Time

	watchLogged time.Time
	unlogged    int // failures of the watch since then
}

// failure is why a path could not be read, and the scan during or after which that was noticed last.
type failure struct {
	reason string
	scan   uint64
}

func newSupervisor(ctx context.Context, t *Tailer) *supervisor {
	s := &supervisor{
		Tailer: t, ctx: ctx, begun: time.Now(),
		owners:       make(map[string]*file),
		former:       make(map[string]*file),
		links:        make(map[string]map[string]bool),
		bases:        make(map[string]map[string]*base),
		newBases:     make(map[string]bool),
		failing:      make(map[string]failure),
		late:         make(map[ID]int64),
		pendingPacks: make(map[ID]*packed),
		missing:      make(map[ID]missing),
		heldNews:     make(map[ID]bool),
		sources:      make(map[string]bool),
	}
	t.stopping = ctx.Done()
	s.watch = newDirWatch(t.newInotify, s.unwatched)
	return s
}

// close waits for the files to be given back.
func (s *supervisor) close() {
	s.group.Wait()
	s.watch.close()
	for _, c := range s.unjudged {
		closeFD(c.fd)
	}
	s.closePacks()
	for _, f := range s.files {
		if f.fd >= 0 { // it was to go on under another source
			closeFD(f.fd)
			f.fd = -1
		}
	}
}

func (s *supervisor) run() {
	s.group.Go(func() { s.clock.run(s.ctx) })
	s.initial = true
	s.resume()
	s.markNew()
	s.noteNamed()
	s.scan()
	s.judgePacks()
	s.settle()
	s.initial = false
	s.unmarkNew()
	close(s.scanned)
	s.caughtUp()
	due := time.Now().Add(s.untilScan())
	rescan := time.NewTimer(time.Until(due))
	defer rescan.Stop()
	ear := newHearing()
	defer ear.stop()
	var judge <-chan time.Time
	for s.ctx.Err() == nil {
		s.scanNewBases()
		if judge == nil && (len(s.unjudged) > 0 || len(s.pendingPacks) > 0) {
			judge = time.After(judgeEvery)
		}
		select {
		case <-s.ctx.Done():
		case q := <-s.watch.ready():
			s.listen(ear, q)
		case <-ear.pause[nameEvents].C:
			s.listen(ear, nameEvents)
		case <-ear.pause[writeEvents].C:
			s.listen(ear, writeEvents)
		case f := <-s.ended:
			s.bury(f)
		case c := <-s.acceptChanges():
			s.apply(c)
		case <-s.truncated:
			s.scanSoon = true // a copy may be there
			for _, p := range s.pendingPacks {
				if p.waiting != nil {
					p.lookAgain()
				}
			}
			s.judgeAll()
		case p := <-s.unpacked:
			s.takePacked(p)
			s.lookIntoNext()
		case <-judge:
			judge = nil
			s.judgeAll()
		case reply := <-s.requests:
			s.scan()
			reply <- s.askAll()
		case <-rescan.C:
			s.scan()
			due = time.Now().Add(s.untilScan())
			rescan.Reset(time.Until(due))
		}
		// What else happens may put a scan forward, and never off.
		s.scanSoon = s.scanSoon || s.watch.replaced
		if soon := time.Now().Add(s.untilScan()); s.scanSoon && soon.Before(due) {
			due = soon
			rescan.Reset(time.Until(due))
		}
	}
}

// untilScan says when to scan again.
func (s *supervisor) untilScan() time.Duration {
	switch {
	case s.scanSoon:
		return max(scanSoon, 10*s.scanTook) // a storm of events must not become a storm of scans
	case s.watch.short:
		return min(max(blindRescan, 10*s.scanTook), s.opt.Rescan)
	}
	return s.opt.Rescan
}

// scan walks all globs and looks at everything they name, and at everything they named before.
func (s *supervisor) scan() {
	s.scanBegun = time.Now()
	s.scans++
	s.scanSoon = false
	s.watch.begin()
	s.watch.replaced = false
	clear(s.links)
	seen := make(map[string]bool)
	for _, set := range s.sets {
		s.scanning = set
		for _, path := range set.list(s) {
			if !seen[path] {
				seen[path] = true
				s.examine(set, path)
			}
		}
	}
	for path := range s.owners {
		if !seen[path] {
			s.examine(s.setOf(path), path)
		}
	}
	for path, f := range s.failing {
		if f.scan != s.scans {
			delete(s.failing, path)
		}
	}
	for path, f := range s.former {
		s.lookBack(path, f)
	}
	s.scanSiblings()
	if !s.initial {
		s.settle()
	}
	s.watch.sweep()
	s.clock.blind.Store(s.watch.blind)
	s.forget()
	s.scanTook = time.Since(s.scanBegun)
	s.upTo.Store(s.scanBegun.UnixNano())
}

// look implements looker.
func (s *supervisor) look(dir string) { s.watch.look(dir) }

// unreadable implements looker.
func (s *supervisor) unreadable(dir string, err error) { s.fail(s.scanning.Name, dir, ReasonOpen, err) }

// setOf returns the first set that path belongs to.
func (s *supervisor) setOf(path string) *globSet {
	for _, set := range s.sets {
		if set.matches(path) {
			return set
		}
	}
	return nil
}

// askAll asks all files to be read to their present end.
func (s *supervisor) askAll() []<-chan struct{} {
	var all []<-chan struct{}
	for _, f := range s.files {
		if f.running {
			all = append(all, f.ask())
		}
	}
	return all
}

// fail counts a failure of one path and logs the first of its kind.
func (s *supervisor) fail(source, path, reason string, err error) {
	s.opt.Observer.SourceError(source, reason)
	known := s.failing[path].reason == reason
	s.failing[path] = failure{reason, s.scans}
	if !known {
		s.opt.Logger.Warn("cannot read, trying again", "source", source, "path", path, "reason", reason, "err", err)
	}
}

// unwatched counts a failure of the directory watch, which concerns the source that is being scanned, or all of them.
func (s *supervisor) unwatched(dir string, err error) {
	if s.unlogged++; time.Since(s.watchLogged) >= watchLogEvery {
		s.opt.Logger.Warn("changes may be noticed late: directory watch failed", "dir", dir, "err", err, "failures", s.unlogged)
		s.watchLogged, s.unlogged = time.Now(), 0
	}
	for _, set := range s.sets {
		if s.scanning == nil || s.scanning == set || dir == "" {
			s.opt.Observer.SourceError(set.Name, ReasonWatch)
		}
	}
}
