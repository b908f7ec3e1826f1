package extract

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// journal keeps every report as it came, in order.
type journal struct{ lines []string }

func (j *journal) add(e *Event, before int64) {
	at := *e
	at.Line, at.At = e.Line+before, e.At+before
	var names []string
	for _, f := range e.Findings {
		words := ""
		if f.Cause != nil {
			words = f.Cause.Words
		}
		names = append(names, f.Name+words)
	}
	j.lines = append(j.lines, fmt.Sprint(at.Start, at.Line, at.Stream, names, at.RequestID, at.TraceID, at.Time, at.At, string(at.Text)))
}

// inBlocks cuts a file behind lines, after about so many bytes.
func inBlocks(file []byte, size func() int) []Block {
	var blocks []Block
	for at := 0; at < len(file); {
		end := min(at+size(), len(file))
		if i := bytes.IndexByte(file[end:], '\n'); i >= 0 {
			end += i + 1
		} else {
			end = len(file)
		}
		blocks = append(blocks, Block{Data: file[at:end], Offset: int64(at)})
		at = end
	}
	return blocks
}

// throughStream is the slow one: one stream reads all blocks.
func throughStream(x *Extractor, blocks []Block) ([]string, Stats) {
	var j journal
	s := x.NewStream(func(e *Event) { j.add(e, 0) })
	for _, b := range blocks {
		s.Block(b)
	}
	s.End()
	return j.lines, s.TakeStats()
}

// throughParts reads the same blocks with a new part wherever begins says so and the format is known. It returns how often a part
// could take over and how often not.
func throughParts(x *Extractor, blocks []Block, begins func(b Block) bool) (lines []string, stats Stats, joined, void int) {
	var all journal
	s := x.NewStream(func(e *Event) { all.add(e, 0) })
	add := func(more Stats) {
		stats.Lines += more.Lines
		stats.Matched += more.Matched
		stats.TooLong += more.TooLong
		stats.NotUTF8 += more.NotUTF8
		stats.BadJSON += more.BadJSON
		stats.Dropped += more.Dropped
	}
	for len(blocks) > 0 {
		n := 1
		for n < len(blocks) && !begins(blocks[n]) {
			n++
		}
		if s.Format() == Auto {
			for _, b := range blocks[:n] {
				s.Block(b)
			}
			blocks = blocks[n:]
			continue
		}
		// Reports are kept as they come and get their line numbers when those are known, as a program has to do it.
		var own journal
		var before int64
		var late []func()
		to := func(e *Event) {
			kept := *e
			kept.Findings, kept.Text = append(kept.Findings[:0:0], e.Findings...), bytes.Clone(e.Text)
			late = append(late, func() { own.add(&kept, before) })
		}
		p := x.NewPart(s.Format(), func(e *Event) { to(e) })
		for _, b := range blocks[:n] {
			p.Block(b)
		}
		lineBase := s.lines
		if p.Continue(s) {
			joined++
			add(s.TakeStats())
			before = lineBase
			for _, report := range late {
				report()
			}
			all.lines = append(all.lines, own.lines...)
			to = func(e *Event) { all.add(e, 0) }
			s = p.Stream
		} else {
			void++
			for _, b := range blocks[:n] {
				s.Block(b)
			}
		}
		blocks = blocks[n:]
	}
	s.End()
	add(s.TakeStats())
	return all.lines, stats, joined, void
}

func checkParts(t rapid.TB, x *Extractor, file []byte, blocks []Block, begins func(b Block) bool) (joined, void int) {
	t.Helper()
	want, wantStats := throughStream(x, blocks)
	got, stats, joined, void := throughParts(x, blocks, begins)
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w || stats != wantStats {
		t.Fatalf("in parts:\n%s\n%+v\nin one:\n%s\n%+v\nfile %q", g, stats, w, wantStats, shorten(file))
	}
	return joined, void
}

// TestPartsAgreeWithOneStream begins parts at any line, also in the middle of events and records.
func TestPartsAgreeWithOneStream(t *testing.T) {
	cat := loadCatalog(t)
	for _, format := range []Format{Raw, CRI, Docker} {
		t.Run(string(format), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				file := drawFile(rt, format)
				for range rapid.IntRange(0, 3).Draw(rt, "more") {
					file = append(append(file, '\n'), drawFile(rt, format)...)
				}
				x, err := New(cat, Options{Format: rapid.SampledFrom([]Format{format, Auto}).Draw(rt, "as")})
				if err != nil {
					rt.Fatal(err)
				}
				blocks := inBlocks(file, func() int { return rapid.IntRange(0, 300).Draw(rt, "block") })
				checkParts(rt, x, file, blocks, func(Block) bool { return rapid.Bool().Draw(rt, "part") })
			})
		})
	}
}

