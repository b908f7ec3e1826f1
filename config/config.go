// Package config reads the configuration file: YAML, strict, every field optional. What is wrong with it is reported with
// file, line and column.
package config

import (
	"fmt"
	"time"

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

// Catalog names site overlays.
type Catalog struct {
	Files []string `yaml:"files"`
}

// Metrics says how much detail is exposed.
type Metrics struct {
	Detail        string `yaml:"detail"`         // code (default) or category
	UnlistedLimit int    `yaml:"unlisted_limit"` // unlisted codes with a series of their own, per family and source; default 16
	CodeInfo      *bool  `yaml:"code_info"`      // whether huaweicloud_api_error_code_info is exposed; default true
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
	c.fill()
	return c
}

// fill sets what the file leaves out.
func (c *Config) fill() {
	for i := range c.Sources {
		s := &c.Sources[i]
		if s.Name == "" && len(c.Sources) == 1 {
			s.Name = DefaultSourceName
		}
		set(&s.StartAt, tailer.End.String())
		set(&s.Format, string(extract.Auto))
		set(&s.Match, string(extract.Anywhere))
	}
	set(&c.Checkpoint.Path, DefaultCheckpointPath)
	set(&c.Checkpoint.Interval, DefaultCheckpointInterval)
	set(&c.Metrics.Detail, "code")
	set(&c.Metrics.UnlistedLimit, DefaultUnlistedLimit)
	if c.Metrics.CodeInfo == nil {
		yes := true
		c.Metrics.CodeInfo = &yes
	}
}

func set[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// AddSource adds a source from elsewhere than the file. Its name must be free and its globs usable.
func (c *Config) AddSource(s Source) error {
	for _, have := range c.Sources {
		if have.Name == s.Name {
			return fmt.Errorf("the configuration has a source %q already: name files on the command line or there, not in both", s.Name)
		}
	}
	for _, g := range s.Paths {
		if err := tailer.ValidateGlob(g); err != nil {
			return err
		}
	}
	c.Sources = append(c.Sources, s)
	c.fill()
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
