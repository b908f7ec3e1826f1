package triage

import "time"

// The budget of masking. A line of the log may be made so that masking takes a second for a MiB. Reading waits for masking, so
// masking may take a part of the time only; what is over that is kept without its excerpt.
const (
	budgetShare = 20 // one part in so many of the time that passes
	budgetMost  = time.Second
	// budgetPlenty is what must be left for every line to be masked, also of a code that floods.
	budgetPlenty = budgetMost - 50*time.Millisecond
	// budgetReserve is what only codes may use that have hardly any events.
	budgetReserve = budgetMost / 2
	rare          = 10 // events up to which a code is rare
)

// Of a code that floods, only some lines are masked unless there is plenty of time: the next one would push them out at once.
const (
	floodPause = 10 * time.Millisecond
	floodMost  = 16 // events without a line, one after the other
)

// flood says which lines of one code are masked.
type flood struct {
	masked time.Time
	since  int // events since then
}

// passes reports whether a line that comes now is one of those.
func (f *flood) passes(now time.Time) bool {
	if f.since++; f.since < floodMost && now.Sub(f.masked) < floodPause {
		return false
	}
	f.masked, f.since = now, 0
	return true
}

// budget is a bucket of time. The zero value is full from the first call on.
type budget struct {
	left time.Duration
	at   time.Time
}

// allows reports whether a line may be masked now: one of a code that is rare, or one of a flood.
func (b *budget) allows(now time.Time, rarely bool, f *flood) bool {
	switch {
	case b.at.IsZero():
		b.left = budgetMost
	case now.After(b.at):
		b.left = min(budgetMost, b.left+now.Sub(b.at)/budgetShare)
	}
	b.at = now
	if rarely {
		return b.left > 0
	}
	chosen := f.passes(now)
	return b.left > budgetPlenty || chosen && b.left > budgetReserve
}

// spend takes what masking took.
func (b *budget) spend(took time.Duration) { b.left -= took }
