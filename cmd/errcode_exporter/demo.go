package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"errcode_exporter/catalog"
	"errcode_exporter/config"
	"errcode_exporter/extract"
	"errcode_exporter/tailer"
)

func addDemo(app *kingpin.Application) (*kingpin.CmdClause, action) {
	c := app.Command("demo", "Write a realistic application log into a temporary folder, rotate it, and serve its counts: the first thing to try.")
	s := addServing(c, "localhost:14006")
	lines := c.Flag("demo.lines", "Lines written per second.").Default("50").Int()
	rotate := c.Flag("demo.rotate", "How often the log is rotated.").Default("4s").Duration()
	keep := c.Flag("demo.keep", "How many rotated logs are kept.").Default("3").Int()
	return c, func(p *program) (int, error) {
		if *lines < 1 || *rotate <= 0 || *keep < 0 {
			return exitUsage, fmt.Errorf("--demo.lines, --demo.rotate and --demo.keep must be above 0 (keep may be 0)")
		}
		cat, err := catalog.Load()
		if err != nil {
			return exitUsage, err
		}
		folder, err := os.MkdirTemp("", name+"-demo-")
		if err != nil {
			return exitUsage, err
		}
		defer func() {
			if err := os.RemoveAll(folder); err != nil {
				fmt.Fprintf(p.stderr, "%s: the folder of the demo stays: %v\n", name, err)
			}
		}()
		path := filepath.Join(folder, "app.log")
		cfg := config.Default()
		err = cfg.AddSource(config.Source{
			Name: "demo", Paths: []string{path}, StartAt: tailer.Beginning.String(), Format: string(extract.Auto), Match: string(extract.Anywhere),
		})
		if err != nil {
			return exitUsage, err
		}
		if *s.detail != "" {
			cfg.Metrics.Detail = *s.detail
		}
		cfg.Checkpoint.Path = filepath.Join(folder, "checkpoint.json")
		logger := p.logger()
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
		defer stop()
		fmt.Fprintf(p.stdout, `Writing %d lines a second to %s, rotating every %v.
Look at http://%s%s, or in another terminal:

  curl -s http://%[4]s%[5]s | grep -v ' 0$' | grep ^huaweicloud_api_errors_total
  tail -F %[2]s

Ctrl-C ends it and takes the folder away.
`, *lines, path, *rotate, (*s.web.WebListenAddresses)[0], *s.telemetryPath)

		app := newDemoApp(path, cat, *keep)
		writing, stopWriting := context.WithCancel(ctx)
		wrote := make(chan error, 1)
		go func() {
			wrote <- app.run(writing, time.Second/time.Duration(*lines), *rotate)
			stop() // an application that cannot write any more ends the demo
		}()
		err = s.run(ctx, stop, cfg, logger)
		stopWriting()
		if failed := <-wrote; err == nil {
			err = failed
		}
		return exitFine, err
	}
}
