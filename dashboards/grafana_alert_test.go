package dashboards

import (
	"os"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

func provisioningFiles(t *testing.T) (rules, contactPoints, policies string) {
	t.Helper()
	read := func(name string) string {
		data, err := os.ReadFile("grafana/provisioning/alerting/" + name + ".yml")
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	return read("rules"), read("contact-points"), read("policies")
}

func TestCommittedProvisioningPassesTheChecker(t *testing.T) {
	for _, wrong := range checkProvisioning(provisioningFiles(t)) {
		t.Error(wrong)
	}
}

// What Grafana refuses, one change to the committed files at a time.
func TestCheckerFindsWhatGrafanaWouldRefuse(t *testing.T) {
	rules, points, policies := provisioningFiles(t)
	rules = strings.Join(strings.SplitAfter(rules, "      - uid:")[:4], "") // a few rules are enough, and quicker
	rules = strings.TrimSuffix(rules, "      - uid:")
	f := func(old, broken, want string) {
		t.Helper()
		all := []string{rules, points, policies}
		found := false
		for i, text := range all {
			if strings.Contains(text, old) {
				all[i], found = strings.Replace(text, old, broken, 1), true
				break
			}
		}
		if !found {
			t.Fatalf("%q is in no file", old)
		}
		if got := strings.Join(checkProvisioning(all[0], all[1], all[2]), "\n"); !strings.Contains(got, want) {
			t.Errorf("%q for %q: %q, want %q", broken, old, got, want)
		}
	}
	f("noDataState: OK", "noDataState: Fine", `noDataState "Fine"`)
	f("execErrState: Error", "execErrState: Oops", `execErrState "Oops"`)
	f("condition: C", "condition: D", `condition "D" is none of its queries`)
	f("interval: 30s", "interval: 15s", "no multiple of 10s")
	f("interval: 30s", "intervals: 30s", "unknown field")
	f("folder: errcode_exporter", "folder: ''", "name, folder and orgId are wanted")
	f("orgId: 1", "orgId: 0", "orgId")
	f("title: HuaweiCloudQuotaReached", "title: HuaweiCloudAccountRestricted", "taken in its folder")
	f("uid: errcode-", "uid: errcode/", "is not of 1 to 40")
	f("uid: errcode-", "uid: errcode-far-too-long-for-a-uid-of-grafana-", "is not of 1 to 40")
	f("for: 0s", "for: soon", `for "soon"`)
	f("expression: A", "expression: C", `works on "C", which is not before it`)
	f("type: reduce", "type: guess", `expression of type "guess"`)
	f("reducer: last", "reducer: first", `reducer "first"`)
	f("type: gt", "type: above", `threshold "above"`)
	f("from: 600", "from: 0", "relativeTimeRange")
	f("datasourceUid: $GRAFANA_DATASOURCE", "datasourceUid: $UNSET", "a data source and an expression are wanted")
	f("{{ $$labels.code }}", "{{ $labels.code }}", "$labels is not in Grafana's environment")
	f("severity: critical", "se-verity: critical", `label se-verity="critical"`)
	f("apiVersion: 1\n", "apiVersion: 2\n", "apiVersion 1 is missing")
	f("addresses: everybody@example.com", "address: everybody@example.com", `type "email" with settings`)
	f("receiver: pager", "receiver: nobody", `no contact point "nobody"`)
	f("[[severity, =, critical]]", "[[severity, is, critical]]", "matcher")
	f("group_wait: 5s", "group_wait: a moment", "policy of everybody")
}

// Rules of both forms are the same ones, in the same order, with the same labels and thresholds; texts differ only in how a value is named.
func TestGrafanaRulesAreThoseOfPrometheus(t *testing.T) {
	rules, _, _ := provisioningFiles(t)
	var file grafanaRuleFile
	if err := yaml.UnmarshalWithOptions([]byte(environment(rules)), &file, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	var all []grafanaRule
	for _, g := range file.Groups {
		all = append(all, g.Rules...)
	}
	alerts := testAlerts(t)
	if len(all) != len(alerts) {
		t.Fatalf("%d rules for Grafana, %d for Prometheus", len(all), len(alerts))
	}
	for i, a := range alerts {
		r := all[i]
		if !strings.HasPrefix(r.Title, a.Name) || r.Labels["runbook"] != a.Name || r.Labels["severity"] != string(a.Severity) || r.Labels["actor"] != a.Actor {
			t.Errorf("rule %d is %s %v, for Prometheus it is %s %v", i, r.Title, r.Labels, a.Name, a.Labels())
		}
		value := a.Value
		if a.LongValue != "" {
			value = a.LongValue
		}
		if got := r.Data[0].Model.Expr; got != value {
			t.Errorf("%s asks %s, want %s", r.Title, got, value)
		}
		if got, want := r.Annotations["description"], strings.ReplaceAll(a.Description, "$value", "$values.B.Value"); got != want {
			t.Errorf("%s says %s, want %s", r.Title, got, want)
		}
		if strings.Contains(r.Annotations["description"], "$value ") {
			t.Errorf("%s: in Grafana $value is a text about all values: %s", r.Title, r.Annotations["description"])
		}
	}
}
