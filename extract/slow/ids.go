package slow

import (
	"regexp"
	"strings"
)

const (
	toValue = `["'\\ \]]*(?:=>|[:=>\[])[ "'\\\[]*` // from the key to its value
	idValue = `([A-Za-z0-9._:-]*)`
)

var (
	requestID   = regexp.MustCompile(`(?:[rR]equest|REQUEST)[-_ ]?[iI][dD]` + toValue + idValue)
	traceID     = regexp.MustCompile(`(?:[tT]race|TRACE)[-_ ]?[iI][dD]` + toValue + idValue)
	traceparent = regexp.MustCompile(`(?:[tT]raceparent|TRACEPARENT)` + toValue + `00-([0-9a-fA-F]{32})-[0-9a-fA-F]{16}-[0-9a-fA-F]{2}`)
)

// RequestID is the first request ID that a text gives, or "".
func RequestID(text string) string { return id(text, requestID) }

// TraceID is the first trace ID that a text gives, else the trace part of a W3C traceparent, or "".
func TraceID(text string) string {
	if v := id(text, traceID); v != "" {
		return v
	}
	return id(text, traceparent)
}

func id(text string, key *regexp.Regexp) string {
	for _, at := range key.FindAllStringSubmatchIndex(text, -1) {
		v := text[at[2]:at[3]]
		if len(v) > 128 || strings.HasPrefix(text[at[3]:], "=") { // the next key of a list of key=value
			continue
		}
		switch v = strings.TrimRight(v, ".:-"); strings.ToLower(v) {
		case "", "null", "none", "nil", "undefined":
			continue
		}
		return v
	}
	return ""
}

// HasWords tells whether a text holds the words, whatever their case.
func HasWords(text, words string) bool { return strings.Contains(lower(text), lower(words)) }

// lower knows ASCII only, so that every byte stays where it is.
func lower(text string) string {
	b := []byte(text)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
