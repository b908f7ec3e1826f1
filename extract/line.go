package extract

import (
	"bytes"

	"github.com/tidwall/gjson"
)

// streamID tells the streams of a container apart. Lines that are in no container's format are of neither.
type streamID uint8

const (
	neither streamID = iota
	stdout
	stderr
	streams // how many there are
)

func (s streamID) String() string { return [...]string{"", "stdout", "stderr"}[s] }

func streamNamed(name string) (id streamID, ok bool) {
	switch name {
	case "stdout":
		return stdout, true
	case "stderr":
		return stderr, true
	default:
		return neither, false
	}
}

// line is one physical line without its wrapping.
type line struct {
	stream  streamID
	text    []byte
	partial bool   // the record goes on in the next line of the stream
	time    []byte // as the runtime wrote it, nil if there is no wrapping
	from    int    // where the text begins in the physical line; decoded if it is a copy
}

// decoded stands for a place that does not exist.
const decoded = -1

// unwrapLine takes the format's wrapping off a physical line, which has no line end. A line that is not of the format is its
// own text, of neither stream. In a file that was only taken for raw, a line may be a whole record all the same; there, too, it
// is of neither stream.
func (s *Stream) unwrapLine(b []byte) line {
	switch {
	case s.format == CRI:
		if l, ok := unwrapCRI(b); ok {
			return l
		}
	case s.format == Docker:
		if l, ok := unwrapDocker(&s.wrapping, b); ok {
			return l
		}
	case s.x.format == Auto && len(b) > 0:
		l, ok := line{}, false
		if isDigit(b[0]) {
			l, ok = unwrapCRI(b)
		} else if mayBeObject(b) {
			l, ok = unwrapDocker(&s.wrapping, b)
		}
		if ok && !l.partial {
			l.stream = neither
			return l
		}
	}
	return line{text: b}
}

// unwrapCRI reads "<time> <stdout|stderr> <tags> <text>".
func unwrapCRI(b []byte) (line, bool) {
	if len(b) <= len("2006-01-02T") || b[len("2006-01-02")] != 'T' {
		return line{}, false
	}
	end := bytes.IndexByte(b, ' ')
	if end < 0 || !isRFC3339(b[:end]) {
		return line{}, false
	}
	const name = len("stdout")
	rest := b[end+1:]
	if len(rest) <= name || rest[name] != ' ' {
		return line{}, false
	}
	id, ok := streamNamed(view(rest[:name]))
	if !ok {
		return line{}, false
	}
	tags, text := rest[name+1:], []byte(nil)
	if end := bytes.IndexByte(tags, ' '); end > 0 {
		tags, text = tags[:end], tags[end+1:]
	} else {
		return line{}, false
	}
	if len(tags) > 1 && tags[1] != ':' || tags[0] != 'F' && tags[0] != 'P' {
		return line{}, false
	}
	return line{stream: id, text: text, partial: tags[0] == 'P', time: b[:end], from: len(b) - len(text)}, true
}

// isRFC3339 checks the shape only: 2006-01-02T15:04:05, a fraction or none, Z or an offset.
func isRFC3339(b []byte) bool {
	const second = len("2006-01-02T15:04:05")
	if len(b) <= second || !isDateTime(b) || b[4] != '-' || b[10] != 'T' {
		return false
	}
	b = b[second:]
	if b[0] == '.' {
		i := digits(b, 1)
		if i == 1 {
			return false
		}
		b = b[i:]
	}
	if len(b) == 1 {
		return b[0] == 'Z'
	}
	return len(b) == 6 && (b[0] == '+' || b[0] == '-') && hasShape(b[1:], "00:00")
}

// isDateTime reports whether b begins like 2006-01-02T15:04:05, or with slashes, or with a space for the T.
func isDateTime(b []byte) bool {
	if len(b) < len("2006-01-02T15:04:05") {
		return false
	}
	date, middle := load(b, 0), load(b, 8)
	return (dashed.fits(date) || slashed.fits(date)) && (joined.fits(middle) || apart.fits(middle)) && hours.fits(load(b, 11))
}

var (
	dashed, slashed = newPattern("0000-00-"), newPattern("0000/00/")
	joined, apart   = newPattern("00T00:00"), newPattern("00 00:00")
	hours           = newPattern("00:00:00")
)

