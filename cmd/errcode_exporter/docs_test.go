package main

import (
	"io"
	"net/http/httptest"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/common/promslog"

	"errcode_exporter/catalog"
	"errcode_exporter/config"
	"errcode_exporter/metrics"
)

func page(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Every metric that is exposed is in the docs, and every one in the docs is exposed, apart from those that only appear later.
func TestDocsNameEveryMetric(t *testing.T) {
	cfg := config.Default()
	if err := cfg.AddSource(config.Source{Name: "app", Paths: []string{t.TempDir() + "/app.log"}}); err != nil {
		t.Fatal(err)
	}
	pipe, err := newPipeline(cfg, saved{}, promslog.NewNopLogger())
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	pipe.table.Handler(metrics.HandlerOptions{}).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	exposed := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^# TYPE ((?:huaweicloud|errcode)_\S+)`).FindAllSubmatch(body, -1) {
		exposed[string(m[1])] = true
	}
	documented := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| `((?:huaweicloud|errcode)_[a-z_]+)`").FindAllStringSubmatch(page(t, "metrics.md"), -1) {
		documented[m[1]] = true
	}
	for name := range exposed {
		if !documented[name] {
			t.Errorf("%s is not in docs/metrics.md", name)
		}
	}
	later := []string{
		"huaweicloud_api_error_last_seen_timestamp_seconds", "errcode_exporter_checkpoint_last_success_timestamp_seconds",
		"errcode_exporter_source_last_line_timestamp_seconds",
	}
	for _, name := range later {
		exposed[name] = true
	}
	for name := range documented {
		if !exposed[name] {
			t.Errorf("%s is in docs/metrics.md and not exposed", name)
		}
	}
}

// Every field of the configuration and of overlays is in the docs, and in the examples.
func TestDocsNameEveryField(t *testing.T) {
	f := func(typ reflect.Type, pages ...string) {
		t.Helper()
		for _, name := range pages {
			text := page(t, name)
			for _, field := range fieldsOf(typ) {
				if !regexp.MustCompile(`\b` + field + ":").MatchString(text) {
					t.Errorf("%s is not in docs/%s", field, name)
				}
			}
		}
	}
	f(reflect.TypeFor[config.Config](), "configuration.md", "example/errcode_exporter.yml")
	f(reflect.TypeFor[catalog.Overlay](), "overlays.md", "example/site-codes.yml")
}

// fieldsOf returns the names of all fields, at any depth.
func fieldsOf(typ reflect.Type) []string {
	for typ.Kind() == reflect.Slice || typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Map {
		typ = typ.Elem()
	}
	var names []string
	if typ.Kind() != reflect.Struct {
		return nil
	}
	for i := range typ.NumField() {
		name, _, _ := strings.Cut(typ.Field(i).Tag.Get("yaml"), ",")
		if name != "" && name != "-" {
			names = append(append(names, name), fieldsOf(typ.Field(i).Type)...)
		}
	}
	return names
}

// The examples are right, and what they show as a default is one.
func TestExamples(t *testing.T) {
	cfg, err := config.Load("../../docs/example/errcode_exporter.yml")
	if err != nil {
		t.Fatal(err)
	}
	if len(cfg.Sources) != 3 || len(cfg.Paths()) != 2 {
		t.Errorf("%+v", cfg)
	}
	usual := config.Default()
	if cfg.Metrics != usual.Metrics || cfg.Checkpoint != usual.Checkpoint {
		t.Errorf("%+v and %+v are not the defaults", cfg.Metrics, cfg.Checkpoint)
	}
	text := page(t, "example/errcode_exporter.yml")
	for _, line := range strings.Split(text, "\n") {
		if shown, ok := strings.CutPrefix(strings.TrimSpace(line), "# "); ok && regexp.MustCompile(`^[a-z_]+: [a-z]+ `).MatchString(shown) {
			name, rest, _ := strings.Cut(shown, ": ")
			value, _, _ := strings.Cut(rest, " ")
			if got := map[string]string{"start_at": cfg.Sources[1].StartAt, "format": cfg.Sources[1].Format}[name]; got != value {
				t.Errorf("%s: the example says that %s is the default, and it is %q", name, value, got)
			}
		}
	}
}
