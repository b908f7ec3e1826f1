// Package dashboards turns the catalog into what people are alerted and informed by: alert and recording rules for Prometheus,
// the same alerts for Grafana, an example of routes for Alertmanager, Grafana dashboards, runbooks and the reference of codes.
//
// Everything is a function of a [Site]: the same site gives the same bytes. What is generated from the embedded catalog is committed
// (prometheus/, alertmanager/ and grafana/ here, runbooks/ and codes/ under docs/), and a test holds it against the generator.
package dashboards

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"

	"errcode_exporter/catalog"
)

//go:generate go run ../cmd/errcode_exporter generate rules --output=.
//go:generate go run ../cmd/errcode_exporter generate dashboards --output=.
//go:generate go run ../cmd/errcode_exporter generate runbooks --output=../docs
//go:generate go run ../cmd/errcode_exporter generate docs --output=../docs
//go:generate go test -count=1 -run ^TestScenarioFile$ . -update

// Where links lead as long as nobody says otherwise. The last is on a domain that is reserved for examples: where a site keeps its
// docs, only the site knows.
const (
	DefaultExporterURL = "http://localhost:14006"
	DefaultGrafanaURL  = "http://localhost:3000"
	DefaultDocsURL     = "https://example.com/errcode_exporter/docs"
)

// Site is what the generated files depend on.
type Site struct {
	Catalog *catalog.Catalog
	// ExporterURL is where people reach the exporter's pages, GrafanaURL Grafana, and DocsURL the folder with runbooks/ and codes/.
	// Without a slash at the end; empty means the default.
	ExporterURL, GrafanaURL, DocsURL string
	// Selector is put into every selector of every expression, such as `cluster="eu"`. Empty for none.
	Selector string
}

// File is one generated file. Path is relative and has slashes.
type File struct {
	Path string
	Data []byte
}

// complete returns the site with its defaults filled in, or what is wrong with it.
func (s Site) complete() (Site, error) {
	if s.Catalog == nil {
		return s, fmt.Errorf("a site without a catalog: load one with catalog.Load")
	}
	s.ExporterURL = cmp.Or(s.ExporterURL, DefaultExporterURL)
	s.GrafanaURL = cmp.Or(s.GrafanaURL, DefaultGrafanaURL)
	s.DocsURL = cmp.Or(s.DocsURL, DefaultDocsURL)
	for what, link := range map[string]*string{"exporter": &s.ExporterURL, "Grafana": &s.GrafanaURL, "docs": &s.DocsURL} {
		*link = strings.TrimRight(*link, "/")
		u, err := url.Parse(*link)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.ContainsAny(*link, "{}\"'` ") {
			return s, fmt.Errorf("the URL of %s is %q: one such as https://host/path is wanted", what, *link)
		}
	}
	s.Selector = strings.Trim(strings.TrimSpace(s.Selector), ",")
	return s, nil
}

// Rules returns the alert and recording rules for Prometheus and its operator, the alerts for Grafana, and the example for
// Alertmanager.
func (s Site) Rules() ([]File, error) {
	s, err := s.complete()
	if err != nil {
		return nil, err
	}
	alerts, err := s.Alerts()
	if err != nil {
		return nil, err
	}
	groups := ruleGroups(alerts, s.recordings())
	return render(
		yamlFile("prometheus/rules.yml", rulesHead, ruleFile{groups}),
		yamlFile("prometheus/prometheusrule.yml", prometheusRuleHead, newPrometheusRule(groups)),
		yamlFile("alertmanager/alertmanager.yml", alertmanagerHead, alertmanagerExample(s.Catalog)),
		yamlFile("grafana/provisioning/alerting/rules.yml", grafanaRulesHead, grafanaRules(alerts)),
		yamlFile("grafana/provisioning/alerting/contact-points.yml", grafanaContactHead, grafanaContactPoints()),
		yamlFile("grafana/provisioning/alerting/policies.yml", grafanaPolicyHead, grafanaPolicies(s.Catalog)),
	)
}

// rendering makes one file.
type rendering func() (File, error)

func render(all ...rendering) ([]File, error) {
	var files []File
	for _, r := range all {
		f, err := r()
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}
