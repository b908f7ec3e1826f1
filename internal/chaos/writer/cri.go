package main

import (
	"math/rand/v2"
	"strings"
	"time"
)

// mixedStreams returns a record of standard output and one of standard error as a container runtime writes them: each line in
// one to three parts, cut anywhere, often within a code, and the parts of both streams in turn.
func (s *source) mixedStreams() []string {
	streams := [2][]string{parts("stdout", s.record()), parts("stderr", s.record())}
	var lines []string
	for len(streams[0])+len(streams[1]) > 0 {
		i := rand.IntN(2)
		if len(streams[i]) == 0 {
			i = 1 - i
		}
		lines = append(lines, streams[i][0])
		streams[i] = streams[i][1:]
	}
	return lines
}

// parts wraps the lines of a record.
func parts(stream string, lines []string) []string {
	var wrapped []string
	for _, line := range lines {
		text := strings.TrimSuffix(line, "\n")
		for range rand.IntN(3) {
			at := cut(text)
			wrapped = append(wrapped, entry(stream, "P", text[:at]))
			text = text[at:]
		}
		wrapped = append(wrapped, entry(stream, "F", text))
	}
	return wrapped
}

// cut is where a part ends: within a code if there is one.
func cut(text string) int {
	for _, code := range codes {
		if at := strings.Index(text, code.name); at >= 0 {
			return at + rand.IntN(len(code.name)+1)
		}
	}
	return rand.IntN(len(text) + 1)
}

func entry(stream, tag, text string) string {
	return time.Now().UTC().Format("2006-01-02T15:04:05.000000000Z") + " " + stream + " " + tag + " " + text + "\n"
}
