package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sampleResults are made up, with something of everything.
func sampleResults() *Results {
	row := func(name string, walls ...float64) Row {
		r := Row{Name: name, Bytes: 1e9}
		for _, w := range walls {
			r.Samples = append(r.Samples, Sample{Wall: w, CPU: w / 2, RSS: 20 << 20})
		}
		return r
	}
	return &Results{
		Cases: []Case{{
			Name: "mixed-1", Title: "JSON & text", Bytes: 1e9, Lines: 5_000_000, Matched: 50_000,
			Rows: []Row{row(wcName, 0.1, 0.2, 0.1), row(grepName, 1, 2, 1), row(scanName, 0.2, 0.4, 0.2), row(serveName, 0.5, 1, 0.5), row(naiveName, 20)},
		}},
		Following: []Live{{Name: "50,000 lines/s in one file", Seconds: 20, CPU: 0.16, RSS: 18 << 20}},
		Latency:   []Latency{{Name: "as a scrape", Samples: 200, Median: 0.03, P99: 0.06}},
		Idle:      []Live{{Name: "50 quiet files", Seconds: 30, CPU: 0.0004, RSS: 19 << 20}},
		Scrapes:   []Scrape{{"200", 0.04}},
		Nodes:     []Node{{Pods: 500, LinesPerPod: 10, IdleCPU: 0.005, BusyCPU: 0.14, RSS: 39 << 20, Series: 444, ScrapeBytes: 57_000, GzipBytes: 6000, ScrapeTime: 0.002}},
	}
}

// The page is rewritten between its marks and nowhere else, and once more gives the same page.
func TestDocumentRewritesOnlyFigures(t *testing.T) {
	page, err := os.ReadFile("../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	path := filepath.Join(folder, "performance.md")
	if err := os.WriteFile(path, page, 0o644); err != nil {
		t.Fatal(err)
	}
	document := func(r *Results) string {
		t.Helper()
		if err := r.document(folder); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	once := document(sampleResults())
	for _, want := range []string{"| scan | 5000 | 0.50 | 5.00 | 100 | 0.10 | 20.0 | 3 |", "16 % | 18.0 | 20 s", "| 500 | 20 | 8,880 | 296 |", "JSON & text: 1,000 MB, 5,000,000 lines, 50,000 with codes"} {
		if !strings.Contains(once, want) {
			t.Errorf("the page lacks %q:\n%s", want, once)
		}
	}
	if strip(t, once) != strip(t, string(page)) {
		t.Error("something outside the marks was changed")
	}
	if document(sampleResults()) != once {
		t.Error("the second time the page comes out differently")
	}
	if document(&Results{}) == "" || strip(t, document(&Results{})) != strip(t, once) {
		t.Error("results without figures change the page outside the marks")
	}
}

// strip takes out what is between marks.
func strip(t *testing.T, page string) string {
	t.Helper()
	for _, place := range places {
		var err error
		if page, err = replace(page, place, ""); err != nil {
			t.Fatal(err)
		}
	}
	return page
}

func TestAPageWithoutMarksIsLeftAlone(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "performance.md")
	if err := os.WriteFile(path, []byte("# Nothing\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := sampleResults().document(folder); err == nil || !strings.Contains(err.Error(), "<!-- bench: where -->") {
		t.Errorf("error %v, want one that names the mark", err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "# Nothing\n" {
		t.Errorf("the page is now %q (%v)", text, err)
	}
}

func TestGoalsAreJudged(t *testing.T) {
	verdicts := map[string]string{}
	for _, row := range sampleResults().goals().rows {
		verdicts[row[0]+" "+row[1]] = row[3]
	}
	f := func(goal, want string) {
		t.Helper()
		if verdicts[goal] != want {
			t.Errorf("%s: %q, want %q; there are %v", goal, verdicts[goal], want, verdicts)
		}
	}
	f("`scan`, mixed, 1 % at least 0.35 × `wc -l`", "reached")
	f("`serve, catching up`, mixed, 1 % at least 0.35 × `wc -l`", "missed")
	f("`scan`, mixed, 1 % at least 2 × `grep -cE`", "reached")
	f("50,000 lines/s in one file under 15 % of a core", "missed")
	f("50 quiet files under 0.15 % of a core", "reached")
	f("scrape, sources: 200 under 200 ms", "reached")
}

func TestThePictureIsXML(t *testing.T) {
	picture := sampleResults().picture()
	decoder := xml.NewDecoder(strings.NewReader(picture))
	bars := 0
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, picture)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "rect" {
			bars++
		}
	}
	if bars != 5 {
		t.Errorf("%d bars, want one for each program:\n%s", bars, picture)
	}
	for _, bad := range []string{"<script", "http://", "https://"} {
		if strings.Contains(strings.ReplaceAll(picture, "http://www.w3.org/2000/svg", ""), bad) {
			t.Errorf("the picture has %q", bad)
		}
	}
}

func TestMedianAndQuantile(t *testing.T) {
	f := func(q, want float64, all ...float64) {
		t.Helper()
		if got := quantile(all, q); got != want {
			t.Errorf("quantile %v of %v: %v, want %v", q, all, got, want)
		}
	}
	f(0.5, 0)
	f(0.5, 3, 3)
	f(0.5, 2, 3, 1, 2)
	f(0.5, 2.5, 4, 1, 2, 3)
	f(0.99, 99, 0, 100)
}
