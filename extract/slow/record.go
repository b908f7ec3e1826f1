package slow

import (
	"regexp"
	"strings"
)

// Record is what an application wrote as one line, with the container's wrapping taken off and its parts joined.
type Record struct {
	Start  int64  // offset of the first byte of its first physical line
	Line   int    // number of that line, from 1
	Stream string // "stdout", "stderr", or "" where there is no wrapping
	Text   string
	Alone  bool // a line that is not of the file's format: it continues nothing, and nothing continues it
}

// Records takes a file apart. A format of "auto" or "" is decided by the first line that is not blank.
func Records(file []byte, format string) []Record {
	lines := physicalLines(string(file))
	wholeToo := false // also in a raw file, a line that is a whole record is unwrapped
	if format == "auto" || format == "" {
		format = detect(lines)
		wholeToo = format == "raw"
	}
	var records []Record
	open := map[string]int{} // stream -> its unfinished record
	for _, l := range lines {
		p, ok := unwrap(format, l.Text)
		if wholeToo {
			if p, ok = unwrap("cri", l.Text); !ok {
				p, ok = unwrap("docker", l.Text)
			}
			ok = ok && !p.more
			p.stream = "" // a raw file is one stream
			p.stream = ""
		}
		if !ok {
			l.Alone = format != "raw"
			records = append(records, l)
			continue
		}
		i, goesOn := open[p.stream]
		if !goesOn {
			i = len(records)
			records = append(records, Record{Start: l.Start, Line: l.Line, Stream: p.stream})
		}
		records[i].Text += p.text
		if open[p.stream] = i; !p.more {
			records[i].Text = dropLineEnd(records[i].Text)
			delete(open, p.stream)
		}
	}
	return records
}

func physicalLines(file string) []Record {
	var lines []Record
	start := int64(0)
	for text := range strings.SplitAfterSeq(file, "\n") {
		if text != "" {
			lines = append(lines, Record{Start: start, Line: len(lines) + 1, Text: dropLineEnd(text)})
		}
		start += int64(len(text))
	}
	return lines
}

// dropLineEnd drops the line feed, and one carriage return before it.
func dropLineEnd(text string) string {
	if t, ok := strings.CutSuffix(text, "\n"); ok {
		return strings.TrimSuffix(t, "\r")
	}
	return text
}

func detect(lines []Record) string {
	for _, l := range lines {
		if strings.Trim(l.Text, whiteSpace) == "" {
			continue
		}
		for _, format := range []string{"cri", "docker"} {
			if _, ok := unwrap(format, l.Text); ok {
				return format
			}
		}
		break
	}
	return "raw"
}

// part is one line of a container's log.
type part struct {
	stream, text string
	more         bool // the record goes on in the stream's next line
}

var criLine = regexp.MustCompile(`(?s)^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)` +
	` (stdout|stderr) (P|F)(?::[^ ]*)? (.*)$`)

func unwrap(format, line string) (part, bool) {
	switch format {
	case "cri":
		if m := criLine.FindStringSubmatch(line); m != nil {
			return part{stream: m[1], text: m[3], more: m[2] == "P"}, true
		}
	case "docker":
		value, _ := parseJSON(line)
		log, isLog := get(value, "log").(string)
		stream, _ := get(value, "stream").(string)
		_, isTime := get(value, "time").(string)
		if isLog && isTime && (stream == "stdout" || stream == "stderr") {
			return part{stream: stream, text: log, more: !strings.HasSuffix(log, "\n")}, true
		}
	}
	return part{}, false
}
