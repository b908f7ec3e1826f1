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

// lineTime returns the time that the container runtime gave a line, else the one that the line gives itself; zero if
// neither does. A time without a zone is taken for local.
func lineTime(stamp, text []byte) time.Time {
	if len(stamp) > 0 {
		if t, err := time.Parse(time.RFC3339Nano, view(stamp)); err == nil {
			return t
		}
	}
	if t := bytes.TrimLeft(text, whiteSpace); len(t) > 0 && t[0] == '{' {
		return jsonTime(view(t))
	}
	return textTime(text)
}

// jsonTime takes the first member whose key is one that loggers write the time under, and that reads as a time.
func jsonTime(json string) (t time.Time) {
	gjson.Parse(json).ForEach(func(key, v gjson.Result) bool {
		switch key.Str {
		case "time", "timestamp", "@timestamp", "ts", "t", "datetime", "eventTime":
		default:
			return true
		}
		switch {
		case v.Type == gjson.String:
			t = textTime(bytesOf(v.Str))
		case v.Type == gjson.Number:
			t = epoch(v.Num)
		}
		return t.IsZero()
	})
	return t
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

// textTime finds "2006-01-02 15:04:05", with a T between, with slashes, with a fraction and a zone or without, near the
// beginning of a text.
func textTime(text []byte) time.Time {
	text = text[:min(len(text), timeWithin)]
	for i := range text {
		if !isDigit(text[i]) || i > 0 && isDigit(text[i-1]) {
			continue
		}
		if t, ok := dateTime(text[i:]); ok {
			return t
		}
	}
	return time.Time{}
}

func dateTime(b []byte) (time.Time, bool) {
	if !hasShape(b, "0000-00-00") && !hasShape(b, "0000/00/00") {
		return time.Time{}, false
	}
	const date, clock = len("2006-01-02"), len("15:04:05")
	if len(b) <= date || b[date] != 'T' && b[date] != ' ' || !hasShape(b[date+1:], "00:00:00") {
		return time.Time{}, false
	}
	n := func(from, to int) int { v, _ := strconv.Atoi(view(b[from:to])); return v }
	year, month, day := n(0, 4), n(5, 7), n(8, 10)
	hour, minute, second := n(11, 13), n(14, 16), n(17, 19)
	if month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60 {
		return time.Time{}, false
	}
	rest := b[date+1+clock:]
	nanos, rest := fraction(rest)
	return time.Date(year, time.Month(month), day, hour, minute, second, nanos, zone(rest)), true
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

// zone reads Z, +08:00, +0800 or +08, with or without a space before; local if there is none.
func zone(b []byte) *time.Location {
	b = bytes.TrimPrefix(b, []byte(" "))
	switch {
	case len(b) > 0 && b[0] == 'Z', bytes.HasPrefix(b, []byte("UTC")):
		return time.UTC
	case len(b) >= 3 && (b[0] == '+' || b[0] == '-') && hasShape(b[1:], "00"):
		hours, _ := strconv.Atoi(view(b[:3]))
		minutes, rest := 0, bytes.TrimPrefix(b[3:], []byte(":"))
		if hasShape(rest, "00") {
			minutes, _ = strconv.Atoi(view(rest[:2]))
		}
		if b[0] == '-' {
			minutes = -minutes
		}
		return time.FixedZone("", hours*3600+minutes*60)
	default:
		return time.Local
	}
}
