package promtest

import (
	"os"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"
)

// The queries of the alerts for Grafana look back further than those of Prometheus; the parser takes them too.
func TestCurrentParserTakesTheQueriesForGrafana(t *testing.T) {
	data, err := os.ReadFile("../grafana/provisioning/alerting/rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Rules []struct {
				Title string `yaml:"title"`
				Data  []struct {
					Model struct {
						Expr string `yaml:"expr"`
					} `yaml:"model"`
				} `yaml:"data"`
			} `yaml:"rules"`
		} `yaml:"groups"`
	}
	if err := yaml.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	parsed := 0
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			if _, err := parser.NewParser(parser.Options{}).ParseExpr(r.Data[0].Model.Expr); err != nil {
				t.Errorf("%s: %v", r.Title, err)
			}
			parsed++
		}
	}
	if parsed < 20 {
		t.Errorf("only %d rules", parsed)
	}
}
