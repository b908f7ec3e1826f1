package tailer

import (
	"errors"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// dirWatch watches the directories that globs look into. It is only the quick way to hear of a change: whatever it
// misses is found by the next scan.
type dirWatch struct {
	kernel *inotify // nil where there is none to be had
	dirs   map[string]*watchedDir
	// Each by the number that the kernel tells events of it with, which are the same for all names of a directory.
	byNumber [2]map[int]*watchedDir
	report   func(dir string, err error)
	// short says that something could not be watched for want of watches, descriptors or memory.
	short bool
	// blind says that something could not be watched, for whatever reason.
	blind bool
	// replaced says that another directory was met where one was watched. What was made in it before it was watched raises
	// no event, and may have been made since its place was looked at.
	replaced bool
	round    uint64
	reads    uint64 // of events
}

// watchedDir is one directory. The kernel knows a directory only once, so it is watched by its path without links,
// and its events are told for all the names by which globs reach it.
type watchedDir struct {
	path    string
	id      ID
	names   map[string]struct{}
	round   uint64 // the last one in which it was looked into
	failed  bool
	numbers [2]int
	heard   map[string]*heard // what was written in it lately
}

// heard is a name in a watched directory that events were about.
type heard struct {
	path  string   // by the directory's path
	paths []string // by which a glob may know it
	read  uint64   // the last time events were read that were about it
}

func newDirWatch(open func() (*inotify, error), report func(dir string, err error)) *dirWatch {
	d := &dirWatch{dirs: make(map[string]*watchedDir), report: report}
	for q := range d.byNumber {
		d.byNumber[q] = make(map[int]*watchedDir)
	}
	kernel, err := open()
	if err != nil {
		d.short, d.blind = true, true
		report("", err)
		return d
	}
	d.kernel = kernel
	return d
}

// ready tells of queues that should be read. It is nil without a watch, so that it can be received from in any case.
func (d *dirWatch) ready() <-chan queue {
	if d.kernel == nil {
		return nil
	}
	return d.kernel.ready
}

func (d *dirWatch) arm(q queue) {
	if d.kernel != nil {
		d.kernel.arm(q)
	}
}

func (d *dirWatch) close() {
	if d.kernel != nil {
		d.kernel.close()
	}
}

// begin starts a round: what is not looked into until sweep is no longer watched after it.
func (d *dirWatch) begin() {
	d.round++
	d.short = d.kernel == nil
}

// look implements looker: dir is watched from now on.
func (d *dirWatch) look(dir string) {
	if d.kernel == nil {
		return
	}
	path, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return
	}
	st, err := statPath(path)
	if err != nil || !st.dir {
		return
	}
	w := d.dirs[path]
	switch {
	case w == nil:
		w = &watchedDir{path: path, id: st.id, failed: true}
		d.dirs[path] = w
	case w.id != st.id:
		// Another directory has taken the place of the one that is watched.
		d.remove(w)
		w.id, w.failed = st.id, true
		d.replaced = true
		if w.round == d.round {
			d.add(w)
		}
	}
	if w.round != d.round {
		w.round = d.round
		w.names = make(map[string]struct{}, 1)
		w.heard = nil
		if w.failed {
			d.add(w)
		}
	}
	if _, known := w.names[dir]; !known {
		w.names[dir] = struct{}{}
		w.heard = nil
	}
}

func (d *dirWatch) add(w *watchedDir) {
	var err error
	for q := range w.numbers {
		if w.numbers[q], err = d.kernel.watch(queue(q), w.path); err != nil {
			w.numbers[q] = -1
			break
		}
		d.byNumber[q][w.numbers[q]] = w
	}
	w.failed = err != nil
	if err == nil {
		return
	}
	d.remove(w)
	if isGone(err) {
		return
	}
	d.report(w.path, err)
	if errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EMFILE) || errors.Is(err, unix.ENFILE) || errors.Is(err, unix.ENOMEM) {
		d.short = true
	}
}

// remove ends the watch of a directory, unless it is watched by another path as well.
func (d *dirWatch) remove(w *watchedDir) {
	for q, number := range w.numbers {
		if d.byNumber[q][number] == w {
			delete(d.byNumber[q], number)
			d.kernel.forget(queue(q), number)
		}
	}
}

// sweep ends a round.
func (d *dirWatch) sweep() {
	d.blind = d.kernel == nil
	for path, w := range d.dirs {
		if w.round != d.round {
			d.remove(w)
			delete(d.dirs, path)
			continue
		}
		d.blind = d.blind || w.failed
	}
}

// forget says whether path is a watched directory, which is then no longer one.
func (d *dirWatch) forget(path string) bool {
	w := d.dirs[path]
	if w == nil {
		return false
	}
	d.remove(w)
	delete(d.dirs, path)
	return true
}

// read gives hear some of the events that are in a queue, those about one name once. lost says that there were others, which
// the kernel dropped, or that the watch of a directory has ended.
func (d *dirWatch) read(q queue, hear func(w *watchedDir, mask uint32, h *heard)) (some, lost bool) {
	if d.kernel == nil {
		return false, false
	}
	d.reads++
	some, err := d.kernel.read(q, func(number int, mask uint32, name []byte) {
		w := d.byNumber[q][number]
		switch {
		case mask&unix.IN_Q_OVERFLOW != 0:
			d.report("", errOverflow)
			lost = true
		case w == nil: // not watched any more
		case mask&(unix.IN_IGNORED|unix.IN_UNMOUNT|unix.IN_DELETE_SELF|unix.IN_MOVE_SELF) != 0:
			lost = d.forget(w.path) || lost
		case len(name) > 0:
			if h := w.about(name); q == nameEvents || h.read != d.reads {
				h.read = d.reads
				hear(w, mask, h)
			}
		}
	})
	if err != nil {
		d.report("", err)
		return false, true
	}
	return some, lost
}

// heardLimit bounds the names of one directory that are kept in mind until the next scan: temporary files may be made there
// all the time.
const heardLimit = 4096

// about returns what is known of a name.
func (w *watchedDir) about(name []byte) *heard {
	if h := w.heard[string(name)]; h != nil {
		return h
	}
	if w.heard == nil || len(w.heard) >= heardLimit {
		w.heard = make(map[string]*heard)
	}
	h := &heard{path: filepath.Join(w.path, string(name))}
	for dir := range w.names {
		h.paths = append(h.paths, filepath.Join(dir, string(name)))
	}
	w.heard[string(name)] = h
	return h
}
