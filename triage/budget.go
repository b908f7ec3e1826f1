package triage

import "time"

// The budget of masking. A line of the log may be made so that masking takes a second for a MiB. Reading waits for masking, so
// masking may take a part of the time only; what is over that is kept without its excerpt.
const (
	budgetShare = 4 // one part in so many of the time that passes
	budgetMost  = 2 * time.Second
	// budgetReserve is what only codes may use that have hardly any events.
	budgetReserve = budgetMost / 2
	rare          = 4 // events up to which a code is rare
)

// budget is a bucket of time. The zero value is full from the first call on.
type budget struct {
	left time.Duration
	at   time.Time
}

// allows reports whether something may be masked now.
func (b *budget) allows(now time.Time, rarely bool) bool {
	switch {
	case b.at.IsZero():
		b.left = budgetMost
	case now.After(b.at):
		b.left = min(budgetMost, b.left+now.Sub(b.at)/budgetShare)
	}
	b.at = now
	return b.left > budgetReserve || rarely && b.left > 0
}

// spend takes what masking took.
func (b *budget) spend(took time.Duration) { b.left -= took }
