package slow_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"errcode_exporter/extract/slow"
)

// row is one labelled case of extract/testdata. The labels were written by hand from docs/matching.md.
type row struct {
	Name   string `json:"name"`
	Shape  string `json:"shape"`
	Text   string `json:"text"`
	Base64 []byte `json:"base64"` // instead of text, where the bytes are not UTF-8
	Format string `json:"format"`
	Match  string `json:"match"`
	Events []struct {
		Line      int      `json:"line"`
		Codes     []string `json:"codes"`
		RequestID *string  `json:"request_id"` // not looked at if it is missing
	} `json:"events"`
}

func TestCorpus(t *testing.T) {
	f := func(file string, atLeast int) {
		t.Helper()
		rows := readRows(t, file)
		if len(rows) < atLeast {
			t.Errorf("%s has %d rows, want at least %d", file, len(rows), atLeast)
		}
		names := map[string]bool{}
		for i, r := range rows {
			if r.Name == "" || r.Shape == "" || names[r.Name] {
				t.Errorf("%s:%d: name %q or shape %q is missing or not unique", file, i+1, r.Name, r.Shape)
			}
			names[r.Name] = true
			if (file == "decoys.jsonl") != (len(r.Events) == 0) {
				t.Errorf("%s:%d: %s has %d events", file, i+1, r.Name, len(r.Events))
			}
			t.Run(r.Name, func(t *testing.T) { checkRow(t, r) })
		}
	}
	f("positive.jsonl", 260)
	f("decoys.jsonl", 130)
	f("events.jsonl", 50)
}

func checkRow(t *testing.T, r row) {
	file := append([]byte(r.Text), r.Base64...)
	got := slow.Extract(file, slow.Options{Format: r.Format, Match: r.Match})
	if len(got) != len(r.Events) {
		t.Fatalf("%d events, want %d\ngot  %+v\nfile %q", len(got), len(r.Events), got, file)
	}
	for i, want := range r.Events {
		if got[i].Line != want.Line || !slices.Equal(got[i].Codes, want.Codes) {
			t.Errorf("line %d %v, want line %d %v\nfile %q", got[i].Line, got[i].Codes, want.Line, want.Codes, file)
		}
		if want.RequestID != nil && got[i].RequestID != *want.RequestID {
			t.Errorf("request ID %q, want %q\nfile %q", got[i].RequestID, *want.RequestID, file)
		}
	}
}

func readRows(t *testing.T, file string) []row {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r row
		dec := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&r); err != nil {
			t.Fatalf("%s:%d: %v", file, len(rows)+1, err)
		}
		rows = append(rows, r)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}
