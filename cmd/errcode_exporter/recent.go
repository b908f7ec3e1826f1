package main

import (
	"context"
	"log/slog"
	"time"

	"errcode_exporter/checkpoint"
	"errcode_exporter/triage"
)

// recentSuffix makes the name of the file of recent events from that of the checkpoint. Whoever has the checkpoint has both.
const recentSuffix = ".recent"

// recent keeps the recent events over the life of the process.
type recent struct {
	path   string // empty: nothing is kept
	board  *triage.Board
	logger *slog.Logger
}

// openRecent takes up what was kept. What cannot be used is reported, and there are no recent events then.
func openRecent(store *checkpoint.Store, board *triage.Board, logger *slog.Logger) *recent {
	r := &recent{board: board, logger: logger}
	if store == nil {
		return r // reported by openCheckpoint
	}
	r.path = store.Path() + recentSuffix
	if err := board.Load(r.path); err != nil {
		logger.Error("The recent events cannot be taken up: the triage pages begin without any", "err", err)
	}
	return r
}

// keep saves the recent events again and again until ctx is done, and then once more, for which there is finalRecent.
func (r *recent) keep(ctx context.Context, interval time.Duration) {
	if r.path == "" {
		return
	}
	save := make(chan struct{})
	saved := make(chan struct{})
	go func() {
		defer close(saved)
		failing := false
		for range save {
			err := r.board.Save(r.path)
			if err != nil && !failing {
				r.logger.Warn("The recent events could not be saved: after a restart the triage pages would lack them", "err", err)
			}
			failing = err != nil
		}
	}()
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			select {
			case save <- struct{}{}:
			default: // the one before is still being written
			}
			continue
		case <-ctx.Done():
		}
		break
	}
	last := time.NewTimer(finalRecent)
	defer last.Stop()
	select {
	case save <- struct{}{}:
	case <-last.C:
		return // the disk hangs
	}
	close(save)
	select {
	case <-saved:
	case <-last.C:
	}
}
