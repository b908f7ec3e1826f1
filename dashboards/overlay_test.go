package dashboards

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"errcode_exporter/catalog"
)

// overlaidSite is a site with codes and families of its own, whose words try to break out of what they are put into.
func overlaidSite(t *testing.T) Site {
	t.Helper()
	c, err := catalog.Load(catalog.Overlay{
		Name:     "site.yml",
		Families: []catalog.FamilyOverlay{{Name: "MMS", Title: "Media | Service", Digits: catalog.Digits{Min: 4, Max: 8}}},
		Codes: []catalog.CodeOverlay{
			{
				Code: "MMS.0001", Message: "Quota {{ $labels.x }} \"used\" up\n\n<b>now</b>.", Category: "raise_quota", Actor: `the "media" team`, Severity: catalog.Critical, Runbook: "https://wiki.corp/mms?a=1&b=2#c",
				Texts:  map[string]catalog.Text{"zh": {Message: "配额不足", Solution: "请联系管理员"}, "de": {Message: "Kontingent verbraucht"}},
				Causes: []catalog.CauseOverlay{{Words: `say "when" | {{`, Solution: "Wait.", Category: "wait_and_retry", Severity: catalog.Warning}},
			},
			{Code: "MMS.0002", Message: "No quota either.", Category: "raise_quota", Actor: `the "media" team`, Severity: catalog.Critical, Runbook: "https://wiki.corp/mms2"},
			{Code: "MMS.0003", Message: "Nor here.", Category: "raise_quota", Actor: `the "media" team`, Severity: catalog.Critical, Status: 404},
			{Code: "IS.4006", Mute: true},
			{Code: "IS.0001", Category: "check_service", Severity: catalog.Warning},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return Site{Catalog: c}
}

func textOf(t *testing.T, path string, generate func() ([]File, error)) string {
	t.Helper()
	files, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Path == path {
			return string(f.Data)
		}
	}
	t.Fatalf("%s is not generated", path)
	return ""
}

// What a site says is in everything that is generated, and breaks none of it.
func TestOverlayIsInEverythingThatIsGenerated(t *testing.T) {
	s := overlaidSite(t)
	f := func(text string, has bool, words ...string) {
		t.Helper()
		for _, w := range words {
			if strings.Contains(text, w) != has {
				t.Errorf("has %q: %t, want %t", w, !has, has)
			}
		}
	}
	rules := textOf(t, "prometheus/rules.yml", s.Rules)
	f(rules, true, "MMS[.]0001|MMS[.]0002|MMS[.]0003", "配额不足", "请联系管理员", "Kontingent verbraucht", "actor: the \"media\" team\n", `eq $labels.code "IS.0001"`)
	f(rules, false, "IS[.]4006", "The account is frozen.")
	f(textOf(t, "grafana/provisioning/alerting/rules.yml", s.Rules), true, "MMS[.]0001", "配额不足", "wiki.corp/mms2")
	f(textOf(t, "alertmanager/alertmanager.yml", s.Rules), true, `"media"`)
	f(textOf(t, "grafana/dashboards/triage.json", s.Dashboards), true, "MMS.0001", "配额不足")
	f(textOf(t, "runbooks/HuaweiCloudQuotaReached.md", s.Runbooks), true, "[MMS.0002](../codes/MMS.0002.md)", "([runbook](https://wiki.corp/mms2))", "配额不足")
	page := textOf(t, "codes/MMS.0001.md", s.Reference)
	f(page, true, "Not in the published table: from `site.yml`.", "[Runbook](https://wiki.corp/mms?a=1&b=2#c)", "## zh\n\n> 配额不足\n\n> 请联系管理员\n", "| service | Media \\| Service |\n\n", "&lt;b>now")
	f(page, false, "HTTP status")
	f(textOf(t, "codes/MMS.0003.md", s.Reference), true, "| HTTP status | 404 |")
	f(textOf(t, "codes/IS.4006.md", s.Reference), true, "**Muted** by `site.yml`: it is not counted.", "None, since it is not counted.")
	f(textOf(t, "codes/IS.0001.md", s.Reference), true, "Some of this is from `site.yml`.", "HuaweiCloudServiceUnhealthy")
	f(textOf(t, "codes/README.md", s.Reference), true, "## Media | Service", "| [IS.4006](IS.4006.md) | The account is frozen. | account owner | [`restore_account`](../runbooks/README.md#restore_account) | muted |")
}

// The rules of a site ring, and say its words.
func TestOverlayRings(t *testing.T) {
	s := overlaidSite(t)
	alerts, err := s.Alerts()
	if err != nil {
		t.Fatal(err)
	}
	find := func(name string, severity catalog.Severity, actor string) Alert {
		t.Helper()
		for _, a := range alerts {
			if a.Name == name && a.Severity == severity && a.Actor == actor {
				return a
			}
		}
		t.Fatalf("no alert %s, %s, %s", name, severity, actor)
		return Alert{}
	}
	quota, unlisted := find("HuaweiCloudQuotaReached", catalog.Critical, `the "media" team`), find(unlistedAlert, catalog.Warning, "on-call")
	code := func(name string) entry {
		code, ok := s.Catalog.Lookup(name)
		if !ok {
			code = &catalog.Code{Name: name, Family: "MMS"}
		}
		return entry{code: code}
	}
	muted := code("IS.4006")
	all := scenarios{RuleFiles: []string{"rules.yml"}, Interval: "1m", Tests: []scenario{{
		Name: "a site", Interval: "1m",
		Series: []inputSeries{
			counts("first", code("MMS.0001"), "raise_quota", "0x10 1x10"), counts("second", code("MMS.0002"), "raise_quota", "0x10 1x10"),
			counts("third", code("MMS.0003"), "raise_quota", "0x10 1x10"), counts("strange", code("MMS.99999"), "open_ticket", "0x10 1x10"),
			counts("muted", muted, "restore_account", "5x20"),
		},
		Alerts: []alertCheck{
			check(t, 8, quota.Name),
			check(t, 12, quota.Name, quota.rings("first", code("MMS.0001"), 1), quota.rings("second", code("MMS.0002"), 1), quota.rings("third", code("MMS.0003"), 1)),
			check(t, 12, unlisted.Name, unlisted.rings("strange", code("MMS.99999"), 1)),
			check(t, 12, "HuaweiCloudAccountRestricted"),
		},
	}}}
	for i, want := range []string{"https://wiki.corp/mms?a=1&b=2#c", "https://wiki.corp/mms2", DefaultDocsURL + "/runbooks/HuaweiCloudQuotaReached.md"} {
		if got := all.Tests[0].Alerts[1].Want[i].Annotations["runbook_url"]; got != want {
			t.Errorf("the runbook is %s, want %s", got, want)
		}
	}
	if d := all.Tests[0].Alerts[1].Want[0].Annotations["description"]; !strings.Contains(d, `Quota {{ $labels.x }} "used" up <b>now</b>. / Kontingent verbraucht / 配额不足`) || !strings.Contains(d, "请联系管理员") {
		t.Errorf("the description is %s", d)
	}
	folder := t.TempDir()
	write := func(name string, data []byte) string {
		t.Helper()
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	rules := write("rules.yml", []byte(textOf(t, "prometheus/rules.yml", s.Rules)))
	file, err := yamlFile("test.yml", "", all)()
	if err != nil {
		t.Fatal(err)
	}
	amtool(t, "check-config", write("alertmanager.yml", []byte(textOf(t, "alertmanager/alertmanager.yml", s.Rules))))
	promtool(t, "check", "rules", "--lint=all", "--lint-fatal", rules)
	promtool(t, "test", "rules", write("test.yml", file.Data))
}