// FuzzParts does so with any file.
func FuzzParts(f *testing.F) {
	for _, row := range corpusFiles(f) {
		f.Add(row, byte(0), uint16(64), uint16(0xaaaa))
		f.Add(row, byte(1), uint16(1), uint16(0xffff))
	}
	cat := loadCatalog(f)
	formats := []Format{Auto, CRI, Docker, Raw}
	f.Fuzz(func(t *testing.T, file []byte, mode byte, block, parts uint16) {
		x, err := New(cat, Options{Format: formats[mode%4]})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		checkParts(t, x, file, inBlocks(file, func() int { return int(block) }), func(Block) bool {
			n++
			return parts>>(n%16)&1 == 1
		})
	})
}

// TestFreshLinesBeginPartsThatAreOfUse begins a part at every line of which Fresh says that it may, in a log of each shape.
func TestFreshLinesBeginPartsThatAreOfUse(t *testing.T) {
	event := []string{"ERROR IS.4006 {", `  "request_id": "r"`, "}", "INFO ok", "com.example.ApiException: IS.0001", "\tat x", "INFO v1.IS.0001", "WARN APIG.0301", "  token expires"}
	var raw, cri, docker strings.Builder
	for i := range 4000 {
		line, stream, tag := event[i%len(event)], "stdout", "F"
		fmt.Fprintln(&raw, line)
		if i/len(event)%3 == 0 {
			stream = "stderr"
		}
		if i%len(event) == 6 && i%2 == 0 {
			tag = "P"
		}
		fmt.Fprintf(&cri, "2026-11-23T10:00:00.5Z %s %s %s\n", stream, tag, line)
		fmt.Fprintf(&docker, `{"log":%q,"stream":"%s","time":"2026-11-23T10:00:00.5Z"}`+"\n", line+"\n", stream)
	}
	f := func(format Format, file string) {
		t.Helper()
		x, err := New(loadCatalog(t), Options{Format: format})
		if err != nil {
			t.Fatal(err)
		}
		lines := inBlocks([]byte(file), func() int { return 0 })
		joined, void := checkParts(t, x, []byte(file), lines, func(b Block) bool {
			at := int(b.Offset)
			from := max(at-3000, 0)
			return x.Fresh(format, []byte(file[from:min(at+3000, len(file))]), at-from)
		})
		if void > 0 || joined < len(lines)/10 {
			t.Errorf("%s: %d parts joined, %d void", format, joined, void)
		}
	}
	f(Raw, raw.String())
	f(CRI, cri.String())
	f(Docker, docker.String())
}

func TestFresh(t *testing.T) {
	x, err := New(loadCatalog(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	// The line in question begins at the |.
	f := func(format Format, data string, want bool) {
		t.Helper()
		before, behind, _ := strings.Cut(data, "|")
		if got := x.Fresh(format, []byte(before+behind), len(before)); got != want {
			t.Errorf("%s %q: fresh is %t", format, data, got)
		}
	}
	f(Raw, "INFO one\n|INFO two\n  three\n", true)
	f(Raw, "|INFO one", true)
	f(Raw, "INFO one\n|  two\nINFO three", false)
	f(Raw, "INFO one\n|com.example.ApiException: two\n", false)
	f(Raw, "INFO one\n|", false)
	const at = "2026-11-23T10:00:00Z "
	f(CRI, "x\n"+at+"stdout P y\n|"+at+"stdout F z\n", false)
	f(CRI, "x\n"+at+"stdout P x\n"+at+"stdout F y\n|"+at+"stdout F z\n", true)
	f(CRI, "x\n"+at+"stderr P y\n|"+at+"stdout F z\n"+at+"stdout F   z\n", true)
	f(CRI, "x\n"+at+"stderr P y\n|"+at+"stdout F z\n"+at+"stderr F z\n", false)
	f(CRI, "x\n|"+at+"stdout F y\n"+at+"stderr F   z\n", false)
	f(CRI, "x\n|"+at+"stdout F y\nnot of the format\n"+at+"stderr P z\n", false)
	f(CRI, "x\n|not of the format\n"+at+"stdout F y\n", false)
}
