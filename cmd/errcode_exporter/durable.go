package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"errcode_exporter/checkpoint"
	"errcode_exporter/metrics"
	"errcode_exporter/tailer"
	"errcode_exporter/triage"
)

// How long a scrape waits for its counts to be on disk, and for the note that they are not: together less than a second.
const (
	commitWait = 700 * time.Millisecond
	noteWait   = 200 * time.Millisecond
)

// The sections of a checkpoint.
const (
	countsSection = "counts"
	filesSection  = "files"
	triageSection = "triage"
)

// durability keeps positions and counts over the life of the process. Without a store, because its folder cannot be used, everything works but that.
type durability struct {
	store     *checkpoint.Store // nil: nothing is kept
	committer *checkpoint.Committer[*metrics.Cut]
	pipe      *pipeline
	logger    *slog.Logger
	regained  chan struct{} // closed when the counts are at least what was shown before; see withholds
}

// openCheckpoint opens the checkpoint. One that another process uses is an error, since both would count the same lines; a
// folder that cannot be used is not: counts that do not outlive the process are better than none.
func openCheckpoint(path string, logger *slog.Logger) (*checkpoint.Store, error) {
	store, err := checkpoint.Open(path)
	switch {
	case err == nil:
		return store, nil
	case errors.Is(err, checkpoint.ErrLocked):
		return nil, err
	default:
		logger.Error("Positions and counts will not survive a restart: the checkpoint cannot be used; --checkpoint.path names another place", "err", err)
		return nil, nil
	}
}

// saved is what a checkpoint holds.
type saved struct {
	counts    *metrics.Snapshot // nil at the very first start
	positions []tailer.Position // nil at the very first start
	triage    json.RawMessage   // nil where nothing was saved
	withheld  bool
}

// load reads the checkpoint. One that cannot be read is reported, and the start is a first one.
func load(store *checkpoint.Store, logger *slog.Logger) saved {
	loaded, err := store.Load()
	if err == nil && loaded.Sections == nil {
		return saved{}
	}
	s, err := decodeSaved(loaded, err)
	s.withheld = loaded.Previous || !store.Trusted()
	if err != nil {
		logger.Error("The checkpoint cannot be used: files are read from where the configuration says, and counts begin at 0", "path", store.Path(), "err", err)
		return saved{}
	}
	if loaded.Previous {
		logger.Error("The newest checkpoint cannot be used: going on from the one before it", "path", store.Path(), "err", loaded.Reason)
	}
	logger.Info("Going on from the checkpoint", "path", store.Path(), "saved", loaded.Saved, "files", len(s.positions))
	return s
}

// decodeSaved takes a checkpoint apart.
func decodeSaved(loaded checkpoint.Loaded, err error) (saved, error) {
	s := saved{positions: []tailer.Position{}, triage: loaded.Sections[triageSection]}
	if err == nil {
		err = errors.Join(json.Unmarshal(loaded.Sections[countsSection], &s.counts), json.Unmarshal(loaded.Sections[filesSection], &s.positions))
	}
	return s, err
}

// newDurability begins to keep what the pipeline counts.
func newDurability(store *checkpoint.Store, pipe *pipeline, withheld bool, logger *slog.Logger) *durability {
	d := &durability{store: store, pipe: pipe, logger: logger, regained: make(chan struct{})}
	if store != nil {
		d.committer = checkpoint.NewCommitter(store, pipe.cut, d.report)
	}
	if withheld {
		d.committer.Behind()
	} else {
		close(d.regained)
	}
	return d
}

// cut takes positions and counts of one moment.
func (p *pipeline) cut() (*metrics.Cut, checkpoint.Sections, error) {
	var counts *metrics.Cut
	var seen *triage.Counts
	var positions []tailer.Position
	p.tailer.Cut(func(all []tailer.Position) {
		positions, counts, seen = all, p.table.Cut(), p.board.Counts()
	})
	for _, at := range positions {
		if at.StateErr != nil {
			return nil, nil, fmt.Errorf("%s: %w", at.Path, at.StateErr)
		}
	}
	files, err := json.Marshal(positions)
	if err != nil {
		return nil, nil, err
	}
	snapshot, err := json.Marshal(counts.Snapshot())
	if err != nil {
		return nil, nil, err
	}
	board, err := seen.Encode()
	if err != nil {
		return nil, nil, err
	}
	return counts, checkpoint.Sections{countsSection: snapshot, filesSection: files, triageSection: board}, nil
}

// report is told how each commit ended.
func (d *durability) report(err error) {
	table := d.pipe.table
	switch {
	case err == nil:
		table.CheckpointSucceeded(time.Now())
		table.SetDurable(true)
	case checkpoint.Overtaken(err):
		table.CheckpointSucceeded(time.Now())
	default:
		table.CheckpointFailed()
		table.SetDurable(false)
		d.logger.Warn("The checkpoint could not be written; what is shown would not survive a crash", "err", err)
	}
}

// forScrape supplies what a scrape shows: counts that are on disk, or, where that takes too long, the counts as they are.
func (d *durability) forScrape(ctx context.Context) *metrics.Cut {
	if d.committer == nil {
		return nil
	}
	timer := time.NewTimer(commitWait)
	defer timer.Stop()
	select {
	case <-d.pipe.tailer.Scanned():
		if cut, err := d.committer.Commit(commitWait); err == nil {
			return cut
		}
	case <-timer.C:
	case <-ctx.Done():
	}
	d.committer.ShowLive(noteWait)
	return nil
}

// withholds reports whether the counts may still be lower than what was shown before a crash. Everything that is missing is
// on disk; they are right again when it has been read.
func (d *durability) withholds() bool {
	select {
	case <-d.regained:
		return false
	default:
		return true
	}
}

// regain waits, where the counts may be lower than what was shown before, until they are not any more, or ctx is done.
func (d *durability) regain(ctx context.Context) {
	if !d.withholds() {
		return
	}
	select {
	case <-d.pipe.tailer.Ready():
	case <-ctx.Done():
		return
	}
	// What waits at the end of a file for the rest of its event may have been shown too.
	if err := d.pipe.tailer.ReadToEnd(ctx); err != nil {
		return // ctx is done
	}
	d.pipe.table.MarkShown()
	d.committer.CaughtUp()
	close(d.regained)
}

// keep saves what has changed, right after the first scan and then again and again, until ctx is done.
func (d *durability) keep(ctx context.Context, interval time.Duration) {
	if d.committer == nil {
		return
	}
	select {
	case <-d.pipe.tailer.Scanned():
	case <-ctx.Done():
		return
	}
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		committed := make(chan struct{})
		go func() {
			defer close(committed)
			_, _ = d.committer.Commit(interval) // reported by the committer
		}()
		select {
		case <-committed:
		case <-ctx.Done(): // the end does not wait for a disk that hangs
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// last saves how things are at the end.
func (d *durability) last(wait time.Duration) {
	if d.committer == nil {
		return
	}
	select {
	case <-d.pipe.tailer.Scanned():
	default:
		return // what is not found again yet is only in the checkpoint that is there
	}
	if _, err := d.committer.CommitNow(wait); err != nil {
		d.logger.Error("The last checkpoint could not be written", "err", err)
	}
}

// close gives the checkpoint back.
func (d *durability) close() {
	if d.store == nil {
		return
	}
	if err := d.store.Close(); err != nil {
		d.logger.Warn("Closing the checkpoint failed", "err", err)
	}
}
