package tailer

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
)

// Found is a file that a source would tail now.
type Found struct {
	Path    string
	Target  string // what Path is after links were followed; equal to Path for none
	ID      ID
	Size    int64
	ModTime time.Time
	Err     error // why it cannot be read; the other fields may then be zero
}

// Discover lists the files that s names now, in the order of their paths. It opens each once to tell whether it can
// be read. The error is about the globs; what is wrong with a file is in Found.Err.
func Discover(s Source) ([]Found, error) {
	set, err := compile(s)
	if err != nil {
		return nil, err
	}
	var found []Found
	for _, path := range set.list(lookOnly{}) {
		one := Found{Path: path, Target: path}
		if target, err := filepath.EvalSymlinks(path); err == nil {
			one.Target = target
		}
		fd, st, err := openRegular(path)
		if errors.Is(err, errNotRegular) {
			continue
		}
		if err == nil {
			closeFD(fd)
		}
		one.ID, one.Size, one.ModTime, one.Err = st.id, st.size, st.mtime, err
		found = append(found, one)
	}
	return found, nil
}

// looker hears of every directory before a walk of globs looks into it, so that it can be watched first: what is
// created after the look is then heard of.
type looker interface {
	look(dir string)
	unreadable(dir string, err error)
}

// lookOnly is a looker that does not care.
type lookOnly struct{}

func (lookOnly) look(string)              {}
func (lookOnly) unreadable(string, error) {}

// list walks the globs of g and returns the paths that match, sorted, each once. Some may not be regular files.
func (g *globSet) list(l looker) []string {
	seen := make(map[string]bool)
	for _, pattern := range g.paths {
		base, rest := doublestar.SplitPattern(pattern)
		lookAbove(base, l)
		var opts []doublestar.GlobOption
		if strings.Contains(rest, "**") {
			// Links to directories can form rings.
			opts = append(opts, doublestar.WithNoFollow())
		}
		// The pattern is valid and I/O errors go to the looker, so there is nothing that can be returned here.
		_ = doublestar.GlobWalk(lookedFS{base, l}, rest, func(p string, _ fs.DirEntry) error {
			if path := filepath.Join(base, p); !seen[path] && !g.excludes(path) {
				seen[path] = true
			}
			return nil
		}, opts...)
	}
	paths := make([]string, 0, len(seen))
	for p := range seen {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	return paths
}

// lookAbove tells l of base, or of its nearest ancestor while base is not there yet.
func lookAbove(base string, l looker) {
	for {
		if st, err := statPath(base); err == nil && st.dir {
			l.look(base)
			if _, err := statPath(base); err == nil {
				return
			}
			continue // it went just now, so that it may not be watched
		}
		up := filepath.Dir(base)
		if up == base {
			return
		}
		base = up
	}
}

// lookedFS is the file system below base that tells a looker where the walk goes.
type lookedFS struct {
	base string
	l    looker
}

func (f lookedFS) path(name string) string { return filepath.Join(f.base, name) }

// Open implements fs.FS.
func (f lookedFS) Open(name string) (fs.File, error) { return os.Open(f.path(name)) }

// Stat implements fs.StatFS. A link that leads to nothing is there: it is to be known when it leads somewhere.
func (f lookedFS) Stat(name string) (fs.FileInfo, error) {
	path := f.path(name)
	f.l.look(filepath.Dir(path))
	st, err := os.Stat(path)
	if isGone(err) {
		return os.Lstat(path)
	}
	return st, err
}

// ReadDir implements fs.ReadDirFS.
func (f lookedFS) ReadDir(name string) ([]fs.DirEntry, error) {
	path := f.path(name)
	f.l.look(path)
	entries, err := os.ReadDir(path)
	if err != nil && !isGone(err) {
		f.l.unreadable(path, err)
	}
	return entries, err
}
