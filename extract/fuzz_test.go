package extract

import (
	"bytes"
	"testing"

	"errcode_exporter/extract/slow"
)

// FuzzExtract holds the fast extractor against the slow one on any file.
func FuzzExtract(f *testing.F) {
	for _, row := range corpusFiles(f) {
		f.Add(row, byte(0), uint16(64))
	}
	cat := loadCatalog(f)
	formats := []Format{Auto, CRI, Docker, Raw}
	matches := []Match{Anywhere, Fields}
	f.Fuzz(func(t *testing.T, file []byte, mode byte, block uint16) {
		compare(t, cat, file, formats[mode%4], matches[mode/4%2], int(block)+1)
	})
}

// FuzzClean holds the cleaning of text against the regular expressions that say what it is.
func FuzzClean(f *testing.F) {
	for _, s := range []string{
		"", `\`, `\\n`, `\u001b[31mx`, "\x1b[0;1m\x1b[K#033[1m#03", `\0\033\0333\x4g\x41\U00000041\u00e9\U0010ffff`, `\e[m\e`, "\x1b[31", `\\\u001B[0m`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var scratch []byte
		if got, want := string(clean(&scratch, text)), slow.Clean(string(text)); got != want {
			t.Fatalf("clean(%q) = %q, want %q", text, got, want)
		}
	})
}

// FuzzIDs holds the search for request and trace IDs against the regular expressions that say what they are.
func FuzzIDs(f *testing.F) {
	for _, s := range []string{
		"", `request_id=a`, `"X-Request-Id": "abc"`, `{\"requestId\":\"a.b-\"}`, `REQUEST ID=> ['x']`, `request-id: null request_id: None requestid=1`,
		`trace_id=-`, `traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`, `Traceid = "00"`, `request_ID= :: requestId==a`, `request_id= method=GET`,
		`request id [abc]`, `<RequestId>abc</RequestId>`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if got, want := string(requestID(text)), slow.RequestID(string(text)); got != want {
			t.Fatalf("request ID of %q: %q, want %q", text, got, want)
		}
		if got, want := string(traceID(text)), slow.TraceID(string(text)); got != want {
			t.Fatalf("trace ID of %q: %q, want %q", text, got, want)
		}
	})
}

// FuzzLine holds what a line is to its event against the regular expressions that say so.
func FuzzLine(f *testing.F) {
	for _, s := range []string{"", " x", "at x", "att", "... 3 more", "Caused by: x", "a.BException: y", "a.B.CError", "\x1b[1m}", "a..BError", ".BError:", "a.Berror"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if bytes.IndexByte(text, '\n') >= 0 {
			return
		}
		want := logLine
		switch s := string(text); {
		case slow.Continues(s):
			want = continuation
		case slow.Header(s):
			want = exceptionHead
		}
		if got := kindOf(text); got != want {
			t.Fatalf("%q is of kind %d, want %d", text, got, want)
		}
	})
}
