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

// Every field of the configuration is in the docs.
func TestDocsNameEveryField(t *testing.T) {
	text := page(t, "configuration.md")
	var look func(reflect.Type)
	look = func(typ reflect.Type) {
		for typ.Kind() == reflect.Slice || typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct {
			return
		}
		for i := range typ.NumField() {
			if tag := typ.Field(i).Tag.Get("yaml"); tag != "" {
				if !strings.Contains(text, tag+":") {
					t.Errorf("%s is not in docs/configuration.md", tag)
				}
				look(typ.Field(i).Type)
			}
		}
	}
	look(reflect.TypeFor[config.Config]())
}
