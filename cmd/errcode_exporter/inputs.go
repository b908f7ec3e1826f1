package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/alecthomas/kingpin/v2"

	"errcode_exporter/config"
)

// defaultConfigFile is read from the working directory if it is there and no other was named.
const defaultConfigFile = name + ".yml"

// inputs says what to read: a configuration file, and files or globs that are named on the command line.
type inputs struct {
	configFile *string
	files      *[]string
}

func addInputs(c *kingpin.CmdClause) *inputs {
	return &inputs{
		configFile: c.Flag("config.file", "Configuration file. Without the flag, "+defaultConfigFile+" in the working directory is read if it is there.").PlaceHolder("FILE").String(),
		files:      c.Arg("file", `Log files or globs, read as the source "`+config.DefaultSourceName+`".`).Strings(),
	}
}

var errNothingToRead = errors.New("nothing to read: name log files, or a configuration with sources by --config.file")

// load returns the configuration, with the files of the command line, and what it was taken from.
func (in *inputs) load() (*config.Config, string, error) {
	path, from := *in.configFile, *in.configFile
	if path == "" {
		path, from = defaultConfigFile, defaultConfigFile
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			path, from = "", "command line"
		}
	}
	cfg := config.Default()
	if path != "" {
		var err error
		if cfg, err = config.Load(path); err != nil {
			return nil, "", err
		}
	}
	if len(*in.files) > 0 {
		if err := cfg.AddSource(config.Source{Name: config.DefaultSourceName, Paths: *in.files}); err != nil {
			return nil, "", err
		}
	}
	if len(cfg.Sources) == 0 {
		return nil, "", errNothingToRead
	}
	return cfg, from, nil
}

func quoteAll(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = strconv.Quote(s)
	}
	return fmt.Sprint(strings.Join(quoted, ", "))
}
