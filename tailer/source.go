package tailer

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
)

// StartAt says where to begin in files that the very first scan of the very first start (Options.Resume is nil) finds.
// Files that appear later are always read from their beginning.
type StartAt int

const (
	// End begins after the last newline that is there: only what is written from now on is delivered.
	End StartAt = iota
	// Beginning reads the whole file.
	Beginning
)

// String returns the spelling of the configuration file.
func (s StartAt) String() string {
	if s == Beginning {
		return "beginning"
	}
	return "end"
}

// Source is one configured set of files.
type Source struct {
	Name string
	// Paths are globs: *, ?, [a-z], {a,b}, and ** for any number of directories. ** does not enter links to
	// directories. A relative glob is relative to the working directory. Names of compressed files (.gz, .zst, .bz2,
	// .xz, .lz4) never match.
	Paths []string
	// Exclude are globs for what Paths must not match: one without a slash is for the file's name, an absolute one
	// for its path, any other for the end of its path.
	Exclude []string
	StartAt StartAt
}

// ErrBadGlob is wrapped by the errors of ValidateGlob.
var ErrBadGlob = errors.New("bad glob")

// ValidateGlob says whether pattern can be used in Source.Paths and Source.Exclude.
func ValidateGlob(pattern string) error {
	switch {
	case pattern == "":
		return fmt.Errorf("%w: empty", ErrBadGlob)
	case strings.ContainsRune(pattern, 0):
		return fmt.Errorf("%w %q: holds a NUL byte", ErrBadGlob, pattern)
	case !doublestar.ValidatePattern(pattern):
		return fmt.Errorf("%w %q: unbalanced [, { or trailing backslash", ErrBadGlob, pattern)
	}
	return nil
}

// globSet is a Source with its globs checked and made absolute.
type globSet struct {
	Source
	paths   []string
	exclude []string

	// first says that it is read for the first time, and since when: what is there now is history. Owned by the supervisor.
	first bool
	since time.Time
}

// compile checks the globs of s.
func compile(s Source) (*globSet, error) {
	if len(s.Paths) == 0 {
		return nil, fmt.Errorf("source %q: no paths", s.Name)
	}
	g := &globSet{Source: s}
	for _, p := range s.Paths {
		if err := ValidateGlob(p); err != nil {
			return nil, fmt.Errorf("source %q: paths: %w", s.Name, err)
		}
		abs, err := filepath.Abs(p)
		if err != nil {
			return nil, fmt.Errorf("source %q: paths: %w", s.Name, err)
		}
		g.paths = append(g.paths, abs)
	}
	for _, p := range s.Exclude {
		if err := ValidateGlob(p); err != nil {
			return nil, fmt.Errorf("source %q: exclude: %w", s.Name, err)
		}
		if strings.Contains(p, "/") && !filepath.IsAbs(p) {
			p = "**/" + strings.TrimPrefix(p, "./")
		}
		g.exclude = append(g.exclude, p)
	}
	return g, nil
}

// matches says whether the file at path, an absolute path, is one of the set.
func (g *globSet) matches(path string) bool {
	for _, p := range g.paths {
		if doublestar.MatchUnvalidated(p, path) {
			return !g.excludes(path)
		}
	}
	return false
}

// excludes says whether path is left out although a glob of the set names it.
func (g *globSet) excludes(path string) bool {
	name := filepath.Base(path)
	switch filepath.Ext(name) {
	case ".gz", ".zst", ".bz2", ".xz", ".lz4":
		return true
	}
	for _, p := range g.exclude {
		subject := path
		if !strings.Contains(p, "/") {
			subject = name
		}
		if doublestar.MatchUnvalidated(p, subject) {
			return true
		}
	}
	return false
}
