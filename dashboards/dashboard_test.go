package dashboards

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
)

// parsed are the committed dashboards, parsed so that nothing unknown is let through.
func parsed(t *testing.T) map[string]dashboard.Dashboard {
	t.Helper()
	plugins.RegisterDefaultPlugins()
	paths, err := filepath.Glob("grafana/dashboards/*.json")
	if err != nil || len(paths) != 3 {
		t.Fatalf("%v, %v", paths, err)
	}
	all := map[string]dashboard.Dashboard{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var d dashboard.Dashboard
		if err := d.UnmarshalJSONStrict(data); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		all[path] = d
	}
	return all
}

func TestDashboardsKeepTheirUIDs(t *testing.T) {
	var uids []string
	for _, d := range parsed(t) {
		uids = append(uids, *d.Uid)
	}
	slices.Sort(uids)
	if want := []string{"errcode-codes", "errcode-exporter", "errcode-triage"}; !slices.Equal(uids, want) {
		t.Errorf("%v, want %v: links and annotations lead there", uids, want)
	}
}

func TestPanelsAreWellPlacedAndExplained(t *testing.T) {
	for path, d := range parsed(t) {
		ids := map[uint32]string{}
		var taken []dashboard.GridPos
		for _, p := range d.Panels {
			panel := p.Panel
			if panel == nil || panel.Title == nil || *panel.Title == "" {
				t.Fatalf("%s: a panel without a title", path)
			}
			name, pos := path+", "+*panel.Title, *panel.GridPos
			if other, ok := ids[*panel.Id]; ok || *panel.Id == 0 {
				t.Errorf("%s has the id %d of %s", name, *panel.Id, other)
			}
			ids[*panel.Id] = name
			if pos.X+pos.W > 24 || pos.W == 0 || pos.H < 4 {
				t.Errorf("%s is at %+v", name, pos)
			}
			for _, o := range taken {
				if pos.X < o.X+o.W && o.X < pos.X+pos.W && pos.Y < o.Y+o.H && o.Y < pos.Y+pos.H {
					t.Errorf("%s overlaps: %+v and %+v", name, pos, o)
				}
			}
			taken = append(taken, pos)
			if panel.Description == nil || len(*panel.Description) < 10 {
				t.Errorf("%s is not described", name)
			}
			if panel.FieldConfig == nil || panel.FieldConfig.Defaults.NoValue == nil || *panel.FieldConfig.Defaults.NoValue == "" {
				t.Errorf("%s shows \"No data\" on a quiet system: say what that means there", name)
			}
			if panel.Type != "table" && panel.Type != "heatmap" && (panel.FieldConfig.Defaults.Unit == nil || *panel.FieldConfig.Defaults.Unit == "") {
				t.Errorf("%s has no unit", name)
			}
			if len(panel.Targets) == 0 {
				t.Errorf("%s asks nothing", name)
			}
		}
	}
}

// Queries go to the chosen data source, stick to the chosen series, and have exemplars where they go over time.
func TestQueriesFollowTheChoices(t *testing.T) {
	used := regexp.MustCompile(`\$\{?([a-z_]+)`)
	for path, d := range parsed(t) {
		declared := map[string]bool{"__range": true, "__rate_interval": true, "__interval": true}
		for _, v := range d.Templating.List {
			declared[v.Name] = true
		}
		for _, p := range d.Panels {
			for _, target := range p.Panel.Targets {
				q, ok := target.(*prometheus.Dataquery)
				if !ok {
					t.Fatalf("%s, %s: target is %T", path, *p.Panel.Title, target)
				}
				name := path + ", " + *p.Panel.Title + ": " + q.Expr
				if q.Datasource == nil || *q.Datasource.Uid != "${datasource}" {
					t.Errorf("%s: asks another data source", name)
				}
				if over := q.Range != nil && *q.Range; over != (q.Exemplar != nil && *q.Exemplar) {
					t.Errorf("%s: range and exemplars differ", name)
				}
				for _, m := range used.FindAllStringSubmatch(q.Expr, -1) {
					if !declared[m[1]] {
						t.Errorf("%s: nobody declares $%s", name, m[1])
					}
				}
				if !strings.Contains(q.Expr, "ALERTS") && !strings.Contains(q.Expr, `job=~"$job"`) {
					t.Errorf("%s: does not stick to the chosen job", name)
				}
			}
		}
	}
}

func TestDashboardsHaveTheirVariables(t *testing.T) {
	all := parsed(t)
	f := func(path string, want ...string) {
		t.Helper()
		var got []string
		for _, v := range all[path].Templating.List {
			got = append(got, v.Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
	codes := []string{"datasource", "job", "instance", "source", "family", "category", "code", "exporter"}
	f("grafana/dashboards/triage.json", codes...)
	f("grafana/dashboards/codes.json", codes...)
	f("grafana/dashboards/exporter.json", "datasource", "job", "instance", "source")
}

// The tables have the words for every code, so that nobody has to look them up.
func TestTableKnowsTheWordsOfEveryCode(t *testing.T) {
	data, err := os.ReadFile("grafana/dashboards/triage.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range testSite(t).Catalog.Codes() {
		for _, key := range []string{`"` + code.Name + `"`, `"` + code.Name + "|" + code.Category + `"`} {
			if n := strings.Count(string(data), key+": {"); n < 3 {
				t.Errorf("%s is mapped %d times", key, n)
			}
		}
	}
}

func TestLayoutRefusesRaggedRows(t *testing.T) {
	p := func(width, height uint32) placed {
		return placed{number(about{"n", "n", unitCount}, "0", nil, query{"1", ""}), width, height}
	}
	if _, err := layout([]placed{p(12, 4), p(12, 5)}); err == nil {
		t.Error("panels of different height beside each other are taken")
	}
	all, err := layout([]placed{p(12, 4), p(12, 4), p(16, 5), p(12, 6)})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []dashboard.GridPos{{H: 4, W: 12}, {H: 4, W: 12, X: 12}, {H: 5, W: 16, Y: 4}, {H: 6, W: 12, Y: 9}} {
		if got := *all[i].Panel.GridPos; got != want {
			t.Errorf("panel %d is at %+v, want %+v", i, got, want)
		}
	}
}
