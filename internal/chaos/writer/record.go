package main

import (
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"strings"
	"time"
)

// codes are listed ones of all families. What some mean is told by words that come with them, perhaps in a later line.
var codes = [...]struct{ name, words string }{
	{"IS.4006", "The account is frozen."},
	{"APIG.0308", "The throttling threshold has been reached."},
	{"ModelArts.4101", "The token is wrong."},
	{"IS.0021", "The token has expired."},
	{"APIG.0301", "Incorrect IAM authentication information: token expires"},
	{"ModelArts.4603", "Invalid parameter"},
	{"IS.0001", "请求参数缺失"},
	{"APIG.0201", "backend timeout"},
	{"APIGW.0301", "verify aksk signature fail"},
	{"IS.2014", "No such task"},
	{"ModelArts.0203", "数据集"},
}

// tally is what was written.
type tally struct {
	Lines int            `json:"lines"`
	Next  int            `json:"next"` // number of the record that would have come next
	Codes map[string]int `json:"codes"`
}

// source makes records, one after the other.
type source struct {
	shape string
	every int
	n     int // of the record in hand
	event int
	wrote tally
}

func newSource(o *options) (*source, error) {
	if o.shape != "lines" && o.shape != "mixed" && o.shape != "cri" {
		return nil, fmt.Errorf("-shape is %q: must be lines, mixed or cri", o.shape)
	}
	return &source{shape: o.shape, every: max(o.every, 1), n: o.from - 1, wrote: tally{Codes: map[string]int{}}}, nil
}

// next returns the lines of the next record; of several records where a container runtime mixes them.
func (s *source) next() []string {
	var lines []string
	if s.shape == "cri" {
		lines = s.mixedStreams()
	} else {
		lines = s.record()
	}
	s.wrote.Lines += len(lines)
	s.wrote.Next = s.n + 1
	return lines
}

// record returns the lines of one record as the application prints it.
func (s *source) record() []string {
	s.n++
	at := time.Now().UTC().Format("2006-01-02 15:04:05.000")
	if s.n%s.every != 0 {
		return []string{s.sealed("%s INFO  n=%d handled in %d ms ", at, s.n, rand.IntN(500))}
	}
	s.event++
	code := codes[s.event%len(codes)]
	s.wrote.Codes[code.name]++
	form := s.event / len(codes) % 6
	if s.shape == "lines" {
		form %= 2
	}
	switch form {
	case 0:
		return []string{s.sealed("%s ERROR n=%d search failed: %s %s ", at, s.n, code.name, code.words)}
	case 1:
		return []string{s.sealed(`{"time":%q,"n":%d,"error_code":%q,"error_msg":%q,"request_id":"req-%d",`, at, s.n, code.name, code.words, s.n)}
	case 2: // a stack trace that repeats the code
		return []string{
			s.sealed("%s ERROR n=%d call failed ", at, s.n),
			s.sealed("com.example.sdk.ClientRequestException: n=%d errorCode: %s, errorMsg: %s ", s.n, code.name, code.words),
			s.sealed("\tat com.example.Main.run(Main.java:%d) n=%d %s ", rand.IntN(900), s.n, code.name),
		}
	case 3: // what it means comes later
		return []string{s.sealed("%s ERROR n=%d the gateway said %s ", at, s.n, code.name), s.sealed("  n=%d and that: %s ", s.n, code.words)}
	case 4: // a body over several lines
		return []string{
			s.sealed("%s ERROR n=%d answer: { ", at, s.n), s.sealed(`  "n":%d,"error_msg":%q, `, s.n, code.words),
			s.sealed(`  "n":%d,"error_code":%q, `, s.n, code.name), s.sealed("} n=%d ", s.n),
		}
	default: // two codes
		other := codes[(s.event+1)%len(codes)]
		s.wrote.Codes[other.name]++
		return []string{s.sealed("%s WARN  n=%d %s, then %s ", at, s.n, code.name, other.name)}
	}
}

// sealed ends a line with a checksum of what is before it.
func (s *source) sealed(format string, a ...any) string {
	text := fmt.Sprintf(format, a...)
	sum := crc32.ChecksumIEEE([]byte(text))
	if strings.HasPrefix(text, "{") {
		return fmt.Sprintf("%s\"crc\":\"%08x\"}\n", text, sum)
	}
	return fmt.Sprintf("%scrc=%08x\n", text, sum)
}
