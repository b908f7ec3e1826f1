package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kingpin/v2"

	"errcode_exporter/checkpoint"
	"errcode_exporter/config"
	"errcode_exporter/extract"
	"errcode_exporter/tailer"
)

// maxListed is how many files of a source check names.
const maxListed = 100

func addCheck(app *kingpin.Application) (*kingpin.CmdClause, action) {
	c := app.Command("check", "Check the configuration and its overlays, and say which files would be read, in which format and from where.")
	in := addInputs(c)
	path := c.Flag("checkpoint.path", "The checkpoint from which reading would go on. Overrides the configuration.").PlaceHolder("FILE").String()
	return c, func(p *program) (int, error) {
		cfg, from, err := in.load()
		if err != nil {
			return exitFound, err
		}
		if *path != "" {
			cfg.Checkpoint.Path = *path
		}
		fmt.Fprintf(p.stdout, "%s: fine\n", from)
		if err := checkOverlays(p.stdout, cfg); err != nil {
			return exitFound, err
		}
		k, err := newChecker(p.stdout, cfg.Checkpoint.Path)
		wrong := []error{err}
		for _, s := range cfg.Sources {
			wrong = append(wrong, k.source(s))
		}
		if err := errors.Join(wrong...); err != nil {
			return exitFound, err
		}
		return exitFine, nil
	}
}

// checkOverlays says what overlays come to.
func checkOverlays(w io.Writer, cfg *config.Config) error {
	files := cfg.Paths()
	if len(files) < 2 {
		return nil
	}
	cat, err := cfg.Codes()
	if err != nil {
		return err
	}
	changed, added := 0, 0
	for _, code := range cat.Codes() {
		switch {
		case code.Added:
			added++
		case code.Overlay != "":
			changed++
		}
	}
	known, err := config.Default().Codes()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s: %s changed, %s muted, %s and %s added; all samples hold\n", strings.Join(files[1:], ", "),
		count(changed, "code", "codes"), count(len(cat.Muted()), "code", "codes"), count(added, "code", "codes"),
		count(len(cat.Families())-len(known.Families()), "family", "families"))
	return err
}

// checker says what would become of files.
type checker struct {
	out   io.Writer
	known map[tailer.ID]tailer.Position // nil: there is no checkpoint, and this is the very first start
	begun map[string]bool               // sources that were read before
}

// newChecker reads the checkpoint as it is.
func newChecker(w io.Writer, path string) (*checker, error) {
	k := &checker{out: w}
	loaded, err := checkpoint.Read(path)
	if err == nil && loaded.Sections == nil {
		return k, nil
	}
	s, err := decodeSaved(loaded, err)
	if err != nil {
		return k, fmt.Errorf("the checkpoint %s cannot be used, so that files would be read as at the very first start: move it away, or name another by --checkpoint.path: %w", path, err)
	}
	k.known, k.begun = map[tailer.ID]tailer.Position{}, map[string]bool{}
	for _, p := range s.positions {
		if !p.Replaced {
			k.known[p.ID] = p
		}
	}
	if s.counts != nil {
		for _, source := range s.counts.Sources {
			k.begun[source.Name] = true
		}
	}
	fmt.Fprintf(w, "%s: saved %s, %s\n", path, loaded.Saved.Format("2006-01-02 15:04:05 MST"), count(len(k.known), "file", "files"))
	return k, nil
}

// source says what a source comes to now. The error is about files that cannot be read.
func (k *checker) source(s config.Source) error {
	fmt.Fprintf(k.out, "\nsource %s: %s, match %s, start at %s\n", s.Name, quoteAll(s.Paths), s.Match, s.StartAt)
	var wrong []error
	for _, path := range s.Paths {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			wrong = append(wrong, fmt.Errorf("source %q: %q is a folder: write %q for the logs in it", s.Name, path, strings.TrimRight(path, "/")+"/*.log"))
		}
	}
	found, err := tailer.Discover(s.Files())
	if err != nil {
		return err
	}
	for i, f := range found {
		if i == maxListed {
			fmt.Fprintf(k.out, "  and %d more\n", len(found)-i)
			break
		}
		if err := k.file(s, f); err != nil {
			wrong = append(wrong, fmt.Errorf("source %q: %w", s.Name, err))
		}
	}
	if len(found) == 0 && len(wrong) == 0 {
		fmt.Fprintln(k.out, "  no file matches now; files that appear later are read from their beginning")
	}
	return errors.Join(wrong...)
}

// file says what would be done with one file.
func (k *checker) file(s config.Source, f tailer.Found) error {
	if f.Err != nil {
		return f.Err
	}
	file, err := os.Open(f.Path)
	if err != nil {
		return err
	}
	defer file.Close()
	format, err := formatOf(s, file)
	if err != nil {
		return err
	}
	from, err := k.start(s, f, file)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(k.out, "  %s: %d bytes, %s, %s\n", f.Path, f.Size, format, from)
	return err
}

// start says where reading would begin.
func (k *checker) start(s config.Source, f tailer.Found, file *os.File) (string, error) {
	p, known := k.known[f.ID]
	switch {
	case known && !p.Unjudged:
		return fmt.Sprintf("goes on at byte %d", p.Offset), nil
	case k.begun[s.Name]:
		return "new since the checkpoint: from the beginning, unless it holds what was read before", nil
	case s.StartAt == tailer.Beginning.String():
		return "from the beginning", nil
	}
	at, err := lastLineEnd(file, f.Size)
	return fmt.Sprintf("from the end, byte %d", at), err
}

// lastLineEnd is the place behind the last newline of a file.
func lastLineEnd(file io.ReaderAt, size int64) (int64, error) {
	buf := make([]byte, 64<<10)
	for end := size; end > 0; {
		begin := max(0, end-int64(len(buf)))
		n, err := file.ReadAt(buf[:end-begin], begin)
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		if i := bytes.LastIndexByte(buf[:n], '\n'); i >= 0 {
			return begin + int64(i) + 1, nil
		}
		end = begin
	}
	return 0, nil
}

// formatOf reads as much of a file as tells its format.
func formatOf(s config.Source, file *os.File) (string, error) {
	if s.Format != string(extract.Auto) {
		return s.Format, nil
	}
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
