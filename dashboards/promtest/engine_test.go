// Package promtest holds the rules against the current engine of Prometheus. The tests in dashboards/ do the same with the promtool
// that is installed, which is older; both run prometheus/rules_test.yml. It is a module of its own because of what it needs.
package promtest

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/promqltest"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/util/teststorage"
	"go.yaml.in/yaml/v3"
)

const folder = "../prometheus/"

// scenarios is the file that promtool test rules reads, as far as ours goes.
type scenarios struct {
	RuleFiles []string       `yaml:"rule_files"`
	Interval  model.Duration `yaml:"evaluation_interval"`
	Tests     []scenario     `yaml:"tests"`
}

type scenario struct {
	Name     string         `yaml:"name"`
	Interval model.Duration `yaml:"interval"`
	Series   []struct {
		Series string `yaml:"series"`
		Values string `yaml:"values"`
	} `yaml:"input_series"`
	Alerts []struct {
		At    model.Duration `yaml:"eval_time"`
		Alert string         `yaml:"alertname"`
		Want  []struct {
			Labels      map[string]string `yaml:"exp_labels"`
			Annotations map[string]string `yaml:"exp_annotations"`
		} `yaml:"exp_alerts"`
	} `yaml:"alert_rule_test"`
	Exprs []struct {
		Expr string         `yaml:"expr"`
		At   model.Duration `yaml:"eval_time"`
		Want []struct {
			Labels string  `yaml:"labels"`
			Value  float64 `yaml:"value"`
		} `yaml:"exp_samples"`
	} `yaml:"promql_expr_test"`
}

func TestCurrentEngineAgrees(t *testing.T) {
	data, err := os.ReadFile(folder + "rules_test.yml")
	if err != nil {
		t.Fatal(err)
	}
	var all scenarios
	decoder := yaml.NewDecoder(strings.NewReader(string(data)))
	decoder.KnownFields(true)
	if err := decoder.Decode(&all); err != nil {
		t.Fatal(err)
	}
	if len(all.Tests) == 0 {
		t.Fatal("no tests")
	}
	for _, s := range all.Tests {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			s.run(t, time.Duration(all.Interval), all.RuleFiles)
		})
	}
}

// run evaluates all rules minute by minute, as Prometheus does, and looks at what rings at the times that the scenario names.
func (s scenario) run(t *testing.T, interval time.Duration, files []string) {
	t.Helper()
	var load strings.Builder
	fmt.Fprintf(&load, "load %s\n", s.Interval)
	for _, in := range s.Series {
		fmt.Fprintf(&load, "  %s %s\n", in.Series, in.Values)
	}
	store := promqltest.LoadedStorage(t, load.String())
	engine := promqltest.NewTestEngine(t, false, 0, 10_000_000)
	manager := newManager(t, store, engine)
	var paths []string
	for _, f := range files {
		paths = append(paths, folder+f)
	}
	loaded, errs := manager.LoadGroups(interval, labels.EmptyLabels(), "", nil, false, paths...)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	groups := slices.SortedFunc(maps.Values(loaded), func(a, b *rules.Group) int { return strings.Compare(a.Name(), b.Name()) })
	last := time.Duration(0)
	for _, c := range s.Alerts {
		last = max(last, time.Duration(c.At))
	}
	for _, c := range s.Exprs {
		last = max(last, time.Duration(c.At))
	}
	for at := time.Duration(0); at <= last; at += interval {
		now := time.UnixMilli(0).Add(at).UTC()
		for _, g := range groups {
			g.Eval(t.Context(), now)
			for _, r := range g.Rules() {
				if r.LastError() != nil {
					t.Fatalf("%s at %v: %v", r.Name(), at, r.LastError())
				}
			}
		}
		for _, c := range s.Alerts {
			if time.Duration(c.At) != at {
				continue
			}
			var want []string
			for _, w := range c.Want {
				w.Labels["alertname"] = c.Alert
				want = append(want, labels.FromMap(w.Labels).String()+" "+labels.FromMap(w.Annotations).String())
			}
			sort.Strings(want)
			if got := firing(groups, c.Alert); !slices.Equal(got, want) {
				t.Errorf("%s after %v:\n%s\nwant\n%s", c.Alert, at, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
	for _, c := range s.Exprs {
		got := map[string]float64{}
		query, err := engine.NewInstantQuery(t.Context(), store, nil, c.Expr, time.UnixMilli(0).Add(time.Duration(c.At)))
		if err != nil {
			t.Fatal(err)
		}
		vector, err := query.Exec(t.Context()).Vector()
		if err != nil {
			t.Fatal(err)
		}
		for _, sample := range vector {
			got[sample.Metric.String()] = sample.F
		}
		for _, w := range c.Want {
			wanted, err := parser.NewParser(parser.Options{}).ParseMetric(w.Labels)
			if err != nil {
				t.Fatal(err)
			}
			if value, ok := got[wanted.String()]; !ok || value < w.Value*0.999 || value > w.Value*1.001 {
				t.Errorf("%s after %v: %v, want %s %v", c.Expr, c.At, got, w.Labels, w.Value)
			}
		}
		if len(got) != len(c.Want) {
			t.Errorf("%s after %v: %d series, want %d", c.Expr, c.At, len(got), len(c.Want))
		}
	}
}

func newManager(t *testing.T, store *teststorage.TestStorage, engine *promql.Engine) *rules.Manager {
	t.Helper()
	return rules.NewManager(&rules.ManagerOptions{
		Context:              t.Context(),
		AppendableV2:         store,
		NameValidationScheme: model.UTF8Validation,
		Parser:               parser.NewParser(parser.Options{}),
		Queryable:            store,
		QueryFunc:            rules.EngineQueryFunc(engine, store),
		NotifyFunc:           func(context.Context, string, ...*rules.Alert) {},
		Logger:               slog.New(slog.DiscardHandler),
	})
}

// firing are the labels and annotations of the alerts of one name that ring.
func firing(groups []*rules.Group, name string) []string {
	var all []string
	for _, g := range groups {
		for _, r := range g.AlertingRules() {
			if r.Name() != name {
				continue
			}
			for _, a := range r.ActiveAlerts() {
				if a.State == rules.StateFiring {
					all = append(all, a.Labels.String()+" "+a.Annotations.String())
				}
			}
		}
	}
	sort.Strings(all)
	return all
}

// The parser of the current version takes the rules, strictly.
func TestCurrentParserTakesTheRules(t *testing.T) {
	groups, errs := rulefmt.ParseFile(folder+"rules.yml", false, model.UTF8Validation, parser.NewParser(parser.Options{}), slog.New(slog.DiscardHandler))
	if len(errs) > 0 || len(groups.Groups) == 0 {
		t.Errorf("%d groups, %v", len(groups.Groups), errs)
	}
}
