package config

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
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
	if c.Checkpoint.Interval != 30*time.Second || c.Metrics.DetailOf() != metrics.DetailCategory || c.Metrics.UnlistedLimit != 4 || c.Metrics.CodeInfo {
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
		if c.Metrics.UnlistedLimit != 16 || c.Metrics.DetailOf() != metrics.DetailCode || !c.Metrics.CodeInfo || c.Checkpoint.Interval != 15*time.Second {
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

// Each message has its place in cmd/errcode_exporter/testdata/script; here is what all of them have in common.
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
	// All at once, in the order of the lines.
	f("metrics: {detail: all}\nsources:\n  - {name: a, paths: [x], format: xml}\n  - {name: a, paths: [y], match: some, start_at: middle}\n", `errcode.yml:1:19: detail "all" is not one of code, category
   1 | metrics: {detail: all}
     |                   ^
errcode.yml:3:35: format "xml" is not one of auto, cri, docker, raw
   3 |   - {name: a, paths: [x], format: xml}
     |                                   ^
errcode.yml:4:12: source "a" has the name of source 1: give it another, or put their paths together
   4 |   - {name: a, paths: [y], match: some, start_at: middle}
     |            ^
errcode.yml:4:34: match "some" is not one of anywhere, fields
   4 |   - {name: a, paths: [y], match: some, start_at: middle}
     |                                  ^
errcode.yml:4:50: start_at "middle" is not one of end, beginning
   4 |   - {name: a, paths: [y], match: some, start_at: middle}
     |                                                  ^`)
	// What could not be read is not said to be missing as well.
	f("sources:\n  - named: a\n    paths: 5\n  - name: b\n    paths: [x]\n", `errcode.yml:2:5: unknown field "named": did you mean name?
   2 |   - named: a
     |     ^
errcode.yml:3:12: paths: a list is wanted, not the number 5: write [5]
   3 |     paths: 5
     |            ^`)
	// Wide characters take two columns, tabs are kept, line ends of Windows are left out, and nothing steers the terminal.
	f("sources: [{name: 错误码, paths: [x]}]\r\n", "errcode.yml:1:18: name \"错误码\": up to 63 letters, digits, _ . - are possible, beginning with a letter or digit\n"+
		"   1 | sources: [{name: 错误码, paths: [x]}]\n     |                  ^")
	f("# 错误码\nsources: [{paths: [日志.log],\tname: \"\u0085\"}]\n", "errcode.yml:2:35: name \" \": up to 63 letters, digits, _ . - are possible, beginning with a letter or digit\n"+
		"   2 | sources: [{paths: [日志.log],\tname: \"\ufffd\"}]\n     |                              \t      ^")
	f("sources: [{name: a, paths: [\""+strings.Repeat("x", 300)+"/\"]}]", "errcode.yml:1:29: \""+strings.Repeat("x", 300)+"/\" names a folder: write \""+strings.Repeat("x", 300)+"/*.log\" for the logs in it\n"+
		"   1 | sources: [{name: a, paths: [\""+strings.Repeat("x", 131)+"…\n     |                             ^")
	f("checkpoint: {path: x, "+strings.Repeat(" ", 300)+"interval: 1}", "errcode.yml:1:333: interval: a duration is wanted, not the number 1: write 1s for seconds\n"+
		"   1 | …"+strings.Repeat(" ", 50)+"interval: 1}\n     |  "+strings.Repeat(" ", 60)+"^")
	f("a: \xff\n", "errcode.yml:1:4: here is a byte that is no text (0xff): save the file as UTF-8\n   1 | a: \ufffd\n     |    ^")
	f("a: b\n\x00\n", "errcode.yml:2:1: here is a byte that is no text (0x00): save the file as UTF-8\n   2 | \ufffd\n     | ^")
	f(strings.Repeat("# nothing\n", 300_000), "errcode.yml:1:1: the file has more than 2 MiB: divide it, or leave out what is not needed\n   1 | # nothing\n     | ^")
}

func TestManyErrorsAreCut(t *testing.T) {
	_, err := Parse("errcode.yml", []byte("sources: ["+strings.Repeat("{}, ", 150)+"]"))
	if lines := strings.Split(err.Error(), "\n"); len(lines) != 3*maxShown+1 || lines[3*maxShown] != "errcode.yml: and 200 more" {
		t.Errorf("%d lines, the last: %s", len(lines), lines[len(lines)-1])
	}
}

// Fields can be taken over from elsewhere, and what stands in the group itself wins.
func TestAnchorsAndMerges(t *testing.T) {
	c, err := Parse("errcode.yml", []byte(`
sources:
  - &usual
    name: api
    paths: [api.log]
    format: cri
    exclude: &old ["*.old"]
  - <<: *usual
    name: web
    paths: [web.log]
    exclude: *old
`))
	if err != nil {
		t.Fatal(err)
	}
	if s := c.Sources[1]; s.Name != "web" || s.Paths[0] != "web.log" || s.Format != "cri" || s.Exclude[0] != "*.old" || s.StartAt != "end" {
		t.Errorf("%+v", s)
	}
	f := func(text string) {
		t.Helper()
		if _, err := Parse("errcode.yml", []byte(text)); err == nil || !strings.Contains(err.Error(), "more than 200000 values, with those that aliases stand for: write less") {
			t.Errorf("says %v", err)
		}
	}
	f("sources:\n- &a {<<: *a}\n")
	bomb := "sources:\n- &a0 {name: a}\n"
	for i := range 30 {
		bomb += fmt.Sprintf("- &a%d {<<: [*a%d, *a%[2]d]}\n", i+1, i)
	}
	f(bomb)
	f("sources: &s\n- paths: &p [" + strings.Repeat("x, ", 500) + "]\n" + strings.Repeat("- paths: *p\n", 500))
}

func TestDefaultsAreFilledIn(t *testing.T) {
	c, err := Parse("errcode.yml", []byte("sources: [{paths: [a.log]}]\ncheckpoint:\nmetrics:\n  # detail: category\ncatalog: {files: }\n"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := c.YAML()
	if err != nil {
		t.Fatal(err)
	}
	const want = `sources:
  - name: default
    paths:
      - a.log
    exclude: []
    start_at: end
    format: auto
    match: anywhere
    fields: []
checkpoint:
  path: /var/lib/errcode_exporter/checkpoint.json
  interval: 15s
catalog:
  files: []
metrics:
  detail: code
  unlisted_limit: 16
  code_info: true
`
	if string(text) != want {
		t.Errorf("%s", text)
	}
	again, err := Parse("errcode.yml", text)
	if err != nil || !reflect.DeepEqual(again.Sources[0].Paths, c.Sources[0].Paths) || again.Metrics != c.Metrics || again.Checkpoint != c.Checkpoint {
		t.Errorf("%+v, %v", again, err)
	}
}

func TestOverlaysAreReadFromTheFolderOfTheFile(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	site := write("overlays/site.yml", `
families:
  - {name: MMS, digits: 4-8, samples: [{line: "ERROR MMS.00010", codes: [MMS.00010]}]}
codes:
  - code: MMS.00010
    message: No quota.
    category: raise_quota
    texts: {zh: {message: 配额不足}}
    samples: ["错误码MMS.00010，请检查", {line: '{"code":"MMS.00010"}', match: fields}]
  - {code: IS.0001, mute: true, samples: ["IS.0001"]}
`)
	path := write("errcode.yml", "sources: [{paths: [a.log]}]\ncatalog: {files: [overlays/site.yml]}\n")
	c, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	codes, err := c.Codes()
	if err != nil {
		t.Fatal(err)
	}
	if code, ok := codes.Lookup("MMS.00010"); !ok || code.Overlay != "site.yml" || code.Texts["zh"].Message != "配额不足" {
		t.Errorf("%+v", code)
	}
	if code, ok := codes.Lookup("IS.0001"); !ok || !code.Muted {
		t.Errorf("%+v", code)
	}
	if got := c.Paths(); !reflect.DeepEqual(got, []string{path, site}) {
		t.Errorf("read from %q", got)
	}
	if text, err := c.YAML(); err != nil || !strings.Contains(string(text), "\n# "+site+"\n") || !strings.Contains(string(text), "配额不足") {
		t.Errorf("%s, %v", text, err)
	}
	if c, err := ReadOverlays(site); err != nil || len(c.overlays) != 1 || len(c.overlays[0].Codes) != 2 {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := ReadOverlays(site, write("bad.yml", "codes: [{code: IS.0001, severity: info}]\n")); err == nil || !strings.Contains(err.Error(), "bad.yml:1:16: IS.0001 is in site.yml already") {
		t.Errorf("%v", err)
	}
	if _, err := ReadOverlays("nowhere.yml"); err == nil {
		t.Error("accepted")
	}
}

func TestAddSource(t *testing.T) {
	c, err := Parse("errcode.yml", []byte("sources: [{name: app, paths: [/var/log/*.log]}]"))
	if err != nil {
		t.Fatal(err)
	}
	f := func(want string, s Source) {
		t.Helper()
		if err := c.AddSource(s); err == nil || err.Error() != want {
			t.Errorf("%+v: %v, want %s", s, err, want)
		}
	}
	f(`the configuration has a source "app" already: name files on the command line or there, not in both`, Source{Name: "app", Paths: []string{"x"}})
	f(`"/var/log/app.log" and "/var/log/*.log" of the source "app" both name files such as /var/log/app.log: name them on the command line or in the configuration, not in both`,
		Source{Name: "default", Paths: []string{"/var/log/app.log"}})
	f(`"/var/log/" names a folder: write "/var/log/*.log" for the logs in it`, Source{Name: "default", Paths: []string{"/var/log/"}})
	if err := c.AddSource(Source{Name: "default", Paths: []string{"/srv/app.log"}}); err != nil || c.Sources[1].Format != "auto" {
		t.Errorf("%+v, %v", c.Sources, err)
	}
}
