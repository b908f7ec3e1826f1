package main

import (
	"encoding/json"
	"log/slog"
	"time"

	"errcode_exporter/catalog"
	"errcode_exporter/extract"
	"errcode_exporter/metrics"
	"errcode_exporter/redact"
	"errcode_exporter/triage"
)

// newBoard returns the board of the triage pages, with the counts that were saved, if there are any.
func newBoard(cat *catalog.Catalog, table *metrics.Table, saved json.RawMessage, logger *slog.Logger) *triage.Board {
	board := triage.New(triage.Options{
		Catalog:  cat,
		Redacted: func(kind redact.Kind, n int) { table.Redacted(kind.String(), n) },
		Dropped:  table.Dropped,
		Logger:   logger,
	})
	if saved != nil {
		if err := board.Restore(saved); err != nil {
			logger.Error("The saved counts of the triage pages cannot be used: they begin at 0; the metrics do not", "err", err)
		}
	}
	return board
}

func redactionKinds() []string {
	var names []string
	for _, k := range redact.Kinds() {
		names = append(names, k.String())
	}
	return names
}

// see shows an event to whoever is on call.
func (c *consumer) see(e *extract.Event, at time.Time) {
	c.board.See(triage.Sighting{
		Source: c.file.Source, Time: at, Findings: e.Findings, RequestID: e.RequestID, TraceID: e.TraceID, Text: e.Text,
		File: c.id, Offset: e.Start,
	})
}
