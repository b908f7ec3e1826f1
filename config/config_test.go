package config

import (
	"testing"
	"time"

	"errcode_exporter/extract"
	"errcode_exporter/metrics"
	"errcode_exporter/tailer"
)

func TestFileOfAllFields(t *testing.T) {
	c, err := Parse("errcode.yml", []byte(`
sources:
  - name: search-api
    paths: [/var/log/app/*.log, "/var/log/more/**/out.log"]
    exclude: ["*.gz"]
    start_at: beginning
    format: cri
    match: fields
    fields: [result.code]
  - name: gateway
    paths: [/var/log/gateway.log]
checkpoint: {path: /tmp/checkpoint.json, interval: 30s}
metrics: {detail: category, unlisted_limit: 4, code_info: false}
`))
	if err != nil {
		t.Fatal(err)
	}
	s := c.Sources[0]
	if f := s.Files(); f.Name != "search-api" || len(f.Paths) != 2 || f.Exclude[0] != "*.gz" || f.StartAt != tailer.Beginning {
		t.Errorf("%+v", f)
	}
	if l := s.Lines(); l.Format != extract.CRI || l.Match != extract.Fields || l.Paths[0] != "result.code" {
		t.Errorf("%+v", l)
	}
	if g := c.Sources[1]; g.Files().StartAt != tailer.End || g.Lines().Format != extract.Auto || g.Lines().Match != extract.Anywhere {
		t.Errorf("%+v", g)
	}
	if c.Checkpoint.Interval != 30*time.Second || c.Metrics.DetailOf() != metrics.DetailCategory || c.Metrics.UnlistedLimit != 4 || *c.Metrics.CodeInfo {
		t.Errorf("%+v", c)
	}
}

func TestEmptyFileIsTheDefault(t *testing.T) {
	for _, text := range []string{"", "\n", "# nothing\n"} {
		c, err := Parse("errcode.yml", []byte(text))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if c.Metrics.UnlistedLimit != 16 || c.Metrics.DetailOf() != metrics.DetailCode || !*c.Metrics.CodeInfo || c.Checkpoint.Interval != 15*time.Second {
			t.Errorf("%q: %+v", text, c)
		}
	}
}

func TestOnlySourceNeedsNoName(t *testing.T) {
	c, err := Parse("errcode.yml", []byte("sources: [{paths: [a.log]}]"))
	if err != nil || c.Sources[0].Name != "default" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestErrorsAreDrawnAtTheirPlace(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		_, err := Parse("errcode.yml", []byte(text))
		if err == nil {
			t.Errorf("accepted: %s", text)
		} else if err.Error() != want {
			t.Errorf("%s\nsays\n%s\nwant\n%s", text, err, want)
		}
	}
	f("sources:\n  - name: a\n    path: [x]\n", `errcode.yml:3:5: unknown field "path"; known here: name, paths, exclude, start_at, format, match, fields
   3 |     path: [x]
     |     ^`)
	f("colour: red\n", `errcode.yml:1:1: unknown field "colour"; known here: sources, checkpoint, catalog, metrics
   1 | colour: red
     | ^`)
	f("sources:\n  - {name: a, paths: [x], format: xml}\n  - {name: a, paths: [y], match: some, start_at: middle}\n", `errcode.yml:2:35: format "xml" is not one of auto, cri, docker, raw
   2 |   - {name: a, paths: [x], format: xml}
     |                                   ^
errcode.yml:3:12: source "a" has the name of source 1: each needs its own
   3 |   - {name: a, paths: [y], match: some, start_at: middle}
     |            ^
errcode.yml:3:50: start_at "middle" is not one of end, beginning
   3 |   - {name: a, paths: [y], match: some, start_at: middle}
     |                                                  ^
errcode.yml:3:34: match "some" is not one of anywhere, fields
   3 |   - {name: a, paths: [y], match: some, start_at: middle}
     |                                  ^`)
	f("sources:\n  - paths: [x]\n  - name: b\n", `errcode.yml:2:5: source 1 has no name: with several sources each needs one
   2 |   - paths: [x]
     |     ^
errcode.yml:3:5: source "b" has no paths: list at least one file or glob
   3 |   - name: b
     |     ^`)
	f("sources: 3\n", `errcode.yml:1:10: a list is wanted here, not a number
   1 | sources: 3
     |          ^`)
	f("metrics: {unlisted_limit: many}\n", `errcode.yml:1:27: a number is wanted here
   1 | metrics: {unlisted_limit: many}
     |                           ^`)
	f("metrics:\n  unlisted_limit: -1\n", `errcode.yml:2:19: unlisted_limit -1: 1 to 10000 is possible
   2 |   unlisted_limit: -1
     |                   ^`)
	f("checkpoint: {interval: 5ms}\n", `errcode.yml:1:24: interval 5ms is too short: at least 1s
   1 | checkpoint: {interval: 5ms}
     |                        ^`)
	f("catalog: {files: [site.yml]}\n", `errcode.yml:1:18: site overlays are not supported yet: remove catalog.files
   1 | catalog: {files: [site.yml]}
     |                  ^`)
	f("sources:\n  - paths: [\"[\"]\n", `errcode.yml:2:13: bad glob "[": unbalanced [, { or trailing backslash
   2 |   - paths: ["["]
     |             ^`)
	f("a: 1\n---\nb: 2\n", `errcode.yml:2:1: a second document begins here; a configuration is one document
   2 | ---
     | ^`)
}
