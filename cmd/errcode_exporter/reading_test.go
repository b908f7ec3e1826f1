package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"pgregory.net/rapid"

	"errcode_exporter/bench/logs"
	"errcode_exporter/catalog"
	"errcode_exporter/extract"
)

// sizes are how a reading is cut and how many share it.
type sizes struct {
	workers        int
	segment, align int64
	eager          bool
}

// fastScan runs a reading over files and returns what it prints.
func fastScan(t rapid.TB, cat *catalog.Catalog, o extract.Options, paths []string, events bool, as sizes) (answer string, r *reading) {
	t.Helper()
	x, err := extract.New(cat, o)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	s := &scan{program: &program{stdin: strings.NewReader(""), stdout: &out, stderr: io.Discard}, catalog: cat, extractor: x, format: cmp.Or(o.Format, extract.Auto)}
	if events {
		s.events = newEventPrinter(&out)
	}
	r = newReading(s, paths)
	r.workers, r.segment, r.align, r.eager = as.workers, as.segment, as.align, as.eager
	if as.align < alignBytes {
		r.windows = [...]int64{as.align, 500}
	}
	if err := r.run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if events {
		err = s.events.flush()
	} else {
		err = tallyOf(r.sums).print(&out, "json")
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), r
}

// checkScan wants the slow answer of the fast scan, added up and event by event, however many workers there are.
func checkScan(t rapid.TB, cat *catalog.Catalog, o extract.Options, paths []string, segment, align int64) (parts, void int) {
	t.Helper()
	x, err := extract.New(cat, o)
	if err != nil {
		t.Fatal(err)
	}
	slow := &slowScan{cat: cat}
	for i := range paths {
		slow.file(t, x, paths[i], align)
	}
	for _, workers := range []int{1, 2, 5} {
		for _, events := range []bool{false, true} {
			want := slow.table(t)
			if events {
				want = slow.list(t)
			}
			got, r := fastScan(t, cat, o, paths, events, sizes{workers, segment, align, workers == 2})
			if got != want {
				t.Fatalf("%d workers, segments of %d, read by %d, %+v, events %t:\n%s\nslow:\n%s", workers, segment, align, o, events, got, want)
			}
			parts += r.parts
			void += r.void
		}
	}
	return parts, void
}

