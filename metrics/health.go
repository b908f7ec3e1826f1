package metrics

import (
	"math"
	"sync/atomic"
	"time"
)

// health is what the program says about itself: the checkpoint and the configuration.
type health struct {
	checkpointErrors atomic.Uint64
	checkpointAt     moment // of the last success
	durable          atomic.Bool
	reloadFailed     atomic.Bool
	reloadAt         moment // of the last success
}

func (h *health) reloaded(at time.Time) {
	h.reloadAt.set(at)
	h.reloadFailed.Store(false)
}

// CheckpointSucceeded notes a checkpoint that is on disk.
func (t *Table) CheckpointSucceeded(at time.Time) { t.health.checkpointAt.set(at) }

// CheckpointFailed counts a checkpoint that could not be written.
func (t *Table) CheckpointFailed() { t.health.checkpointErrors.Add(1) }

// SetDurable says whether the values that are shown are on disk, so that they survive a crash. It begins as false.
func (t *Table) SetDurable(durable bool) { t.health.durable.Store(durable) }

// ReloadSucceeded notes that a new configuration is in force.
func (t *Table) ReloadSucceeded(at time.Time) { t.health.reloaded(at) }

// ReloadFailed notes that a new configuration was refused and the old one stays.
func (t *Table) ReloadFailed() { t.health.reloadFailed.Store(true) }

// moment is a time that may not have come yet. The zero value is that.
type moment struct{ bits atomic.Uint64 }

func (m *moment) set(at time.Time) { m.bits.Store(math.Float64bits(seconds(at.UnixMilli()))) }

// seconds returns the time in Unix seconds; false before it has come.
func (m *moment) seconds() (float64, bool) {
	bits := m.bits.Load()
	return math.Float64frombits(bits), bits != 0
}

// seconds turns Unix milliseconds into what Prometheus calls a timestamp.
func seconds(ms int64) float64 { return float64(ms) / 1000 }
