package main

import (
	"encoding/binary"

	"errcode_exporter/extract"
)

// eventLog keeps reports of events until it is their turn to be printed. They take about as many bytes as the least that a log needs to
// name a code: a hostile one names one every eight bytes.
type eventLog struct {
	bytes       []byte
	start, line int64    // of the latest report
	codes       []string // used again and again
}

// report is what is printed of one report of an event.
type report struct {
	start, line int64
	stream      string
	requestID   string
	codes       []string
}

func (l *eventLog) add(e *extract.Event) {
	b := binary.AppendVarint(l.bytes, e.Start-l.start)
	b = binary.AppendVarint(b, e.Line-l.line)
	l.start, l.line = e.Start, e.Line
	b = appendText(b, e.Stream)
	b = appendText(b, e.RequestID)
	b = binary.AppendUvarint(b, uint64(len(e.Findings)))
	for _, f := range e.Findings {
		b = appendText(b, f.Name)
	}
	l.bytes = b
}

// take calls f with every report, in order, and forgets them. f must not keep the slice of codes.
func (l *eventLog) take(f func(report)) {
	start, line := int64(0), int64(0)
	for b := l.bytes; len(b) > 0; {
		var r report
		var codes uint64
		r.start, b = takeInt(b)
		r.line, b = takeInt(b)
		start, line = start+r.start, line+r.line
		r.start, r.line = start, line
		r.stream, b = takeText(b)
		r.requestID, b = takeText(b)
		codes, b = takeUint(b)
		l.codes = l.codes[:0]
		for range codes {
			var code string
			code, b = takeText(b)
			l.codes = append(l.codes, code)
		}
		r.codes = l.codes
		f(r)
	}
	l.reset()
}

// reset forgets the reports.
func (l *eventLog) reset() { l.bytes, l.start, l.line = l.bytes[:0], 0, 0 }

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

func takeInt(b []byte) (int64, []byte) {
	v, n := binary.Varint(b)
	return v, b[n:]
}

func takeUint(b []byte) (uint64, []byte) {
	v, n := binary.Uvarint(b)
	return v, b[n:]
}

func takeText(b []byte) (string, []byte) {
	n, b := takeUint(b)
	return string(b[:n]), b[n:]
}
