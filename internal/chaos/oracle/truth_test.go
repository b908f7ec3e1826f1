package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"
)

// line is one as the writer writes it.
func line(format string, a ...any) string {
	text := fmt.Sprintf(format, a...) + " "
	return text + "crc=" + checksum([]byte(text)) + "\n"
}

// TestTruth gives the oracle a folder with one file, and perhaps a compressed one.
func TestTruth(t *testing.T) {
	f := func(name, content, zipped string, cri bool, want truth) {
		t.Helper()
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "app.log"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if zipped != "" {
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			if _, err := z.Write([]byte(zipped)); err != nil {
				t.Fatal(err)
			}
			if err := z.Close(); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, "app.log.1.gz"), b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got := newTruth()
		if err := got.readFolder(folder, cri); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got.Lines != want.Lines || got.Torn != want.Torn || got.Repeated != want.Repeated || len(got.Corrupt) != len(want.Corrupt) || !maps.Equal(got.Codes, want.Codes) {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
	fine, first := line("INFO n=1 fine"), line("ERROR n=2 IS.4006")
	again, json := line("  at n=2 IS.4006"), `{"n":3,"error_code":"APIG.0301",`
	json += `"crc":"` + checksum([]byte(json)) + "\"}\n"
	one := map[string]int{"IS.4006": 1}

	f("an event of two lines", fine+first+again, "", false, truth{Lines: 3, Codes: one})
	f("cut in two by rotation", fine+again, first, false, truth{Lines: 3, Codes: map[string]int{"IS.4006": 2}})
	f("JSON", json, "", false, truth{Lines: 1, Codes: map[string]int{"APIG.0301": 1}})
	f("a torn copy", fine, first+again[:12], false, truth{Lines: 2, Codes: one, Torn: 1})
	f("a hole", "\x00\x00\x00"+fine, "", false, truth{Lines: 1})
	f("twice", first, first, false, truth{Lines: 2, Codes: map[string]int{"IS.4006": 2}, Repeated: 1})
	f("damaged", "x"+first, "", false, truth{Lines: 1, Corrupt: []string{""}})
	f("two lines in one", first[:len(first)-1]+fine, "", false, truth{Lines: 1, Corrupt: []string{""}})

	const at = "2026-11-23T10:00:00.123456789Z "
	f("parts of two streams", at+"stdout P "+first[:13]+"\n"+at+"stderr F "+fine+at+"stdout F "+first[13:], "", true, truth{Lines: 3, Codes: one})
}
