package triage

import (
	"fmt"
	"strings"
	"time"
)

// SourceStatus is what the program knows of one source of log lines.
type SourceStatus struct {
	Name     string
	Files    int       // being read or watched
	LagBytes int64     // in these files, not read yet
	LastLine time.Time // when the newest line was read; zero before the first
}

// Health says whether what a source logs is seen.
type Health string

// What a source can be.
const (
	Reading Health = "reading"
	Missing Health = "missing" // it has no file
	Lagging Health = "lagging" // more is unread than a moment's worth
	Silent  Health = "silent"  // it has written no line for a while
)

// From when on a source is lagging or silent. The alerts wait longer: they wake people up.
const (
	lagging = 1 << 20
	silent  = 15 * time.Minute
)

// Source is a source as it is shown.
type Source struct {
	Name     string     `json:"name"`
	Health   Health     `json:"health"`
	Text     string     `json:"text"` // what that means, as a sentence
	Files    int        `json:"files"`
	LagBytes int64      `json:"lag_bytes"`
	LastLine *time.Time `json:"last_line,omitempty"` // absent before the first line
}

func sourceOf(s SourceStatus, now time.Time) Source {
	v := Source{Name: s.Name, Health: Reading, Files: s.Files, LagBytes: max(s.LagBytes, 0)}
	if !s.LastLine.IsZero() {
		at := s.LastLine.UTC()
		v.LastLine = &at
	}
	quiet := now.Sub(s.LastLine)
	switch {
	case s.Files == 0:
		v.Health, v.Text = Missing, "It has no file: nothing is seen of what it logs."
		if v.LastLine != nil {
			v.Text = fmt.Sprintf("It has no file any more: nothing is seen of what it logs since %s.", clock(*v.LastLine))
		}
	case s.LagBytes >= lagging:
		v.Health, v.Text = Lagging, fmt.Sprintf("%s are not read yet: what is shown is late.", bytesInWords(s.LagBytes))
	case v.LastLine == nil:
		v.Health, v.Text = Silent, "No line has come of it yet."
	case quiet >= silent:
		v.Health, v.Text = Silent, fmt.Sprintf("No line has come of it for %s: is it at rest, or does it log elsewhere?", inWords(quiet))
	default:
		v.Text = "It is read as it is written."
	}
	return v
}

func bytesInWords(n int64) string {
	const kib = 1 << 10
	units := []string{"KiB", "MiB", "GiB", "TiB"}
	f := float64(n) / kib
	for f >= kib && len(units) > 1 {
		f /= kib
		units = units[1:]
	}
	return fmt.Sprintf("%.1f %s", f, units[0])
}

// clock writes a time as it is shown everywhere: in UTC, to the second.
func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// inWords writes a duration with its two biggest units: "3 s", "2 min 5 s", "1 h 20 min", "3 d 4 h".
func inWords(d time.Duration) string {
	d = max(d, 0)
	const day = 24 * time.Hour
	two := func(big time.Duration, bigUnit string, small time.Duration, smallUnit string) string {
		text := fmt.Sprintf("%d %s", d/big, bigUnit)
		if rest := d % big / small; rest > 0 {
			text += fmt.Sprintf(" %d %s", rest, smallUnit)
		}
		return text
	}
	switch {
	case d >= day:
		return two(day, "d", time.Hour, "h")
	case d >= time.Hour:
		return two(time.Hour, "h", time.Minute, "min")
	case d >= time.Minute:
		return two(time.Minute, "min", time.Second, "s")
	default:
		return fmt.Sprintf("%d s", d/time.Second)
	}
}

// list writes names as a sentence has them, at most three of them.
func list(names []string) string {
	if more := len(names) - 3; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:3], ", "), more)
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}