// writeLogs writes logs into a folder and returns their paths. Those with an odd number are packed if they may be.
func writeLogs(t testing.TB, texts [][]byte, pack bool) []string {
	t.Helper()
	folder := t.TempDir()
	var paths []string
	for i, text := range texts {
		path := filepath.Join(folder, fmt.Sprintf("%d.log", i))
		if pack && i%2 == 1 {
			var packed bytes.Buffer
			w := gzip.NewWriter(&packed)
			_, err := w.Write(text)
			if err := cmp.Or(err, w.Close()); err != nil {
				t.Fatal(err)
			}
			text = packed.Bytes()
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

func loadCatalog(t testing.TB) *catalog.Catalog {
	t.Helper()
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// TestScanOfGeneratedLogs compares the scan of what bench/generate writes, as it is cut when it is large.
func TestScanOfGeneratedLogs(t *testing.T) {
	cat := loadCatalog(t)
	for _, o := range []logs.Options{
		{Shape: logs.Mixed, Percent: 20}, {Shape: logs.Mixed, Percent: 100}, {Shape: logs.JSON, Percent: 1}, {Shape: logs.Text, Percent: 5}, {Shape: logs.CRI, Percent: 20},
	} {
		t.Run(fmt.Sprintf("%s-%v", o.Shape, o.Percent), func(t *testing.T) {
			var texts [][]byte
			for seed := range uint64(2) {
				o.Bytes, o.Seed = 2<<20, seed+1
				var text bytes.Buffer
				if _, err := logs.Write(&text, o); err != nil {
					t.Fatal(err)
				}
				texts = append(texts, text.Bytes())
			}
			paths := writeLogs(t, texts, false)
			parts, void := checkScan(t, cat, extract.Options{}, paths, 250_000, 64<<10)
			if parts < 8 || void > parts/4 {
				t.Errorf("%d segments were read ahead of their turn, %d of them in vain", parts, void)
			}
		})
	}
}

// odd are pieces of hostile logs.
var odd = []string{
	"IS.4006", "IS.0001", "APIG.0301", "APIG.0201", "ModelArts.4101", "IS.9999", "IS.", "APIG.0000", "v1.IS.0001", "token expires", "Backend timeout",
	" request_id=r1", " request_id=r2", ` "requestId":"r3"`, "request_id=r4 ", "request_id=r5 ", "request_id=r6 ", "request_id=r7 ",
	"INFO ", " ", "\t", "}", "{", "at ", "Caused by: ", "com.example.ApiException: ", "\x1b[31m", "\r", "\x00", "\xff", `\n`, "错误码", `{"error_code":"IS.0021"}`,
}

func drawLog(t *rapid.T, format extract.Format) []byte {
	var b strings.Builder
	ending := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "ending")
	for range rapid.IntRange(0, 40).Draw(t, "lines") {
		line := strings.Join(rapid.SliceOfN(rapid.SampledFrom(odd), 0, 4).Draw(t, "line"), "")
		if rapid.IntRange(0, 15).Draw(t, "long") == 0 {
			line = strings.Repeat(rapid.SampledFrom([]string{"y", " ", "\x00"}).Draw(t, "filling"), rapid.SampledFrom([]int{200, 200, 200, 5000}).Draw(t, "length")) + line
		}
		stream := rapid.SampledFrom([]string{"stdout", "stdout", "stderr"}).Draw(t, "stream")
		switch rapid.IntRange(0, 19).Draw(t, "torn") {
		case 0:
			b.WriteString(line)
		default:
			switch format {
			case extract.CRI:
				fmt.Fprintf(&b, "2026-11-23T10:00:00.5Z %s %s %s", stream, rapid.SampledFrom([]string{"F", "F", "F", "F", "P"}).Draw(t, "tag"), line)
			case extract.Docker:
				end := rapid.SampledFrom([]string{`\n`, `\n`, `\n`, ``}).Draw(t, "end")
				quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\x1b", `\u001b`, "\t", `\t`, "\r", `\r`, "\x00", `\u0000`).Replace(line)
				fmt.Fprintf(&b, `{"log":"%s%s","stream":"%s","time":"2026-11-23T10:00:00.5Z"}`, quoted, end, stream)
			default:
				b.WriteString(line)
			}
		}
		b.WriteString(ending)
	}
	if rapid.Bool().Draw(t, "unfinished") {
		return []byte(strings.TrimSuffix(b.String(), ending))
	}
	return []byte(b.String())
}

// TestScanOfHostileLogs cuts them into pieces of a few bytes.
func TestScanOfHostileLogs(t *testing.T) {
	cat := loadCatalog(t)
	parts, void := 0, 0
	for _, format := range []extract.Format{extract.Raw, extract.CRI, extract.Docker} {
		t.Run(string(format), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				var texts [][]byte
				for range rapid.IntRange(1, 3).Draw(rt, "files") {
					texts = append(texts, drawLog(rt, format))
				}
				o := extract.Options{Format: rapid.SampledFrom([]extract.Format{format, extract.Auto}).Draw(rt, "as")}
				segment := rapid.SampledFrom([]int64{1, 1, 60, 300, 2000}).Draw(rt, "segment")
				p, v := checkScan(rt, cat, o, writeLogs(t, texts, false), segment, rapid.Int64Range(20, 500).Draw(rt, "align"))
				parts, void = parts+p, void+v
			})
		})
	}
	if t.Logf("%d segments were read ahead of their turn, %d of them in vain", parts, void); void == 0 || parts < 2*void {
		t.Error("one of the two was not tried, or reading ahead is of no use")
	}
}

// TestScanOfOddFiles is about what is not a log like others: lines that are longer than what is read of them, nothing but continuation lines, holes,
// nothing at all, packed files between others.
func TestScanOfOddFiles(t *testing.T) {
	cat := loadCatalog(t)
	long := "INFO IS.0001 " + strings.Repeat("x", 1500<<10) + " IS.0002\n"
	var storm, stack strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&storm, "IS.%04d\n", i%700)
		fmt.Fprintf(&stack, "\tat IS.%04d request_id=r%d\n", i%700, i)
	}
	texts := [][]byte{
		nil,
		[]byte("\n\n\n"),
		[]byte(storm.String() + long + storm.String() + long + long + "ERROR IS.4006"),
		[]byte(storm.String()),
		[]byte(stack.String()),
		[]byte(storm.String() + string(make([]byte, 300_000)) + storm.String() + "\n" + string(make([]byte, 300_000))),
		[]byte(strings.Repeat("\n", 100_000) + storm.String()),
		bytes.ReplaceAll([]byte(storm.String()+stack.String()), []byte("\n"), []byte("\r\n")),
		[]byte("IS.0001"),
	}
	paths := writeLogs(t, texts, true)
	for _, as := range []sizes{{segment: 10_000, align: 4000}, {segment: segmentBytes, align: alignBytes}} {
		checkScan(t, cat, extract.Options{}, paths, as.segment, as.align)
	}
}
