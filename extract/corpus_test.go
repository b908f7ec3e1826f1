package extract

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// row is a case of the hand-labelled corpus.
type row struct {
	Name   string  `json:"name"`
	Shape  string  `json:"shape"`
	Text   string  `json:"text"`
	Base64 string  `json:"base64"` // instead of Text, where it is not UTF-8
	Format Format  `json:"format"`
	Match  Match   `json:"match"`
	Events []label `json:"events"`
}

type label struct {
	Line      int      `json:"line"`
	Codes     []string `json:"codes"`
	RequestID string   `json:"request_id"`
}

func (r row) file(t testing.TB) []byte {
	t.Helper()
	if r.Base64 == "" {
		return []byte(r.Text)
	}
	b, err := base64.StdEncoding.DecodeString(r.Base64)
	if err != nil {
		t.Fatalf("%s: %v", r.Name, err)
	}
	return b
}

func corpus(t testing.TB, name string) []row {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name + ".jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	for dec.More() {
		var r row
		if err := dec.Decode(&r); err != nil {
			t.Fatalf("%s, row %d: %v", name, len(rows)+1, err)
		}
		rows = append(rows, r)
	}
	return rows
}

func corpusFiles(t testing.TB) [][]byte {
	t.Helper()
	var files [][]byte
	for _, name := range []string{"positive", "decoys", "events"} {
		for _, r := range corpus(t, name) {
			files = append(files, r.file(t))
		}
	}
	return files
}

func TestCorpus(t *testing.T) {
	cat := loadCatalog(t)
	for name, least := range map[string]int{"positive": 200, "decoys": 80, "events": 23} {
		rows := corpus(t, name)
		if len(rows) < least {
			t.Errorf("%s: %d rows, want at least %d", name, len(rows), least)
		}
		for _, r := range rows {
			t.Run(name+"/"+r.Name, func(t *testing.T) {
				x, err := New(cat, Options{Format: r.Format, Match: r.Match})
				if err != nil {
					t.Fatal(err)
				}
				file := r.file(t)
				c := fast(x, file, 0)
				var got, want []string
				for _, e := range c.list() {
					got = append(got, fmt.Sprintf("line %d: %s", e.Line, strings.Join(e.Codes, " ")))
				}
				for _, e := range r.Events {
					want = append(want, fmt.Sprintf("line %d: %s", e.Line, strings.Join(e.Codes, " ")))
					if id := c.requestID(e.Line); e.RequestID != "" && id != e.RequestID {
						t.Errorf("line %d: request ID %q, want %q", e.Line, id, e.RequestID)
					}
				}
				slices.Sort(got) // the events of two streams end in any order
				slices.Sort(want)
				if strings.Join(got, "\n") != strings.Join(want, "\n") {
					t.Errorf("%q\nnames\n%s\nwant\n%s", file, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
				compare(t, cat, file, r.Format, r.Match, 1, 50)
			})
		}
	}
}
