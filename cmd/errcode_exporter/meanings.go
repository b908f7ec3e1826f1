package main

import (
	"errors"
	"io/fs"
	"os"

	"github.com/alecthomas/kingpin/v2"

	"errcode_exporter/catalog"
	"errcode_exporter/config"
)

// meanings says where to take what codes mean from: the embedded table, and overlays that are named or that a configuration names.
type meanings struct {
	configFile *string
	overlays   *[]string
}

func addMeanings(c *kingpin.CmdClause) *meanings {
	return &meanings{
		configFile: c.Flag("config.file", "Configuration file, for the overlays that it names. Without the flag, "+defaultConfigFile+" in the working directory is read if it is there.").PlaceHolder("FILE").String(),
		overlays:   c.Flag("catalog.file", "Overlay with codes and families of your own. Repeatable. No configuration file is read then, unless one is named.").PlaceHolder("FILE").Strings(),
	}
}

// load returns the catalog.
func (m *meanings) load() (*catalog.Catalog, error) {
	path := *m.configFile
	if path == "" && len(*m.overlays) == 0 {
		if _, err := os.Stat(defaultConfigFile); err == nil {
			path = defaultConfigFile
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	var cfg *config.Config
	var err error
	if path == "" {
		cfg, err = config.ReadOverlays(*m.overlays...)
	} else {
		cfg, err = config.Load(path, *m.overlays...)
	}
	if err != nil {
		return nil, err
	}
	return cfg.Codes()
}
