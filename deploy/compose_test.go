// Package deploy holds what brings the exporter to where it runs. It has tests only.
package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// compose is as much of the compose file as can be checked without a container engine.
type compose struct {
	Services map[string]struct {
		Image   string   `yaml:"image"`
		Build   any      `yaml:"build"`
		Command []string `yaml:"command"`
		Volumes []string `yaml:"volumes"`
		Ports   []string `yaml:"ports"`
	} `yaml:"services"`
	Volumes map[string]any `yaml:"volumes"`
}

func readCompose(t *testing.T) compose {
	t.Helper()
	data, err := os.ReadFile("compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	var c compose
	if err := yaml.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestComposeMountsWhatIsThereAndListensHereOnly(t *testing.T) {
	c := readCompose(t)
	for _, name := range []string{"exporter", "prometheus", "alertmanager", "grafana"} {
		s, ok := c.Services[name]
		if !ok {
			t.Errorf("no service %s", name)
			continue
		}
		if s.Build == nil && (!strings.Contains(s.Image, ":") || strings.HasSuffix(s.Image, ":latest")) {
			t.Errorf("%s: the image %q has no fixed version", name, s.Image)
		}
		for _, port := range s.Ports {
			if !strings.HasPrefix(port, "127.0.0.1:") {
				t.Errorf("%s: %s is open to the network", name, port)
			}
		}
		for _, v := range s.Volumes {
			from, _, _ := strings.Cut(v, ":")
			if !strings.HasPrefix(from, ".") {
				if _, ok := c.Volumes[from]; !ok {
					t.Errorf("%s: volume %s is not declared", name, from)
				}
				continue
			}
			if _, err := os.Stat(filepath.FromSlash(from)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// The configuration of Prometheus is checked with its rules where the container has them.
func TestComposePrometheusTakesItsConfiguration(t *testing.T) {
	if testing.Short() {
		t.Skip("needs promtool")
	}
	data, err := os.ReadFile("compose/prometheus.yml")
	if err != nil {
		t.Fatal(err)
	}
	rules, err := filepath.Abs("../dashboards/prometheus/rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(data), "/etc/prometheus/rules.yml", rules, 1)
	if text == string(data) {
		t.Fatal("prometheus.yml names no rules")
	}
	path := filepath.Join(t.TempDir(), "prometheus.yml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("promtool", "check", "config", path).CombinedOutput(); err != nil {
		t.Errorf("promtool check config (make install-test-deps installs it): %v\n%s", err, out)
	}
}
