package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/common/version"
	"github.com/prometheus/exporter-toolkit/web"
	webflag "github.com/prometheus/exporter-toolkit/web/kingpinflag"

	"errcode_exporter/config"
)

// finalRead is how long the end of the process waits for the files to be read to their end, finalCommit for the checkpoint,
// finalAnswers for the answers to requests that are under way, finalRecent for the recent events: together less than two seconds.
const (
	finalRead    = 1000 * time.Millisecond
	finalCommit  = 400 * time.Millisecond
	finalAnswers = 400 * time.Millisecond
	finalRecent  = 150 * time.Millisecond
)

// serving is what serve and demo have in common.
type serving struct {
	web           *web.FlagConfig
	telemetryPath *string
	detail        *string
	linger        *time.Duration
	links         triageLinks
}

func addServing(c *kingpin.CmdClause, address string) *serving {
	return &serving{
		web:           webflag.AddFlags(c, address),
		telemetryPath: c.Flag("web.telemetry-path", "Path under which the metrics are served.").Default("/metrics").String(),
		detail:        addChoice(c, "metrics.detail", "code: a series for every code. category: only critical codes and those of raise_quota keep theirs. Overrides the configuration.", "", "code", "category"),
		linger:        c.Flag("shutdown.linger", "How long to wait, at the end, for one more scrape to see the final counts.").Default("0s").Duration(),
		links:         addTriageLinks(c),
	}
}

func addServe(app *kingpin.Application) (*kingpin.CmdClause, action) {
	c := app.Command("serve", "Read log files as they are written, and serve the counts to Prometheus. This is what happens without any argument.")
	in := addInputs(c)
	s := addServing(c, ":14006")
	path := c.Flag("checkpoint.path", "Where positions and counts are kept over a restart. Overrides the configuration.").PlaceHolder("FILE").String()
	return c, func(p *program) (int, error) {
		logger := p.logger()
		cfg, from, err := in.load()
		if err != nil {
			return exitUsage, err
		}
		if *s.detail != "" {
			cfg.Metrics.Detail = *s.detail
		}
		logger.Info("Starting "+name, "version", version.Info(), "configuration", from)
		if *path != "" {
			cfg.Checkpoint.Path = *path
		}
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
		defer stop()
		return exitFine, s.run(ctx, stop, cfg, logger)
	}
}

// run reads and serves until ctx is done, then reads to the end, lingers if that was asked for, and stops.
func (s *serving) run(ctx context.Context, stopListening func(), cfg *config.Config, logger *slog.Logger) error {
	store, err := openCheckpoint(cfg.Checkpoint.Path, logger)
	if err != nil {
		return err
	}
	var from saved
	if store != nil {
		from = load(store, logger)
	}
	pipe, err := newPipeline(cfg, from, logger)
	if err != nil {
		return err
	}
	keeper := newDurability(store, pipe, from.withheld, logger)
	defer keeper.close()
	recent := openRecent(store, pipe.board, logger)
	bye := newFarewell()
	handler, err := s.handler(pipe, keeper, logger, bye)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelWarn), // else it writes to standard error by itself
	}
	if err := web.Validate(*s.web.WebConfigFile); err != nil {
		return fmt.Errorf("%s: %w", *s.web.WebConfigFile, err)
	}
	served := make(chan error, 1)
	go func() { served <- web.ListenAndServe(server, s.web, logger) }()

	tailing, stopTailing := context.WithCancel(context.WithoutCancel(ctx))
	tailed := make(chan struct{})
	go func() {
		defer close(tailed)
		if err := pipe.tailer.Run(tailing); err != nil {
			logger.Error("Reading ended", "err", err)
		}
	}()
	var keeping sync.WaitGroup
	keeping.Go(func() { keeper.keep(tailing, cfg.Checkpoint.Interval) })
	keeping.Go(func() { keeper.regain(tailing) })
	keeping.Go(func() { recent.keep(tailing, cfg.Checkpoint.Interval) })
	defer func() {
		stopTailing()
		<-tailed
		keeping.Wait()
	}()

	select {
	case err := <-served:
		return fmt.Errorf("cannot serve: %w", err)
	case <-ctx.Done():
	}
	stopListening() // to signals: a second one ends the process at once
	logger.Info("Stopping: reading to the end")
	s.finish(pipe, keeper, logger, bye)
	answering, cancel := context.WithTimeout(context.Background(), finalAnswers)
	defer cancel()
	if err := server.Shutdown(answering); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// finish reads what is left and waits until a scrape has seen it, as long as that is wanted.
func (s *serving) finish(pipe *pipeline, keeper *durability, logger *slog.Logger, bye *farewell) {
	end, saved := time.Now().Add(*s.linger), time.Now().Add(finalRead+finalCommit)
	reading, cancel := context.WithTimeout(context.Background(), max(finalRead, *s.linger))
	defer cancel()
	if err := pipe.tailer.ReadToEnd(reading); err != nil {
		logger.Warn("Not everything that is on disk was read before the end", "err", err)
	}
	bye.begin()
	keeper.last(max(finalCommit, time.Until(saved), time.Until(end))) // what reading did not need is for a slow disk
	if *s.linger <= 0 {
		return
	}
	logger.Info("Waiting for one more scrape", "linger", *s.linger)
	select {
	case <-bye.seen:
	case <-time.After(time.Until(end)):
		logger.Warn("Nobody scraped the final counts", "linger", *s.linger)
	}
}
