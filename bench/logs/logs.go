// Package logs makes the logs that the benchmarks read: realistic lines from a seed, the same bytes every time, and the truth about
// them.
//
// Everything that the measured programs are compared with must be able to count these logs rightly. So each event that
// names a code does so in one line, and each code stands where a regular expression with word boundaries finds it. Which lines are harder than that is
// for the corpora of extract/testdata, not for a stopwatch.
package logs

import (
	"fmt"
	"io"
	"strings"
)

// Two expressions for the codes. Pattern is the one that is right for these logs. Loose lacks the boundaries: it is the fastest that grep and
// ripgrep can be given, and finds the lookalikes too.
const (
	Pattern = `\b(IS|APIGW?)\.[0-9]{4}\b|\bModelArts\.[0-9]{4,8}\b`
	Loose   = `(IS|APIGW?)\.[0-9]{4}|ModelArts\.[0-9]{4,8}`
)

// Shape is what the lines of a log look like.
type Shape string

// The shapes.
const (
	JSON  Shape = "json"  // an object a line, from several loggers
	Text  Shape = "text"  // Spring, nginx, logfmt, klog, Python, now and then a stack trace
	Mixed Shape = "mixed" // half of each
	CRI   Shape = "cri"   // mixed, as a Kubernetes container runtime writes it
)

// Shapes are all of them.
func Shapes() []Shape { return []Shape{JSON, Text, CRI, Mixed} }

// Options say which log to make.
type Options struct {
	Shape   Shape
	Bytes   int64   // the log ends with the first line that reaches this size
	Percent float64 // of lines that name a code; 100 is the storm
	Seed    uint64
}

func (o Options) check() error {
	switch o.Shape {
	case JSON, Text, Mixed, CRI:
	default:
		return fmt.Errorf("shape %q: json, text, mixed or cri is wanted", o.Shape)
	}
	if o.Percent < 0 || o.Percent > 100 {
		return fmt.Errorf("%v %% of lines with codes: 0 to 100 is wanted", o.Percent)
	}
	return nil
}

// Name is a file name that tells these logs apart.
func (o Options) Name() string {
	return fmt.Sprintf("%s-%s-%d-%d.log", o.Shape, strings.ReplaceAll(fmt.Sprint(o.Percent), ".", "_"), o.Bytes, o.Seed)
}

// Truth is what a log holds.
type Truth struct {
	Bytes   int64 `json:"bytes"`
	Lines   int64 `json:"lines"`
	Matched int64 `json:"matched_lines"` // that name a code
	// Lookalikes are lines that name no code, but something that Loose takes for one.
	Lookalikes int64            `json:"lookalike_lines"`
	Codes      map[string]int64 `json:"codes"` // how many events name each
}

// Add makes t the truth about both logs together.
func (t *Truth) Add(other Truth) {
	t.Bytes += other.Bytes
	t.Lines += other.Lines
	t.Matched += other.Matched
	t.Lookalikes += other.Lookalikes
	if t.Codes == nil {
		t.Codes = map[string]int64{}
	}
	for code, n := range other.Codes {
		t.Codes[code] += n
	}
}

// writeBytes is how much is handed to the writer at once.
const writeBytes = 1 << 20

// Write writes a log and returns the truth about it.
func Write(w io.Writer, o Options) (Truth, error) {
	if err := o.check(); err != nil {
		return Truth{}, err
	}
	g := newGenerator(o)
	truth := Truth{Codes: map[string]int64{}}
	buf := make([]byte, 0, writeBytes+64<<10)
	for truth.Bytes+int64(len(buf)) < o.Bytes {
		buf = g.event(buf)
		if len(buf) < writeBytes {
			continue
		}
		if _, err := w.Write(buf); err != nil {
			return Truth{}, err
		}
		truth.Bytes += int64(len(buf))
		buf = buf[:0]
	}
	if _, err := w.Write(buf); err != nil {
		return Truth{}, err
	}
	truth.Bytes += int64(len(buf))
	truth.Lines, truth.Matched, truth.Lookalikes = g.lines, g.matched, g.lookalikes
	for i, n := range g.counts {
		if n > 0 {
			truth.Codes[g.codes[i].name] = n
		}
	}
	return truth, nil
}
