package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"

	"github.com/alecthomas/kingpin/v2"

	"errcode_exporter/catalog"
	"errcode_exporter/extract"
)

func addScan(app *kingpin.Application) (*kingpin.CmdClause, action) {
	c := app.Command("scan", "Read log files once and say which codes they name. Files may be compressed (.gz, .zst); - is standard input.")
	files := c.Arg("file", "Log files.").Required().Strings()
	in := addMeanings(c)
	format := addChoice(c, "format", "How to print the result: table or json.", "table", "json")
	events := c.Flag("events", "Print a JSON object per event instead, as soon as the event is over.").Bool()
	failOn := c.Flag("fail-on", "Exit with 1 if there is a code of this severity or a higher one (critical, warning, info), or of this category (category=NAME). Repeatable.").PlaceHolder("critical").Strings()
	input := addChoice(c, "input.format", "How a container runtime wraps the lines: auto, cri, docker or raw.", "auto", "cri", "docker", "raw")
	match := addChoice(c, "input.match", "Where to look: anywhere, or only at the known fields of JSON lines.", "anywhere", "fields")
	return c, func(p *program) (int, error) {
		cat, err := in.load()
		if err != nil {
			return exitUsage, err
		}
		fails, err := threshold(cat, *failOn)
		if err != nil {
			return exitUsage, err
		}
		x, err := extract.New(cat, extract.Options{Format: extract.Format(*input), Match: extract.Match(*match)})
		if err != nil {
			return exitUsage, err
		}
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		defer stop()
		s := &scan{program: p, catalog: cat, extractor: x, format: extract.Format(*input)}
		if *events {
			s.events = newEventPrinter(p.stdout)
		}
		tally, unread := s.all(ctx, *files)
		if s.events != nil {
			unread = errors.Join(unread, s.events.flush())
		} else if tally.Files > 0 {
			unread = errors.Join(unread, tally.print(p.stdout, *format))
		}
		switch {
		case unread != nil:
			return exitUsage, unread
		case tally.any(fails):
			return exitFound, nil
		default:
			return exitFine, nil
		}
	}
}

// scan reads files once.
type scan struct {
	*program
	catalog   *catalog.Catalog
	extractor *extract.Extractor
	format    extract.Format
	events    *eventPrinter // nil: only the tally is wanted
}

// all reads every file that it can; the error names those that it could not, and says so if it was interrupted.
func (s *scan) all(ctx context.Context, files []string) (*tally, error) {
	r := newReading(s, files)
	r.progress = s.progress(files)
	err := r.run(ctx)
	r.progress.end()
	if ctx.Err() != nil {
		err = errors.Join(err, errors.New("interrupted: this is what was found so far"))
	}
	return tallyOf(r.sums), err
}

// threshold turns what --fail-on names into a test of what was found.
func threshold(cat *catalog.Catalog, failOn []string) (func(catalog.Meaning) bool, error) {
	rank, categories := -1, map[string]bool{}
	for _, f := range failOn {
		if wanted, ok := strings.CutPrefix(f, "category="); ok {
			if _, ok := cat.Category(wanted); !ok {
				return nil, fmt.Errorf("--fail-on=%s: there is no such category; those that there are: %s", f, strings.Join(categoryNames(cat), ", "))
			}
			categories[wanted] = true
			continue
		}
		r := catalog.Severity(f).Rank()
		if r > catalog.Info.Rank() {
			return nil, fmt.Errorf("--fail-on=%s: critical, warning, info or category=NAME is wanted", f)
		}
		rank = max(rank, r)
	}
	return func(m catalog.Meaning) bool { return m.Severity.Rank() <= rank || categories[m.Category] }, nil
}

func categoryNames(cat *catalog.Catalog) []string {
	var names []string
	for _, c := range cat.Categories() {
		names = append(names, c.Name)
	}
	return names
}
