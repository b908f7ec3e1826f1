package dashboards

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"errcode_exporter/catalog"
)

func TestEveryAlertSaysWhatToDo(t *testing.T) {
	c := testSite(t).Catalog
	who := append(actors(c), "")
	for _, a := range testAlerts(t) {
		for name, text := range a.Annotations() {
			if text == "" {
				t.Errorf("%s has an empty %s", a.Name, name)
			}
		}
		if !strings.Contains(a.Description, "What to do ("+a.Actor+")") {
			t.Errorf("%s does not tell the %s what to do: %s", a.Name, a.Actor, a.Description)
		}
		if !strings.HasSuffix(a.Annotations()["runbook_url"], "/runbooks/"+a.Name+".md") {
			t.Errorf("%s: runbook %s", a.Name, a.Annotations()["runbook_url"])
		}
		if a.Severity.Rank() > catalog.Info.Rank() || !slices.Contains(who, a.Actor) {
			t.Errorf("%s: severity %q, actor %q", a.Name, a.Severity, a.Actor)
		}
		if strings.Contains(a.Expr(), "_info") {
			t.Errorf("%s joins with an info metric: %s", a.Name, a.Expr())
		}
		if a.Category != "" && a.KeepFiring == "" {
			t.Errorf("%s may be over before anybody looks", a.Name)
		}
	}
}

// Every code rings in some alert, or is informative where its category rings the first time.
func TestEveryCodeRingsWhereItShould(t *testing.T) {
	c := testSite(t).Catalog
	for _, p := range policies() {
		rules, silent := batches(c, p)
		var ringing []string
		for _, b := range rules {
			ringing = append(ringing, names(b.entries)...)
		}
		for _, e := range entries(c, p.category) {
			rings := slices.Contains(ringing, e.code.Name)
			if rings == slices.Contains(silent, e.code.Name) {
				t.Errorf("%s as %s: rings: %t, and is silent: %t", e.code.Name, p.category, rings, !rings)
			}
			if !rings && e.severity != catalog.Info {
				t.Errorf("%s is %s and silent", e.code.Name, e.severity)
			}
		}
	}
}

// The message of each code reaches the annotation, through the template.
func TestDescriptionHasTheWordsOfTheVeryCode(t *testing.T) {
	f := func(alert, severity, actor, code string, want ...string) {
		t.Helper()
		a := findAlert(t, alert, severity, actor)
		got := expand(t, a.Description, map[string]string{"code": code, "source": "api"}, 1)
		for _, words := range want {
			if !strings.Contains(got, words) {
				t.Errorf("%s, %s: lacks %q:\n%s", alert, code, words, got)
			}
		}
	}
	f("HuaweiCloudAccountRestricted", "critical", "account owner", "IS.4006",
		"The account is frozen.", "What to do (account owner): Check whether the account is in arrears.", "Request IDs: http://localhost:14006/codes/IS.4006")
	f("HuaweiCloudServiceUnhealthy", "critical", "on-call", "IS.2105", "The service is not running properly.")
	f("HuaweiCloudServiceUnhealthy", "warning", "on-call", "APIG.0201", "Backend timeout. Or: Backend unavailable.")
	f("HuaweiCloudServiceUnhealthy", "warning", "on-call", "", "The service or its instance is not well.", "Check whether the service or the instance is up.")
	f("HuaweiCloudThrottled", "warning", "service owner", "APIGW.0308", "1.00 a second", "Reduce the request speed.")
	f("HuaweiCloudUnlistedCode", "warning", "on-call", "IS.9876", "IS.9876 is spelled like a code", "submit a service ticket")
	f("HuaweiCloudUnlistedCode", "warning", "on-call", "other", "more unlisted codes than get a series")
}

// A code whose severity or actor is its own gets a rule of its own, and the rest of its category does not take it.
func TestCodesAreBatchedByWhomTheyRingFor(t *testing.T) {
	c := testSite(t).Catalog
	p := policies()[slices.IndexFunc(policies(), func(p policy) bool { return p.category == "check_service" })]
	rules, silent := batches(c, p)
	var got []string
	for _, b := range rules {
		got = append(got, fmt.Sprint(b.severity, " ", strings.Join(b.matchers(rules, silent, c.Others()), ",")))
	}
	want := []string{`warning category="check_service",code!~"IS[.]2105"`, `critical category="check_service",code=~"IS[.]2105"`}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestWordsOfACatalogAreNoTemplate(t *testing.T) {
	const text = `{{ template "x" }} and {{ .Labels }} }}`
	if got := expand(t, literal(text), nil, 0); got != text {
		t.Errorf("%q became %q", text, got)
	}
}

func TestLabelValuesAreNoPattern(t *testing.T) {
	if got, want := oneOf("code", []string{"IS.0001", `a+b(c)`}), `code=~"IS[.]0001|a[+]b[(]c[)]"`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
