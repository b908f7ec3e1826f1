package triage

import "time"

// window is how many minutes the course of a code goes back.
const window = 60

// minutes counts events by minute, for an hour. The zero value is empty.
type minutes struct {
	end int64 // the newest minute that was counted in or looked at, since 1970
	sum uint64
	n   [window]uint32 // by minute modulo window: those after end-window, up to end
}

func minuteOf(t time.Time) int64 { return t.Unix() / 60 }

// add counts an event. One that is older than the window is left out.
func (m *minutes) add(t time.Time) {
	minute := minuteOf(t)
	m.advance(minute)
	if minute > m.end-window && minute > 0 {
		m.n[minute%window]++
		m.sum++
	}
}

// advance moves the window on.
func (m *minutes) advance(minute int64) {
	if minute <= m.end {
		return
	}
	for next := max(m.end+1, minute-window+1); next <= minute; next++ {
		at := next % window
		m.sum -= uint64(m.n[at])
		m.n[at] = 0
	}
	m.end = minute
}

// addTo adds the counts of the hour up to a minute, the oldest first, and returns how many events they are.
func (m *minutes) addTo(counts *[window]uint32, minute int64) uint64 {
	m.advance(minute)
	if m.sum == 0 || m.end > minute { // the clock was set back: until it has caught up nothing is known
		return 0
	}
	at := (minute + 1) % window // the oldest
	for i := range counts {
		counts[i] += m.n[at]
		if at++; at == window {
			at = 0
		}
	}
	return m.sum
}

// last returns the counts of the hour up to now, the oldest first.
func (m *minutes) last(now time.Time) (counts [window]uint32) {
	m.addTo(&counts, minuteOf(now))
	return counts
}

// list returns the counts up to the newest minute with any, which it returns too, without zeros at the front.
func (m *minutes) list() (end int64, counts []uint32) {
	for minute := m.end - window + 1; minute <= m.end; minute++ {
		if minute <= 0 {
			continue
		}
		n := m.n[minute%window]
		if n > 0 || counts != nil {
			counts = append(counts, n)
		}
		if n > 0 {
			end = minute
		}
	}
	if counts != nil {
		counts = counts[:len(counts)-int(m.end-end)]
	}
	return end, counts
}

// restore takes over what list returned.
func (m *minutes) restore(end int64, counts []uint32) {
	m.end = end
	for i, n := range counts {
		if minute := end - int64(len(counts)-1-i); minute > 0 {
			m.n[minute%window] = n
			m.sum += uint64(n)
		}
	}
}