// hasShape reports whether b begins like the shape, in which a 0 stands for any digit.
func hasShape(b []byte, shape string) bool {
	if len(b) < len(shape) {
		return false
	}
	for i := range len(shape) {
		if shape[i] == '0' && !isDigit(b[i]) || shape[i] != '0' && b[i] != shape[i] {
			return false
		}
	}
	return true
}

// unwrapDocker reads an object with log, stream and time.
func unwrapDocker(l *layout, b []byte) (line, bool) {
	if !hasLogKey(b) {
		return line{}, false
	}
	b, _ = trim(b)
	if !l.read(b, candidates{}) {
		return line{}, false
	}
	return l.docker()
}

// docker takes the text out of an object that has log, stream and time.
func (l *layout) docker() (line, bool) {
	if !l.isString(l.log) || !l.isString(l.stream) || !l.isString(l.time) {
		return line{}, false
	}
	id, ok := streamNamed(gjson.Parse(view(l.raw(l.stream))).Str)
	if !ok {
		return line{}, false
	}
	log, stamp := gjson.Parse(view(l.raw(l.log))).Str, gjson.Parse(view(l.raw(l.time))).Str
	text := bytesOf(log)
	if n := len(text); n > 0 && text[n-1] == '\n' {
		return line{stream: id, text: trimCR(text[:n-1]), time: bytesOf(stamp), from: decoded}, true
	}
	return line{stream: id, text: text, time: bytesOf(stamp), partial: true, from: decoded}, true
}

// mayBeObject reports whether a line begins like an object.
func mayBeObject(b []byte) bool { return len(b) > 0 && (b[0] == '{' || isSpace(b[0])) }

// hasLogKey reports whether a line may be an object of Docker's, in much less time than it takes to read it.
func hasLogKey(b []byte) bool {
	const key = `"log"`
	for i := logKeyEnd.index(b, len(key)-2); i >= 0; i = logKeyEnd.index(b, i+1) {
		if string(b[i+2-len(key):i+2]) == key {
			return true
		}
	}
	return false
}

var logKeyEnd = newPair(`g"`, false)

// peek tells what can be told of a container's line without taking it apart: its stream, and whether it may be the part of a
// record that another line goes on with. sure is false where only unwrapping can tell.
type peek func(b []byte) (id streamID, goesOn, sure bool)

func peekCRI(b []byte) (id streamID, goesOn, sure bool) {
	space := bytes.IndexByte(b, ' ')
	const letter, tag = len(" std"), len(" stdout ")
	if space < 0 || len(b) <= space+tag {
		return neither, false, true
	}
	return streamOf(b[space+letter]), b[space+tag] == 'P', true
}

// peekDocker reads a line as the runtime writes it, log first and stream behind it.
func peekDocker(b []byte) (id streamID, goesOn, sure bool) {
	if !bytes.HasPrefix(b, []byte(`{"log":"`)) {
		return neither, true, false
	}
	// Quotes in the log are escaped, so the first of these is the log's end.
	const behind = `","stream":"std`
	end := bytes.Index(b, []byte(behind))
	if end < 0 || len(b) <= end+len(behind) {
		return neither, true, false
	}
	id = streamOf(b[end+len(behind)])
	if b[end-1] != 'n' {
		return id, true, true
	}
	run := 0
	for b[end-2-run] == '\\' {
		run++
	}
	return id, run%2 == 0, true
}

// streamOf tells the streams apart by the letter behind "std".
func streamOf(letter byte) streamID {
	switch letter {
	case 'o':
		return stdout
	case 'e':
		return stderr
	default:
		return neither
	}
}

// lineText takes the line end off.
func lineText(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == '\n' {
		b = b[:n-1]
	}
	return trimCR(b)
}

func trimCR(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == '\r' {
		return b[:n-1]
	}
	return b
}

// Detect tells the format by a file's first line that is not blank; ok is false if there is none in data, which is how the
// file begins.
func Detect(data []byte) (format Format, ok bool) {
	for len(data) > 0 {
		first, rest, _ := bytes.Cut(data, []byte("\n"))
		if first = trimCR(first); len(bytes.TrimSpace(first)) > 0 {
			if _, ok := unwrapCRI(first); ok {
				return CRI, true
			}
			if _, ok := unwrapDocker(&layout{}, first); ok {
				return Docker, true
			}
			return Raw, true
		}
		data = rest
	}
	return Auto, false
}
