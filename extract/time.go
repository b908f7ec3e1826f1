package extract

import (
	"bytes"
	"math"
	"strconv"
	"time"

	"github.com/tidwall/gjson"
)

// timeWithin is how far into a text line its time may begin.
const timeWithin = 64

// clock reads times. Lines of one second follow one another, so it remembers the last second that it read of each way to write
// it, and what that came to.
type clock struct{ seconds [4]second }

// second is one that was read.
type second struct {
	text [secondBytes]byte
	zone string
	at   time.Time
}

const secondBytes = len("2006-01-02T15:04:05")

// last returns the second that was read last and written alike.
func (c *clock) last(text []byte, stamp bool) *second {
	i := text[len("2006-01-02")] >> 6 & 1 // T or space
	if stamp {
		i |= 2
	}
	return &c.seconds[i]
}

// is reports whether a text that is long enough begins with this second.
func (s *second) is(text []byte) bool { return string(text[:secondBytes]) == string(s.text[:]) }

func (s *second) remember(text, zone []byte, at time.Time) {
	copy(s.text[:], text)
	if string(zone) != s.zone {
		s.zone = string(zone)
	}
	s.at = at
}

// of returns the time that the container runtime gave a line, else the one that the line gives itself; zero if neither does.
// A time without a zone is taken for local. The layout is of the line's text if that is JSON and was read, else nil.
func (c *clock) of(stamp, text []byte, json *layout) time.Time {
	if len(stamp) > 0 {
		if t, ok := c.runtime(stamp); ok {
			return t
		}
	}
	if json != nil && json.text[0] == '{' {
		for _, v := range json.times {
			if t := c.raw(json.raw(v.span), v.escaped); !t.IsZero() {
				return t
			}
		}
		return time.Time{}
	}
	if json == nil && mayBeObject(text) {
		if t, _ := trim(text); len(t) > 0 && t[0] == '{' {
			return c.members(view(t))
		}
	}
	return c.in(text)
}

// members takes the first member of an object whose key is one that loggers write the time under, and that reads as a time.
func (c *clock) members(json string) (t time.Time) {
	gjson.Parse(json).ForEach(func(key, v gjson.Result) bool {
		if k := keyOf(bytesOf(key.Str)); k == timeKey || k == timesKey {
			t = c.value(v)
		}
		return t.IsZero()
	})
	return t
}

// raw reads a time as it stands in JSON.
func (c *clock) raw(value []byte, escaped bool) time.Time {
	if value[0] == '"' && !escaped {
		return c.in(value[1 : len(value)-1])
	}
	return c.value(gjson.Parse(view(value)))
}

func (c *clock) value(v gjson.Result) time.Time {
	switch v.Type {
	case gjson.String:
		return c.in(bytesOf(v.Str))
	case gjson.Number:
		return epoch(v.Num)
	default:
		return time.Time{}
	}
}

// epoch tells seconds, milliseconds, microseconds and nanoseconds apart by size: each reads as a year between 2001 and 2286
// in one unit only.
func epoch(n float64) time.Time {
	for unit := time.Second; unit >= time.Nanosecond; unit /= 1000 {
		perSecond := float64(time.Second / unit)
		if s := n / perSecond; s >= 1e9 && s < 1e10 {
			whole, fraction := math.Modf(s)
			return time.Unix(int64(whole), int64(fraction*1e9))
		}
	}
	return time.Time{}
}

// in finds "2006-01-02 15:04:05", with a T between, with slashes, with a fraction and a zone or without, near the beginning
// of a text.
func (c *clock) in(text []byte) time.Time {
	text = text[:min(len(text), timeWithin)]
	for i := range text {
		if !isDigit(text[i]) || i > 0 && isDigit(text[i-1]) {
			continue
		}
		if t, ok := c.at(text[i:]); ok {
			return t
		}
	}
	return time.Time{}
}

// at reads the time that a text begins with.
func (c *clock) at(b []byte) (time.Time, bool) {
	if len(b) < secondBytes {
		return time.Time{}, false
	}
	last := c.last(b, false)
	known := last.is(b)
	if !known && !isDateTime(b) {
		return time.Time{}, false
	}
	nanos, rest := fraction(b[secondBytes:])
	if zone := zoneText(rest); !known || string(zone) != last.zone {
		n := func(from, to int) int { v, _ := strconv.Atoi(view(b[from:to])); return v }
		year, month, day := n(0, 4), n(5, 7), n(8, 10)
		hour, minute, second := n(11, 13), n(14, 16), n(17, 19)
		if month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60 {
			return time.Time{}, false
		}
		last.remember(b, zone, time.Date(year, time.Month(month), day, hour, minute, second, 0, location(zone)))
	}
	return last.at.Add(time.Duration(nanos)), true
}

// runtime reads the time that a container runtime wrote.
func (c *clock) runtime(stamp []byte) (time.Time, bool) {
	if !isRFC3339(stamp) {
		t, err := time.Parse(time.RFC3339Nano, view(stamp))
		return t, err == nil
	}
	nanos, zone := fraction(stamp[secondBytes:])
	last := c.last(stamp, true)
	if !last.is(stamp) || string(zone) != last.zone {
		t, err := time.Parse(time.RFC3339Nano, view(stamp))
		if err != nil {
			return time.Time{}, false
		}
		last.remember(stamp, zone, t.Add(-time.Duration(nanos)))
	}
	return last.at.Add(time.Duration(nanos)), true
}

// fraction reads ".123" or ",123" as nanoseconds.
func fraction(b []byte) (nanos int, rest []byte) {
	if len(b) < 2 || b[0] != '.' && b[0] != ',' || !isDigit(b[1]) {
		return 0, b
	}
	i, scale := 1, int(time.Second)
	for ; i < len(b) && isDigit(b[i]); i++ {
		scale /= 10
		nanos += int(b[i]-'0') * scale
	}
	return nanos, b[i:]
}

// zoneText returns what b begins with of Z, UTC, +08:00, +0800 and +08, without the space that may stand before it; nothing
// if it is none of them.
func zoneText(b []byte) []byte {
	if len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	switch {
	case len(b) == 0:
		return nil
	case b[0] == 'Z':
		return b[:1]
	case b[0] == 'U' && bytes.HasPrefix(b, []byte("UTC")):
		return b[:3]
	case len(b) >= 3 && (b[0] == '+' || b[0] == '-') && hasShape(b[1:], "00"):
		switch {
		case hasShape(b[3:], ":00"):
			return b[:6]
		case hasShape(b[3:], "00"):
			return b[:5]
		default:
			return b[:3]
		}
	default:
		return nil
	}
}

// location is the zone that zoneText found; local if there is none.
func location(zone []byte) *time.Location {
	switch {
	case len(zone) == 0:
		return time.Local
	case zone[0] == 'Z' || zone[0] == 'U':
		return time.UTC
	}
	hours, _ := strconv.Atoi(view(zone[:3]))
	minutes, _ := strconv.Atoi(view(bytes.TrimPrefix(zone[3:], []byte(":"))))
	if zone[0] == '-' {
		minutes = -minutes
	}
	return time.FixedZone("", hours*3600+minutes*60)
}
