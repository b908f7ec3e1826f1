package config

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"errcode_exporter/catalog"
	"errcode_exporter/extract"
	"errcode_exporter/tailer"
)

// The bounds of what one process reads.
const (
	maxSources = 1000
	maxGlobs   = 5000 // of all sources together
)

var sourceName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$`)

// check notes all values that are impossible or contradict one another. The document was decoded into c.
func (d *document) check(c *Config) {
	names := map[string]int{}
	for i := range c.Sources {
		s, at := &c.Sources[i], fmt.Sprintf("sources[%d]", i)
		switch first, taken := names[s.Name]; {
		case s.Name == "" && !d.isBroken(at):
			d.reportAt(at, "source %d has no name: with several sources each needs one, such as name: search-api", i+1)
		case s.Name == "":
		case !sourceName.MatchString(s.Name):
			d.reportAt(at+".name", "name %q: up to 63 letters, digits, _ . - are possible, beginning with a letter or digit", s.Name)
		case taken:
			d.reportAt(at+".name", "source %q has the name of source %d: give it another, or put their paths together", s.Name, first+1)
		default:
			names[s.Name] = i
		}
		d.checkFiles(s, at)
		d.checkLines(s, at)
	}
	d.checkConflicts(c)
	d.checkCheckpoint(c)
	d.oneOf("metrics.detail", "detail", c.Metrics.Detail, "code", "category")
	if n := c.Metrics.UnlistedLimit; n < 1 || n > 10000 {
		d.reportAt("metrics.unlisted_limit", "unlisted_limit %d: 1 to 10000 is possible", n)
	}
}

// checkFiles is about which files a source names.
func (d *document) checkFiles(s *Source, at string) {
	if len(s.Paths) == 0 && !d.isBroken(at) {
		d.reportAt(at, "source %q has no paths: add at least one file or glob, such as paths: [/var/log/app/*.log]", s.Name)
	}
	for i, g := range s.Paths {
		at := fmt.Sprintf("%s.paths[%d]", at, i)
		if text := wrongPath(g); text != "" {
			d.reportAt(at, "%s", text)
		} else if g != "" && slices.Index(s.Paths, g) < i {
			d.reportAt(at, "%q is here twice: keep one", g)
		}
	}
	for i, g := range s.Exclude {
		at := fmt.Sprintf("%s.exclude[%d]", at, i)
		if text := wrongExclude(g); text != "" {
			d.reportAt(at, "%s", text)
		} else if g != "" && slices.Index(s.Exclude, g) < i {
			d.reportAt(at, "%q is here twice: keep one", g)
		}
	}
}

// checkLines is about what is looked for in the lines of a source.
func (d *document) checkLines(s *Source, at string) {
	d.oneOf(at+".start_at", "start_at", s.StartAt, tailer.End.String(), tailer.Beginning.String())
	d.oneOf(at+".format", "format", s.Format, string(extract.Auto), string(extract.CRI), string(extract.Docker), string(extract.Raw))
	d.oneOf(at+".match", "match", s.Match, string(extract.Anywhere), string(extract.Fields))
	if len(s.Fields) > 0 && s.Match == string(extract.Anywhere) {
		d.reportAt(at+".fields", "fields are only looked at with match: fields: add that, or leave them out")
	}
	for i, path := range s.Fields {
		at := fmt.Sprintf("%s.fields[%d]", at, i)
		if path == "" {
			continue // reported
		}
		if err := extract.CheckPaths([]string{path}); err != nil {
			d.reportAt(at, "%v", err)
		} else if slices.Index(s.Fields, path) < i {
			d.reportAt(at, "%q is here twice: keep one", path)
		}
	}
}

// checkConflicts finds sources that name the same file, whose events would belong to both and count for the first only; and globs of
// which exclude leaves nothing. Nobody has more sources and globs than it can look at.
func (d *document) checkConflicts(c *Config) {
	globs := 0
	sources := make([]tailer.Source, len(c.Sources))
	for i := range c.Sources {
		s := &c.Sources[i]
		globs += len(s.Paths) + len(s.Exclude)
		wrong := slices.ContainsFunc(s.Paths, func(g string) bool { return g == "" || wrongPath(g) != "" })
		if !wrong && !slices.ContainsFunc(s.Exclude, func(g string) bool { return g == "" || wrongExclude(g) != "" }) {
			sources[i] = s.Files()
		}
	}
	if len(sources) > maxSources || globs > maxGlobs {
		d.reportAt("sources", "%d sources with %d globs: up to %d sources with %d globs together are possible", len(sources), globs, maxSources, maxGlobs)
		return
	}
	for _, conflict := range tailer.Conflicts(sources) {
		at, glob := fmt.Sprintf("sources[%d].paths[%d]", conflict.Source, conflict.Glob), c.Sources[conflict.Source].Paths[conflict.Glob]
		if conflict.With < 0 {
			d.reportAt(at, "exclude leaves nothing of %q: narrow exclude, or leave the path out", glob)
			continue
		}
		other := c.Sources[conflict.With]
		theirs := other.Paths[conflict.WithGlob]
		d.reportAt(at, "%q and %q of source %q both name files such as %s, which can count for one only: narrow one, or add exclude: [%q] here", glob, theirs, other.Name, conflict.Example, theirs)
	}
}

func (d *document) checkCheckpoint(c *Config) {
	path := c.Checkpoint.Path
	switch {
	case path == "" || !d.has("checkpoint.path"):
	case strings.HasSuffix(path, "/"):
		d.reportAt("checkpoint.path", "checkpoint %q names a folder: write %q", path, path+filepath.Base(DefaultCheckpointPath))
	case strings.ContainsAny(path, "*?[{"):
		d.reportAt("checkpoint.path", "checkpoint %q: one file is wanted, not a glob", path)
	}
	for _, s := range c.Sources {
		if path != "" && tailer.Names(s.Files(), path) {
			d.reportAt("checkpoint.path", "the checkpoint %q is one of the files of source %q: put it into a folder without logs", path, s.Name)
		}
	}
	switch length := c.Checkpoint.Interval; {
	case length < time.Second:
		d.reportAt("checkpoint.interval", "interval %v is too short: write at least 1s", length)
	case length > time.Hour:
		d.reportAt("checkpoint.interval", "interval %v is too long: write at most 1h, since that much is read again after a crash", length)
	}
}

// oneOf notes a value that is none of those that are possible.
func (d *document) oneOf(path, field, value string, possible ...string) {
	if value != "" && !slices.Contains(possible, value) {
		d.reportAt(path, "%s", catalog.NotOneOf(field, value, possible))
	}
}

// isBroken says whether something within the value at a path could not be read, so that what seems to be missing may not be.
func (d *document) isBroken(path string) bool {
	return slices.ContainsFunc(d.unread, func(broken string) bool {
		return broken == path || strings.HasPrefix(broken, path+".") || strings.HasPrefix(broken, path+"[")
	})
}
