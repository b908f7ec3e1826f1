package config

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"errcode_exporter/extract"
	"errcode_exporter/tailer"
)

var sourceName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$`)

// check reports all values that are impossible or contradict one another.
func (d *document) check(c *Config) error {
	var errs []error
	report := func(path, format string, args ...any) {
		errs = append(errs, d.field(path, fmt.Sprintf(format, args...)))
	}
	names := map[string]int{}
	for i, s := range c.Sources {
		at := fmt.Sprintf("$.sources[%d]", i)
		switch first, taken := names[s.Name]; {
		case s.Name == "":
			report(at, "source %d has no name: with several sources each needs one", i+1)
		case !sourceName.MatchString(s.Name):
			report(at+".name", "name %q: up to 63 letters, digits, _ . - are allowed, beginning with a letter or digit", s.Name)
		case taken:
			report(at+".name", "source %q has the name of source %d: each needs its own", s.Name, first+1)
		default:
			names[s.Name] = i
		}
		if len(s.Paths) == 0 {
			report(at, "source %q has no paths: list at least one file or glob", s.Name)
		}
		checkGlobs(report, at+".paths", s.Paths)
		checkGlobs(report, at+".exclude", s.Exclude)
		oneOf(report, at, "start_at", s.StartAt, tailer.End, tailer.Beginning)
		oneOf(report, at, "format", s.Format, extract.Auto, extract.CRI, extract.Docker, extract.Raw)
		oneOf(report, at, "match", s.Match, extract.Anywhere, extract.Fields)
		if len(s.Fields) > 0 && s.Match == string(extract.Anywhere) {
			report(at+".fields", "fields are only looked at with match: fields")
		}
		if err := extract.CheckPaths(s.Fields); err != nil {
			report(at+".fields", "%v", err)
		}
	}
	if c.Checkpoint.Interval < time.Second {
		report("$.checkpoint.interval", "interval %v is too short: at least 1s", c.Checkpoint.Interval)
	}
	if len(c.Catalog.Files) > 0 {
		report("$.catalog.files", "site overlays are not supported yet: remove catalog.files")
	}
	oneOf(report, "$.metrics", "detail", c.Metrics.Detail, "code", "category")
	if n := c.Metrics.UnlistedLimit; n < 1 || n > 10000 {
		report("$.metrics.unlisted_limit", "unlisted_limit %d: 1 to 10000 is possible", n)
	}
	return errors.Join(errs...)
}

func checkGlobs(report func(string, string, ...any), at string, globs []string) {
	for i, g := range globs {
		if err := tailer.ValidateGlob(g); err != nil {
			report(fmt.Sprintf("%s[%d]", at, i), "%v", err)
		}
	}
}

// oneOf reports a value that is none of those allowed.
func oneOf[T any](report func(string, string, ...any), at, field, value string, allowed ...T) {
	var words []string
	for _, a := range allowed {
		words = append(words, fmt.Sprint(a))
	}
	if !slices.Contains(words, value) {
		report(at+"."+field, "%s %q is not one of %s", field, value, strings.Join(words, ", "))
	}
}

// kindInWords says what a field takes.
func kindInWords(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return "a duration such as 15s"
	case t.Kind() == reflect.Slice:
		return "a list"
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Map:
		return "a group of fields"
	case t.Kind() == reflect.String:
		return "a text"
	case t.Kind() == reflect.Bool:
		return "true or false"
	default:
		return "a number"
	}
}

// known lists the fields of the group that a line stands in.
func (d *document) known(line int) string {
	indent := func(s string) int { return len(s) - len(strings.TrimLeft(s, " -")) }
	own := d.lines[line-1]
	group := ""
	for i := line - 2; i >= 0 && indent(own) > 0; i-- {
		if l := d.lines[i]; strings.TrimSpace(l) != "" && indent(l) == 0 && !strings.HasPrefix(l, "#") {
			group, _, _ = strings.Cut(l, ":")
			break
		}
	}
	t, ok := map[string]reflect.Type{
		"": reflect.TypeFor[Config](), "sources": reflect.TypeFor[Source](), "checkpoint": reflect.TypeFor[Checkpoint](),
		"catalog": reflect.TypeFor[Catalog](), "metrics": reflect.TypeFor[Metrics](),
	}[group]
	if !ok {
		return ""
	}
	var fields []string
	for i := range t.NumField() {
		if field := t.Field(i).Tag.Get("yaml"); field != "" {
			fields = append(fields, field)
		}
	}
	return strings.Join(fields, ", ")
}
