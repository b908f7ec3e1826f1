package main

import (
	"fmt"
	"log/slog"
	"time"

	"errcode_exporter/catalog"
	"errcode_exporter/config"
	"errcode_exporter/extract"
	"errcode_exporter/metrics"
	"errcode_exporter/tailer"
	"errcode_exporter/triage"
)

// pipeline carries what the tailer reads through the extractors into the counts.
type pipeline struct {
	table   *metrics.Table
	board   *triage.Board
	catalog *catalog.Catalog
	tailer  *tailer.Tailer
	sources map[string]*source
	logger  *slog.Logger
}

// source is where the files of one configured source come together.
type source struct {
	counts  *metrics.Source
	extract *extract.Extractor
}

// newPipeline puts a configuration to work, as far as that needs no log file: when it returns, every count exists, and is what was
// saved or 0.
func newPipeline(cfg *config.Config, from saved, logger *slog.Logger) (*pipeline, error) {
	cat, err := cfg.Codes()
	if err != nil {
		return nil, err
	}
	p := &pipeline{
		table: metrics.New(metrics.Options{
			Catalog: cat, Detail: cfg.Metrics.DetailOf(), UnlistedLimit: cfg.Metrics.UnlistedLimit, CodeInfo: cfg.Metrics.CodeInfo,
			RedactionKinds: redactionKinds(), DroppedReasons: triage.DropReasons(),
		}),
		catalog: cat, sources: map[string]*source{}, logger: logger,
	}
	if from.counts != nil {
		if err := p.table.Restore(from.counts); err != nil {
			logger.Error("The saved counts cannot be used: files are read from where the configuration says, and counts begin at 0", "err", err)
			from = saved{}
		}
	}
	p.board = newBoard(cat, p.table, from.triage, logger)
	var files []tailer.Source
	for _, s := range cfg.Sources {
		x, err := extract.New(cat, s.Lines())
		if err != nil {
			return nil, fmt.Errorf("source %q: %w", s.Name, err)
		}
		p.sources[s.Name] = &source{counts: p.table.Source(s.Name), extract: x}
		files = append(files, s.Files())
	}
	p.tailer, err = tailer.New(tailer.Options{Sources: files, Resume: from.positions, Open: p.open, Observer: observer{p.sources}, Logger: logger})
	if err != nil {
		return nil, err
	}
	p.table.SetStatus(p.status)
	p.table.ReloadSucceeded(time.Now())
	return p, nil
}

// open begins a file.
func (p *pipeline) open(f tailer.File) tailer.Consumer {
	c := &consumer{source: p.sources[f.Source], board: p.board, file: f, id: f.ID.String()}
	c.stream = c.source.extract.NewStream(c.count)
	if f.State != nil {
		if err := c.stream.Restore(f.State); err != nil {
			p.logger.Error("What was open in a file is not known any more: an event that was cut in two may count twice", "path", f.Path, "err", err)
			c.stream = c.source.extract.NewStream(c.count)
		}
	}
	return c
}

// status sums up the files of each source.
func (p *pipeline) status() []metrics.SourceStatus {
	index := map[string]int{}
	var all []metrics.SourceStatus
	for _, f := range p.tailer.Files() {
		i, ok := index[f.Source]
		if !ok {
			i = len(all)
			index[f.Source] = i
			all = append(all, metrics.SourceStatus{Source: f.Source})
		}
		s := &all[i]
		s.Files++
		s.LagBytes += f.Lag
		if f.LastLine.After(s.LastLine) {
			s.LastLine = f.LastLine
		}
	}
	return all
}

// consumer takes the blocks of one file to its source's counts.
type consumer struct {
	source *source
	board  *triage.Board
	file   tailer.File
	id     string // of the file, the same after a restart
	stream *extract.Stream
	block  tailer.Block // the one in hand, without its data
}

func (c *consumer) Consume(b tailer.Block) {
	c.block = tailer.Block{History: b.History, ModTime: b.ModTime}
	c.stream.Block(extract.Block{Data: b.Data, Offset: b.Offset, TooLong: b.TooLong})
	c.source.counts.AddReadBytes(len(b.Data))
	c.report()
}

func (c *consumer) Idle() {
	c.stream.Idle()
	c.report()
}

func (c *consumer) End() {
	c.stream.End()
	c.report()
}

func (c *consumer) State() ([]byte, error) { return c.stream.State() }

// report counts what the stream noticed.
func (c *consumer) report() {
	counts, stats := c.source.counts, c.stream.TakeStats()
	counts.AddLines(int(stats.Lines))
	counts.AddMatchedLines(int(stats.Matched))
	counts.LineErrors(metrics.LineTooLong, int(stats.TooLong))
	counts.LineErrors(metrics.LineNotUTF8, int(stats.NotUTF8))
	counts.LineErrors(metrics.LineBadJSON, int(stats.BadJSON))
	if stats.Dropped > 0 {
		counts.Dropped(metrics.DroppedEventCodes, int(stats.Dropped))
	}
	if stats.Muted > 0 {
		counts.Dropped(metrics.DroppedMuted, int(stats.Muted))
	}
}

// count counts an event.
func (c *consumer) count(e *extract.Event) {
	o := metrics.Occurrence{Time: c.when(e.Time), RequestID: e.RequestID, TraceID: e.TraceID, History: c.block.History}
	for _, f := range e.Findings {
		c.source.counts.Count(f, o)
	}
	c.see(e, o.Time)
}

// when is the time of an event: the line's own unless it lies in the future, else the file's while catching up, else now.
func (c *consumer) when(line time.Time) time.Time {
	now := time.Now()
	switch {
	case !line.IsZero() && !line.After(now):
		return line
	case !c.block.ModTime.IsZero() && !c.block.ModTime.After(now):
		return c.block.ModTime
	default:
		return now
	}
}

// observer counts what happens to files.
type observer struct{ sources map[string]*source }

func (o observer) SourceError(source, reason string) { o.sources[source].counts.SourceError(reason) }
func (o observer) Rotation(source, kind string)      { o.sources[source].counts.Rotation(kind) }
func (o observer) LostBytes(source, reason string, n int64) {
	o.sources[source].counts.LostBytes(reason, n)
}
