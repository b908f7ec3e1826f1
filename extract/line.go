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
}

// unwrap takes a format's wrapping off a physical line, which has no line end. A line that is not of the format is its own
// text, of neither stream. In a file that was only taken for raw, a line may be a whole record all the same; there, too, it
// is of neither stream.
func unwrap(format Format, guessed bool, b []byte) line {
	switch {
	case format == CRI:
		if l, ok := unwrapCRI(b); ok {
			return l
		}
	case format == Docker:
		if l, ok := unwrapDocker(b); ok {
			return l
		}
	case guessed && len(b) > 0:
		l, ok := line{}, false
		if isDigit(b[0]) {
			l, ok = unwrapCRI(b)
		} else {
			l, ok = unwrapDocker(b)
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
	stamp, rest, ok := bytes.Cut(b, []byte(" "))
	if !ok || !isRFC3339(stamp) {
		return line{}, false
	}
	name, rest, ok := bytes.Cut(rest, []byte(" "))
	if !ok {
		return line{}, false
	}
	l := line{time: stamp}
	if l.stream, ok = streamNamed(view(name)); !ok {
		return line{}, false
	}
	tags, text, ok := bytes.Cut(rest, []byte(" "))
	if !ok {
		return line{}, false
	}
	first, _, _ := bytes.Cut(tags, []byte(":"))
	switch string(first) {
	case "F":
	case "P":
		l.partial = true
	default:
		return line{}, false
	}
	l.text = text
	return l, true
}

// isRFC3339 checks the shape only: 2006-01-02T15:04:05, a fraction or none, Z or an offset.
func isRFC3339(b []byte) bool {
	const shape = "0000-00-00T00:00:00"
	if len(b) < len(shape)+1 || !hasShape(b, shape) {
		return false
	}
	b = b[len(shape):]
	if b[0] == '.' {
		i := 1
		for i < len(b) && isDigit(b[i]) {
			i++
		}
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
func unwrapDocker(b []byte) (line, bool) {
	if !bytes.Contains(b, []byte(`"stream"`)) || !bytes.Contains(b, []byte(`"log"`)) {
		return line{}, false
	}
	object, ok := asJSON(b)
	if !ok || object[0] != '{' {
		return line{}, false
	}
	var l line
	var log, stream, stamp gjson.Result
	gjson.Parse(object).ForEach(func(key, value gjson.Result) bool {
		var field *gjson.Result
		switch key.Str {
		case "log":
			field = &log
		case "stream":
			field = &stream
		case "time":
			field = &stamp
		default:
			return true
		}
		if !field.Exists() {
			*field = value
		}
		return true
	})
	if log.Type != gjson.String || stream.Type != gjson.String || stamp.Type != gjson.String {
		return line{}, false
	}
	if l.stream, ok = streamNamed(stream.Str); !ok {
		return line{}, false
	}
	l.time = bytesOf(stamp.Str)
	l.text = bytesOf(log.Str)
	if n := len(l.text); n > 0 && l.text[n-1] == '\n' {
		l.text = trimCR(l.text[:n-1])
	} else {
		l.partial = true
	}
	return l, true
}

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
			if _, ok := unwrapDocker(first); ok {
				return Docker, true
			}
			return Raw, true
		}
		data = rest
	}
	return Auto, false
}
