// Package extract finds the error codes that log events name: blocks of log lines in, events with codes out.
//
// The rule it follows is written down in docs/matching.md. Its unit is a block of whole lines. Almost no line names a code,
// so a block is searched for the one thing that every code has, a prefix, a dot and four digits; only the line around such a
// candidate is unwrapped, decoded and matched, and only its event is looked for.
package extract

import (
	"fmt"
	"strings"
	"time"

	"errcode_exporter/catalog"
)

// Format says how a container runtime wraps lines.
type Format string

// The formats. Auto decides per file, by its first line that is not blank.
const (
	Auto   Format = "auto"
	CRI    Format = "cri"
	Docker Format = "docker"
	Raw    Format = "raw"
)

// Match says where in a line codes are looked for.
type Match string

// Anywhere looks at every string value of a JSON line and at all of a text line; Fields only at known paths of JSON lines.
const (
	Anywhere Match = "anywhere"
	Fields   Match = "fields"
)

// The bounds of what is kept and looked at, so that no log line can cost more.
const (
	DefaultMaxRecord = 1 << 20  // bytes of a record joined from parts; the rest of it is not looked into
	lookback         = 64 << 10 // bytes from a line back to the beginning of its event
	maxEventCodes    = 1024     // different codes counted for one event
	maxDepth         = 128      // nesting of a JSON line; a deeper one is treated as text
	maxNested        = 8        // JSON in a JSON string, in a JSON string …
)

// DefaultPaths are the gjson paths at which Huawei Cloud's services, SDKs and common loggers put the code.
func DefaultPaths() []string {
	return []string{
		"error_code", "errorCode", "errCode", "err_code", "ErrorCode", "error.code", "error.error_code", "errors.#.code",
		"errors.#.error_code", "errors.#.errorCode", "details.#.error_code", "err.code", "code",
	}
}

// CheckPaths refuses paths that are more than names joined by dots, with # for every element of an array.
func CheckPaths(paths []string) error {
	for _, p := range paths {
		if p == "" || strings.ContainsAny(p, "@!|*?{}[]") {
			return fmt.Errorf("path %q: names joined by dots are meant, with # for every element of an array", p)
		}
	}
	return nil
}

// Options configure an Extractor. The zero value detects the format and matches anywhere.
type Options struct {
	Format    Format
	Match     Match
	Paths     []string // gjson paths for Fields; DefaultPaths if empty
	MaxRecord int      // bytes; DefaultMaxRecord if 0
}

// Extractor finds the codes of a catalog. It is immutable and safe for concurrent use; what it remembers of a file is in a
// Stream.
type Extractor struct {
	cat       *catalog.Catalog
	shape     *shape
	format    Format
	match     Match
	paths     []string
	maxRecord int
}

// New checks the options and returns an extractor for the codes, families and causes of a catalog.
func New(cat *catalog.Catalog, o Options) (*Extractor, error) {
	x := &Extractor{cat: cat, format: o.Format, match: o.Match, paths: o.Paths, maxRecord: o.MaxRecord}
	switch o.Format {
	case "":
		x.format = Auto
	case Auto, CRI, Docker, Raw:
	default:
		return nil, fmt.Errorf("format %q is not one of %s, %s, %s, %s", o.Format, Auto, CRI, Docker, Raw)
	}
	switch o.Match {
	case "":
		x.match = Anywhere
	case Anywhere, Fields:
	default:
		return nil, fmt.Errorf("match %q is not one of %s, %s", o.Match, Anywhere, Fields)
	}
	if len(x.paths) == 0 {
		x.paths = DefaultPaths()
	}
	if err := CheckPaths(x.paths); err != nil {
		return nil, err
	}
	if x.maxRecord <= 0 {
		x.maxRecord = DefaultMaxRecord
	}
	x.shape = newShape(cat.Families())
	return x, nil
}

// Block is a run of whole lines of one file.
type Block struct {
	Data    []byte // only a last line that will never be finished lacks its newline
	Offset  int64  // of Data[0] in the file
	TooLong bool   // the last line was cut; what follows of it will not come
}

// Event is what one log event newly names. An event that goes on in a later block may be reported again, with codes that
// it had not named before.
type Event struct {
	Start     int64  // offset in the file of the first byte of the line where the event began
	Line      int64  // that line's number, from 1
	Stream    string // "stdout" or "stderr", empty where the format does not tell
	Findings  []catalog.Finding
	RequestID string    // empty if the event names none; not checked for anything but its length
	TraceID   string    // the same
	Time      time.Time // the container runtime's or the line's own; zero if there is none
	Text      []byte    // the record that names the codes, unwrapped. Hostile. Valid only during the call.
	At        int64     // number of the first line of that record
}

// Stats counts what passed through a stream since they were last taken.
type Stats struct {
	Lines   int64 // physical lines
	Matched int64 // records that named a code
	// The reasons for which a record could not be treated as it deserves. Only records with a candidate are looked at.
	TooLong int64 // cut at a bound
	NotUTF8 int64
	BadJSON int64 // begins like a JSON object and is none
	Dropped int64 // codes over the bound for one event
	Muted   int64 // codes that records name and the catalog mutes
}
