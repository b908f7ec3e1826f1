package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

const traces = `File: x.test
Type: cpu
Duration: 10.1s, Total samples = 9.6s
-----------+-------------------------------------------------------
     8.50s   errcode_exporter/extract.(*Stream).Block (inline)
             errcode_exporter/tailer.(*file).step
             main.main
-----------+-------------------------------------------------------
     500ms   runtime.memmove
             main.main
-----------+-------------------------------------------------------
     0.6s   errcode_exporter/tailer.(*file).step
             main.main
`

func TestReadTraces(t *testing.T) {
	root, err := readTraces(strings.NewReader(traces))
	if err != nil {
		t.Fatal(err)
	}
	f := func(want time.Duration, path ...string) {
		t.Helper()
		at := root
		for _, name := range path {
			if at = at.calls[name]; at == nil {
				t.Fatalf("%v: no %s", path, name)
			}
		}
		if at.time != want {
			t.Errorf("%v: %v, want %v", path, at.time, want)
		}
	}
	f(9600*time.Millisecond, "main.main")
	f(9100*time.Millisecond, "main.main", "errcode_exporter/tailer.(*file).step")
	f(8500*time.Millisecond, "main.main", "errcode_exporter/tailer.(*file).step", "errcode_exporter/extract.(*Stream).Block")
	f(500*time.Millisecond, "main.main", "runtime.memmove")
}

func TestNoTracesIsAnError(t *testing.T) {
	if _, err := readTraces(strings.NewReader("File: x\n")); !errors.Is(err, errNoTraces) {
		t.Errorf("got %v", err)
	}
}

func TestThePictureIsXMLAndNamesEveryFunction(t *testing.T) {
	root, err := readTraces(strings.NewReader(strings.ReplaceAll(traces, "main.main", "main.list[go.shape.*uint8] <&>")))
	if err != nil {
		t.Fatal(err)
	}
	picture := draw(root, "a & b")
	var titles []string
	decoder := xml.NewDecoder(strings.NewReader(picture))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, picture)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "title" {
			var text string
			if err := decoder.DecodeElement(&text, &start); err != nil {
				t.Fatal(err)
			}
			titles = append(titles, text)
		}
	}
	want := []string{"a & b", "main.list[go.shape.*uint8] <&>, 100.0 %", "errcode_exporter/tailer.(*file).step, 94.8 %", "errcode_exporter/extract.(*Stream).Block, 88.5 %", "runtime.memmove, 5.2 %"}
	if strings.Join(titles, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q", titles, want)
	}
}
