package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// dashboardFile is a committed dashboard, as far as its queries go.
type dashboardFile struct {
	path       string
	Templating struct {
		List []struct {
			Name, Type, Definition string
		}
	}
	Annotations struct {
		List []struct{ Name, Expr string }
	}
	Panels []struct {
		Title    string
		TimeFrom string
		Targets  []struct{ Expr string }
	}
}

func committedDashboards(t *testing.T) []dashboardFile {
	t.Helper()
	paths, err := filepath.Glob("../../dashboards/grafana/dashboards/*.json")
	if err != nil || len(paths) != 3 {
		t.Fatalf("%v, %v", paths, err)
	}
	var all []dashboardFile
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		d := dashboardFile{path: filepath.Base(path)}
		if err := json.Unmarshal(data, &d); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		all = append(all, d)
	}
	return all
}

// fill puts values in the place of a dashboard's variables. All, where it stands for whatever there is, is done as Grafana does it.
func fill(expr string, values map[string]string) string {
	return regexp.MustCompile(`\$\{?(\w+)\}?`).ReplaceAllStringFunc(expr, func(v string) string {
		return values[strings.Trim(v, "${}")]
	})
}

func choices() map[string]string {
	return map[string]string{
		"job": "app", "instance": ".+", "source": ".*", "family": ".*", "category": ".*", "code": ".*",
		"__rate_interval": "4s", "__interval": "5s", "__range": "15m",
	}
}

// TestE2EDashboardsShowTheDemo asks every query of every panel of a Prometheus that scrapes the demo, and wants an answer to each.
func TestE2EDashboardsShowTheDemo(t *testing.T) {
	endToEnd(t)
	x := startExporter(t, nil, "demo", "--demo.lines=500", "--demo.rotate=2s")
	rules, err := filepath.Abs("../../dashboards/prometheus/rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	p := runPrometheus(t, fmt.Sprintf("global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}\nrule_files: [%q]\n%s", rules, scrapes(x)))
	p.until("an alert rings", func() bool { return len(p.query(`ALERTS{alertname="HuaweiCloudAccountRestricted"}`)) > 0 })
	asked := 0
	for _, d := range committedDashboards(t) {
		for _, v := range d.Templating.List {
			if v.Type == "query" && len(p.values(fill(v.Definition, choices()))) == 0 {
				t.Errorf("%s: there is nothing to choose for %s: %s", d.path, v.Name, v.Definition)
			}
		}
		for _, a := range d.Annotations.List {
			if len(p.query(fill(a.Expr, choices()))) == 0 {
				t.Errorf("%s: annotation %s: nothing for %s", d.path, a.Name, a.Expr)
			}
		}
		for _, panel := range d.Panels {
			for _, target := range panel.Targets {
				asked++
				expr := fill(target.Expr, choices())
				p.until(fmt.Sprintf("%s, %s has data: %s", d.path, panel.Title, expr), func() bool { return len(p.query(expr)) > 0 })
			}
		}
	}
	if asked < 40 {
		t.Errorf("only %d queries", asked)
	}
	// The recording rules are evaluated with them.
	p.until("a recording rule has data", func() bool { return len(p.query("job_category:huaweicloud_api_errors:rate5m")) > 0 })
}

// TestE2EDashboardsOnAQuietSystem asks the same of a Prometheus that scrapes an exporter without a single error: numbers are there,
// and nothing is refused.
func TestE2EDashboardsOnAQuietSystem(t *testing.T) {
	endToEnd(t)
	log := newAppLog(t)
	log.create()
	x := serve(t, log.path)
	p := startPrometheus(t, x)
	p.until("it has scraped", func() bool { return p.last(errorsTotal+`{code="IS.4006"}`) == 0 })
	numbers := map[string]bool{
		"Errors": true, "Critical errors": true, "Codes failing now": true, "New codes today": true, "Log lines": true, "Exporters": true, "Not durable": true, "Lost": true,
		"Files": true, "Refused reloads": true, "By family": true, "By category": true,
	}
	for _, d := range committedDashboards(t) {
		for _, panel := range d.Panels {
			for _, target := range panel.Targets {
				expr := fill(target.Expr, choices())
				if !numbers[panel.Title] || len(panel.Targets) > 1 || strings.HasPrefix(target.Expr, "label_replace") {
					p.query(expr) // which fails if it is refused
					continue
				}
				p.until(fmt.Sprintf("%s, %s has a number: %s", d.path, panel.Title, expr), func() bool { return len(p.query(expr)) > 0 })
			}
		}
	}
}

// values asks what a variable of a dashboard can be, given as label_values(series, label).
func (p *prometheus) values(definition string) []string {
	p.Helper()
	m := regexp.MustCompile(`^label_values\((.*), (\w+)\)$`).FindStringSubmatch(definition)
	if m == nil {
		p.Fatalf("%s is not understood", definition)
	}
	var values []string
	p.ask("label/"+m[2]+"/values", "", url.Values{"match[]": {m[1]}}, &values)
	return values
}
