package extract

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"errcode_exporter/catalog"
	"errcode_exporter/extract/slow"
)

// seen is an event in the terms that both extractors share.
type seen struct {
	Start  int64
	Line   int
	Codes  []string
	Causes []string
}

func (e seen) String() string {
	return fmt.Sprintf("line %d, offset %d: %v %q", e.Line, e.Start, e.Codes, e.Causes)
}

func loadCatalog(t testing.TB) *catalog.Catalog {
	t.Helper()
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// causesOf lists the words of causes as the slow extractor takes them.
func causesOf(cat *catalog.Catalog) map[string][]string {
	words := map[string][]string{}
	for _, code := range cat.Codes() {
		for _, c := range code.Causes {
			words[code.Name] = append(words[code.Name], c.Words)
		}
	}
	return words
}

// collector puts the reports on one event together again.
type collector struct {
	order  []int64
	events map[int64]*seen
	ids    map[int64][2]string
}

func newCollector() *collector {
	return &collector{events: map[int64]*seen{}, ids: map[int64][2]string{}}
}

func (c *collector) add(e *Event) {
	have := c.events[e.Start]
	if have == nil {
		have = &seen{Start: e.Start, Line: int(e.Line)}
		c.events[e.Start] = have
		c.ids[e.Start] = [2]string{e.RequestID, e.TraceID}
		c.order = append(c.order, e.Start)
	}
	for _, f := range e.Findings {
		have.Codes = append(have.Codes, f.Name)
		words := ""
		if f.Cause != nil {
			words = f.Cause.Words
		}
		have.Causes = append(have.Causes, words)
	}
}

func (c *collector) list() []seen {
	var list []seen
	for _, start := range c.order {
		list = append(list, *c.events[start])
	}
	return list
}

// requestID is the ID of the event that begins on a line.
func (c *collector) requestID(line int) string {
	for start, e := range c.events {
		if e.Line == line {
			return c.ids[start][0]
		}
	}
	return ""
}

// fast runs a file through a stream in blocks of whole lines, each of about so many bytes; 0 is one block.
func fast(x *Extractor, file []byte, block int) *collector {
	c := newCollector()
	s := x.NewStream(c.add)
	for at := 0; at < len(file); {
		end := len(file)
		if block > 0 && at+block < len(file) {
			if i := bytes.IndexByte(file[at+block:], '\n'); i >= 0 {
				end = at + block + i + 1
			}
		}
		data := bytes.Clone(file[at:end])
		s.Block(Block{Data: data, Offset: int64(at)})
		for i := range data {
			data[i] = 'x' // nothing may be kept of a block
		}
		at = end
	}
	s.End()
	return c
}

func reference(cat *catalog.Catalog, file []byte, format Format, match Match) []slow.Event {
	return slow.Extract(file, slow.Options{Format: string(format), Match: string(match), Causes: causesOf(cat), Ignore: mutedIn(cat)})
}

// compare holds the fast extractor, in one block and in many, against the slow one.
func compare(t *testing.T, cat *catalog.Catalog, file []byte, format Format, match Match, blocks ...int) {
	t.Helper()
	x, err := New(cat, Options{Format: format, Match: match})
	if err != nil {
		t.Fatal(err)
	}
	events := reference(cat, file, format, match)
	var want []seen
	for _, e := range events {
		want = append(want, seen{e.Start, e.Line, e.Codes, e.Causes})
	}
	// The fast one does not join the parts of other records to look for a cause in them.
	joined := len(slow.Records(file, string(format))) < bytes.Count(file, []byte("\n"))
	for _, block := range append(blocks, 0) {
		c := fast(x, file, block)
		if got := c.list(); !same(got, want, block == 0 && !joined) {
			t.Fatalf("format %s, match %s, blocks of %d:\nfast %v\nslow %v\nfile %q", format, match, block, got, want, shorten(file))
		}
	}
}

// same compares what must not depend on blocks. The order in which events end does, and whether a cause stood in an earlier
// block; a code that waits for its cause is reported after the others.
func same(got, want []seen, whole bool) bool {
	if len(got) != len(want) {
		return false
	}
	byStart := map[int64]seen{}
	for _, w := range want {
		byStart[w.Start] = w
	}
	for _, g := range got {
		w, ok := byStart[g.Start]
		if !ok || g.Line != w.Line || len(g.Codes) != len(w.Codes) {
			return false
		}
		causes := map[string]string{}
		for i, c := range w.Codes {
			causes[c] = w.Causes[i]
		}
		for i, c := range g.Codes {
			if cause, ok := causes[c]; !ok || whole && cause != g.Causes[i] {
				return false
			}
		}
	}
	return true
}

var padding = regexp.MustCompile(`y{20,}`)

func shorten(file []byte) string {
	return padding.ReplaceAllStringFunc(string(file), func(run string) string { return fmt.Sprintf("<%d y>", len(run)) })
}

func TestFastAgreesWithSlowOnHandMadeFiles(t *testing.T) {
	cat := loadCatalog(t)
	cri := "2026-11-23T10:00:00.000000000Z %s %s %s\n"
	wrap := func(parts ...string) string {
		var b strings.Builder
		for i := 0; i+2 < len(parts); i += 3 {
			fmt.Fprintf(&b, cri, parts[i], parts[i+1], parts[i+2])
		}
		return b.String()
	}
	for _, file := range []string{
		"",
		"\n",
		"IS.4006",
		"IS.4006\r\nIS.4006\r\n",
		"ERROR IS.4006\n\tat com.example.Foo(IS.4006)\nERROR IS.4006\n",
		"ERROR IS.4006\ncom.example.ApiException: IS.4006\n\tat x\ncom.example.ApiException: IS.4006\n",
		"  IS.0001\n  IS.0002\n",
		"{\n  \"error_code\": \"IS.0001\"\n}\n{\n  \"error_code\": \"IS.0001\"\n}\n",
		`{"a":"{\"b\":\"x\\nIS.0001\"}","c":["APIG.0301","ModelArts.81001"]}` + "\n",
		"\x1b[31mIS.0001\x1b[0m #033[1mIS.0002#033[0m \\u001b[31mIS.0003 \\\\nIS.0004 \\u003cIS.0005\\u003e\n",
		wrap("stdout", "F", "IS.0001", "stderr", "F", "  IS.0002", "stdout", "F", "  IS.0001", "stderr", "F", " IS.0003"),
		wrap("stdout", "P", "x IS.4", "stderr", "P", "ModelArts.", "stdout", "P", "00", "stderr", "F", "4101", "stdout", "F", "6 y"),
		wrap("stdout", "F", "ERROR", "stdout", "P", "com.example.ApiException: AP", "stdout", "F", "IG.0301 token expires", "stdout", "F", "\tat IS.0001"),
		wrap("stdout", "F", "ok") + "garbage IS.0001\n  garbage IS.0002\n" + wrap("stdout", "F", "  IS.0003"),
		wrap("stdout", "P", "IS.00"),
		wrap("stdout", "P", "IS.0001 never ends"),
		`{"log":"IS.40","stream":"stdout","time":"2026-11-23T10:00:00Z"}` + "\n" + `{"log":"06\n","stream":"stdout","time":"2026-11-23T10:00:00Z"}` + "\n",
		`{"log":"a \\n IS.4006 \\","stream":"stdout","time":"t"}` + "\n" + `{"log":"\tAPIG.0301 decrypt token fail\r\n","stream":"stderr","attrs":{"k":"v"},"time":"t"}` + "\n",
		"plain\n" + wrap("stdout", "F", `{"e":"IS.0001"}`) + `{"log":"  IS.0002\n","stream":"stdout","time":"t"}` + "\n",
		"ERROR APIG.0201\n  backend timeout\n  request_id: 7\nERROR APIG.0201\nERROR APIG.0201 Backend Unavailable\n",
	} {
		for _, format := range []Format{Auto, Raw, CRI, Docker} {
			compare(t, cat, []byte(file), format, Anywhere, 1, 20, 60)
			compare(t, cat, []byte(file), format, Fields, 1, 40)
		}
	}
}
