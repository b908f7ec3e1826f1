package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kingpin/v2"

	"errcode_exporter/config"
	"errcode_exporter/extract"
	"errcode_exporter/tailer"
)

func addCheck(app *kingpin.Application) (*kingpin.CmdClause, action) {
	c := app.Command("check", "Check the configuration, and say which files would be read, in which format and from where.")
	in := addInputs(c)
	return c, func(p *program) (int, error) {
		cfg, from, err := in.load()
		if err != nil {
			return exitFound, err
		}
		fmt.Fprintf(p.stdout, "%s: fine\n", from)
		var unreadable []error
		for _, s := range cfg.Sources {
			fmt.Fprintf(p.stdout, "\nsource %s: %s, match %s, start at %s\n", s.Name, quoteAll(s.Paths), s.Match, s.StartAt)
			found, err := tailer.Discover(s.Files())
			if err != nil {
				unreadable = append(unreadable, err)
			}
			for _, f := range found {
				if err := checkFile(p.stdout, s, f); err != nil {
					unreadable = append(unreadable, err)
				}
			}
			if len(found) == 0 {
				fmt.Fprintln(p.stdout, "  no file matches now; files that appear later are read from their beginning")
			}
		}
		if len(unreadable) > 0 {
			return exitFound, errors.Join(unreadable...)
		}
		return exitFine, nil
	}
}

// checkFile prints what would be done with one file.
func checkFile(w io.Writer, s config.Source, f tailer.Found) error {
	format, err := formatOf(s, f.Path)
	if err != nil {
		return err
	}
	from := "from the beginning"
	if s.StartAt == tailer.End.String() {
		from = "from the end"
	}
	_, err = fmt.Fprintf(w, "  %s: %d bytes, %s, %s\n", f.Path, f.Size, format, from)
	return err
}

// formatOf reads as much of a file as tells its format.
func formatOf(s config.Source, path string) (string, error) {
	if s.Format != string(extract.Auto) {
		return s.Format, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	head := make([]byte, 64<<10)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", err
	}
	if format, ok := extract.Detect(head[:n]); ok {
		return string(format), nil
	}
	return "still empty", nil
}
