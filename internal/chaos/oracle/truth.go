package main

import (
	"bytes"
	"hash/crc32"
	"regexp"
	"strconv"
)

// truth is what a reader must have counted.
type truth struct {
	Files    int            `json:"files"`
	Lines    int            `json:"lines"`    // whole ones, as they stand in the files
	Codes    map[string]int `json:"codes"`    // events of which some whole line names the code
	Torn     int            `json:"torn"`     // last lines without an end
	Corrupt  []string       `json:"corrupt"`  // lines whose checksum is wrong; the first few
	Repeated int            `json:"repeated"` // lines that are in two files, or twice in one

	seen map[string]bool // whole lines, by their number and checksum
}

func newTruth() *truth {
	return &truth{Codes: map[string]int{}, Corrupt: []string{}, seen: map[string]bool{}}
}

var (
	number = regexp.MustCompile(`\bn"?[=:](\d+)`)
	seal   = regexp.MustCompile(`(?:"crc":"|crc=)([0-9a-f]{8})"?\}?$`)
	code   = regexp.MustCompile(`\b(?:APIGW?|IS|ModelArts)\.\d{4}\b`)
)

// event is one in one file. The beginning of a record in the old file and its end in the new one are two.
type event struct {
	n    int
	code string
}

// record takes the text of one whole line or container record.
func (t *truth) record(text []byte, events map[event]bool) {
	end, n := seal.FindSubmatchIndex(text), number.FindSubmatch(text)
	if end == nil || n == nil || string(text[end[2]:end[3]]) != checksum(text[:end[0]]) {
		if most := 10; len(t.Corrupt) < most {
			t.Corrupt = append(t.Corrupt, string(text[:min(len(text), 300)]))
		}
		return
	}
	key := string(n[1]) + " " + string(text[end[2]:end[3]])
	if t.seen[key] {
		t.Repeated++
	}
	t.seen[key] = true
	if bytes.IndexByte(text, '.') < 0 {
		return
	}
	at, _ := strconv.Atoi(string(n[1]))
	for _, c := range code.FindAll(text, -1) {
		e := event{at, string(c)}
		if !events[e] {
			events[e] = true
			t.Codes[e.code]++
		}
	}
}

func checksum(text []byte) string {
	sum := strconv.FormatUint(uint64(crc32.ChecksumIEEE(text)), 16)
	return "00000000"[len(sum):] + sum
}
