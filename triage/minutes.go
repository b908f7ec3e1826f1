package triage

import "time"

// window is how many minutes the course of a code goes back.
const window = 60

// minutes counts events by minute, for the last hour before the newest of them. The zero value is empty.
type minutes struct {
	end int64 // the newest minute, since 1970
	n   [window]uint32
}

func minuteOf(t time.Time) int64 { return t.Unix() / 60 }

// add counts an event. One that is older than the window is left out.
func (m *minutes) add(t time.Time) {
	minute := minuteOf(t)
	m.advance(minute)
	if minute > m.end-window && minute > 0 {
		m.n[minute%window]++
	}
}

// advance moves the window on.
func (m *minutes) advance(minute int64) {
	if minute <= m.end {
		return
	}
	for next := max(m.end+1, minute-window+1); next <= minute; next++ {
		m.n[next%window] = 0
	}
	m.end = minute
}

// last returns the counts of the hour up to now, the oldest first.
func (m *minutes) last(now time.Time) (counts [window]uint32) {
	end := minuteOf(now)
	for i := range counts {
		if minute := end - window + 1 + int64(i); minute > m.end-window && minute <= m.end && minute > 0 {
			counts[i] = m.n[minute%window]
		}
	}
	return counts
}
