// Package config reads the configuration file and the site overlays that it names: YAML, strict, every field optional. All that is
// wrong with them is reported at once, each with file, line and column, and what to write instead.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"errcode_exporter/catalog"
	"errcode_exporter/extract"
	"errcode_exporter/metrics"
	"errcode_exporter/tailer"
)

// Config is a configuration that has been checked. Defaults are filled in.
type Config struct {
	Sources    []Source   `yaml:"sources"`
	Checkpoint Checkpoint `yaml:"checkpoint"`
	Catalog    Catalog    `yaml:"catalog"`
	Metrics    Metrics    `yaml:"metrics"`

	overlays []catalog.Overlay
	files    []File
}

// File is one of the files that a configuration was read from.
type File struct {
	Path string
	Data []byte
}

// Source is a set of files that count under one name.
type Source struct {
	Name    string   `yaml:"name"`    // the source label; "default" for the only source
	Paths   []string `yaml:"paths"`   // globs; ** stands for any number of folders
	Exclude []string `yaml:"exclude"` // globs of what is left out
	// StartAt is where reading begins in files that are there at the very first start: "end" (default) or "beginning".
	// Files that appear later are always read from the beginning.
	StartAt string `yaml:"start_at"`
	Format  string `yaml:"format"` // auto (default), cri, docker, raw
	Match   string `yaml:"match"`  // anywhere (default), or fields: only known paths of JSON lines
	// Fields are the gjson paths that match: fields looks at; the built-in ones if empty.
	Fields []string `yaml:"fields"`
}

// Checkpoint says where positions and counts are kept over a restart.
type Checkpoint struct {
	Path     string        `yaml:"path"`
	Interval time.Duration `yaml:"interval"`
}

// Catalog names site overlays. Relative paths start at the folder of the configuration file.
type Catalog struct {
	Files []string `yaml:"files"`
}

// Metrics says how much detail is exposed.
type Metrics struct {
	Detail        string `yaml:"detail"`         // code (default) or category
	UnlistedLimit int    `yaml:"unlisted_limit"` // unlisted codes with a series of their own, per family and source; default 16
	CodeInfo      bool   `yaml:"code_info"`      // whether huaweicloud_api_error_code_info is exposed; default true
}

// Default values of fields that are left out.
const (
	DefaultSourceName         = "default"
	DefaultCheckpointPath     = "/var/lib/errcode_exporter/checkpoint.json"
	DefaultCheckpointInterval = 15 * time.Second
	DefaultUnlistedLimit      = 16
)

// Default is what an empty file means.
func Default() *Config {
	c := &Config{}
	c.Checkpoint.preset()
	c.Metrics.preset()
	return c
}

func (c *Config) preset() { *c = *Default() }

func (s *Source) preset() {
	s.StartAt, s.Format, s.Match = tailer.End.String(), string(extract.Auto), string(extract.Anywhere)
}

func (c *Checkpoint) preset() {
	c.Path, c.Interval = DefaultCheckpointPath, DefaultCheckpointInterval
}

func (m *Metrics) preset() {
	m.Detail, m.UnlistedLimit, m.CodeInfo = "code", DefaultUnlistedLimit, true
}

// Codes returns what codes mean here: the embedded table with what the overlays say.
func (c *Config) Codes() (*catalog.Catalog, error) { return catalog.Load(c.overlays...) }

// Files are the configuration file and the overlays, as they were when they were read. A configuration that comes from nowhere else
// than the command line has none.
func (c *Config) Files() []File { return c.files }

// Paths are those of Files.
func (c *Config) Paths() []string {
	paths := make([]string, 0, len(c.files))
	for _, f := range c.files {
		paths = append(paths, f.Path)
	}
	return paths
}

// AddSource adds a source from elsewhere than the file, with defaults for what it leaves out. Its name must be free, its globs usable,
// and none of its files one of another source.
func (c *Config) AddSource(s Source) error {
	full := Source{}
	full.preset()
	full.Name, full.Paths, full.Exclude, full.Fields = s.Name, s.Paths, s.Exclude, s.Fields
	full.StartAt, full.Format, full.Match = cmp.Or(s.StartAt, full.StartAt), cmp.Or(s.Format, full.Format), cmp.Or(s.Match, full.Match)
	for _, g := range s.Paths {
		if text := wrongPath(g); text != "" {
			return errors.New(text)
		}
		if g == "" {
			return errors.New("an empty name of a file: leave it out")
		}
	}
	var files []tailer.Source
	for _, have := range c.Sources {
		if have.Name == s.Name {
			return fmt.Errorf("the configuration has a source %q already: name files on the command line or there, not in both", s.Name)
		}
		files = append(files, have.Files())
	}
	for _, conflict := range tailer.Conflicts(append(files, full.Files())) {
		if conflict.Source == len(files) && conflict.With >= 0 {
			have := c.Sources[conflict.With]
			return fmt.Errorf("%q and %q of the source %q both name files such as %s: name them on the command line or in the configuration, not in both",
				s.Paths[conflict.Glob], have.Paths[conflict.WithGlob], have.Name, conflict.Example)
		}
	}
	c.Sources = append(c.Sources, full)
	return nil
}

// Files is the tailer's part of a source.
func (s Source) Files() tailer.Source {
	start := tailer.End
	if s.StartAt == tailer.Beginning.String() {
		start = tailer.Beginning
	}
	return tailer.Source{Name: s.Name, Paths: s.Paths, Exclude: s.Exclude, StartAt: start}
}

// Lines is the extractor's part of a source.
func (s Source) Lines() extract.Options {
	return extract.Options{Format: extract.Format(s.Format), Match: extract.Match(s.Match), Paths: s.Fields}
}

// DetailOf is the detail that the file asks for.
func (m Metrics) DetailOf() metrics.Detail {
	if m.Detail == "category" {
		return metrics.DetailCategory
	}
	return metrics.DetailCode
}
