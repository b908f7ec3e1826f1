package extract

import "github.com/tidwall/gjson"

// key is one of the keys of an outermost object that mean something here.
type key uint8

const (
	otherKey key = iota
	logKey
	streamKey
	timeKey  // Docker's, and that of many loggers
	timesKey // another one under which loggers write the time
)

// keyAt knows the key between two quotes.
func keyAt(b []byte, from, to int, escaped bool) key {
	if escaped {
		return keyOf(bytesOf(gjson.Parse(view(b[from : to+1])).Str))
	}
	return keyOf(b[from+1 : to])
}

// keyOf knows a decoded key.
func keyOf(name []byte) key {
	switch string(name) {
	case "log":
		return logKey
	case "stream":
		return streamKey
	case "time":
		return timeKey
	case "timestamp", "@timestamp", "ts", "t", "datetime", "eventTime":
		return timesKey
	default:
		return otherKey
	}
}

// note keeps the value of a member of the outermost object, of which an object or array gives only its first byte.
func (l *layout) note(name key, value span, escaped bool) {
	first := func(s *span) {
		if *s == (span{}) {
			*s = value
		}
	}
	switch name {
	case logKey:
		first(&l.log)
		return
	case streamKey:
		first(&l.stream)
		return
	case timeKey:
		first(&l.time)
	case timesKey, otherKey:
	}
	if c := l.text[value.from]; (c == '"' || isDigit(c)) && len(l.times) < maxTimes {
		l.times = append(l.times, stamp{value, escaped})
	}
}

// isString reports whether a value is there and a string.
func (l *layout) isString(s span) bool { return s.to > 0 && l.text[s.from] == '"' }

// raw is a value as it stands in the text.
func (l *layout) raw(s span) []byte { return l.text[s.from:s.to] }
