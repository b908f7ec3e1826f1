package tailer

import (
	"errors"
	"path/filepath"

	"github.com/fsnotify/fsnotify"
	"golang.org/x/sys/unix"
)

// dirWatch watches the directories that globs look into. It is only the quick way to hear of a change: whatever it
// misses is found by the next scan.
type dirWatch struct {
	w      *fsnotify.Watcher // nil where there is none to be had
	dirs   map[string]*watchedDir
	report func(dir string, err error)
	// short says that something could not be watched for want of watches, descriptors or memory.
	short bool
	// replaced says that another directory was met where one was watched. What was made in it before it was watched raises
	// no event, and may have been made since its place was looked at.
	replaced bool
	round    uint64
}

// watchedDir is one directory. The kernel knows a directory only once, so it is watched by its path without links,
// and its events are told for all the names by which globs reach it.
type watchedDir struct {
	id     ID
	names  map[string]struct{}
	round  uint64 // the last one in which it was looked into
	failed bool
}

func newDirWatch(open func() (*fsnotify.Watcher, error), report func(dir string, err error)) *dirWatch {
	d := &dirWatch{dirs: make(map[string]*watchedDir), report: report}
	w, err := open()
	if err != nil {
		d.short = true
		report("", err)
		return d
	}
	d.w = w
	return d
}

// events is nil without a watch, so that it can be received from in any case.
func (d *dirWatch) events() <-chan fsnotify.Event {
	if d.w == nil {
		return nil
	}
	return d.w.Events
}

func (d *dirWatch) errors() <-chan error {
	if d.w == nil {
		return nil
	}
	return d.w.Errors
}

func (d *dirWatch) close() {
	if d.w != nil {
		_ = d.w.Close() // only gives back what the kernel takes back anyway
	}
}

// begin starts a round: what is not looked into until sweep is no longer watched after it.
func (d *dirWatch) begin() {
	d.round++
	d.short = d.w == nil
}

// look implements looker: dir is watched from now on.
func (d *dirWatch) look(dir string) {
	if d.w == nil {
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
		w = &watchedDir{id: st.id, failed: true}
		d.dirs[path] = w
	case w.id != st.id:
		// Another directory has taken the place of the one that is watched.
		_ = d.w.Remove(path)
		w.id, w.failed = st.id, true
		d.replaced = true
		if w.round == d.round {
			d.add(path, w)
		}
	}
	if w.round != d.round {
		w.round = d.round
		w.names = make(map[string]struct{}, 1)
		if w.failed {
			d.add(path, w)
		}
	}
	w.names[dir] = struct{}{}
}

func (d *dirWatch) add(path string, w *watchedDir) {
	err := d.w.Add(path)
	w.failed = err != nil
	if err == nil || isGone(err) {
		return
	}
	d.report(path, err)
	if errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EMFILE) || errors.Is(err, unix.ENFILE) || errors.Is(err, unix.ENOMEM) {
		d.short = true
	}
}

// sweep ends a round.
func (d *dirWatch) sweep() {
	for path, w := range d.dirs {
		if w.round != d.round {
			_ = d.w.Remove(path) // an error says that it is gone already
			delete(d.dirs, path)
		}
	}
}

// forget says whether path is a watched directory, which is then no longer one.
func (d *dirWatch) forget(path string) bool {
	if d.dirs[path] == nil {
		return false
	}
	_ = d.w.Remove(path)
	delete(d.dirs, path)
	return true
}

// names gives f each path by which a glob may know what an event is about.
func (d *dirWatch) names(event string, f func(path string)) {
	dir := filepath.Dir(event)
	w := d.dirs[dir]
	if w == nil {
		return
	}
	for name := range w.names {
		if name == dir {
			f(event)
			continue
		}
		f(filepath.Join(name, filepath.Base(event)))
	}
}
