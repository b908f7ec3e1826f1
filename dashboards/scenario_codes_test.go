package dashboards

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"errcode_exporter/catalog"
)

// place are the labels of the exporter that the scenarios scrape; all but the instance are those of the alerts.
const place = `job="app", instance="a:14006"`

// counts is the series of one code in one source: the source is the case.
func counts(source string, e entry, category, values string) inputSeries {
	return inputSeries{fmt.Sprintf("%s{%s, source=%q, code=%q, family=%q, category=%q}", errorsTotal, place, source, e.code.Name, e.code.Family, category), values}
}

func seenAt(source, code, category, values string) inputSeries {
	return inputSeries{fmt.Sprintf("%s{%s, source=%q, code=%q, category=%q}", lastSeen, place, source, code, category), values}
}

// codeScenarios has a piece for each rule about codes. Pieces whose alerts have different names share a scenario, since promtool
// evaluates every rule in each.
func codeScenarios(t *testing.T) []scenario {
	t.Helper()
	c := testSite(t).Catalog
	var critical, others []scenario
	for _, p := range policies() {
		rules, _ := batches(c, p)
		for _, b := range rules {
			alert := findAlert(t, b.alert, string(b.severity), b.actor)
			e := b.entries[0]
			if i := slices.Index(names(b.entries), "IS.4006"); i >= 0 {
				e = b.entries[i]
			}
			switch {
			case b.severity == catalog.Critical:
				critical = append(critical, firstScenario(t, alert, e))
			case b.ring == ringFirst:
				others = append(others, firstScenario(t, alert, e))
			case b.ring == ringOften:
				others = append(others, oftenScenario(t, alert, e))
			case b.ring == ringAgain:
				others = append(others, againScenario(t, alert, e))
			case b.ring == ringShare:
				others = append(others, shareScenario(t, alert, e))
			}
		}
	}
	unknown := *entries(c, "open_ticket")[0].code
	unknown.Name = "IS.9876"
	others = append(others, firstScenario(t, findAlert(t, unlistedAlert, "warning", "on-call"), entry{code: &unknown}))
	return []scenario{together("critical codes", critical...), together("other codes", others...), withoutCode(t), silentScenario(t), movedScenario(t)}
}

// together puts pieces that do not touch each other into one scenario.
func together(name string, pieces ...scenario) scenario {
	all := scenario{Name: name, Interval: "1m"}
	for _, p := range pieces {
		all.Series = append(all.Series, p.Series...)
		all.Alerts = append(all.Alerts, p.Alerts...)
	}
	return all
}

func findAlert(t *testing.T, name, severity, actor string) Alert {
	t.Helper()
	for _, a := range testAlerts(t) {
		if a.Name == name && string(a.Severity) == severity && a.Actor == actor {
			return a
		}
	}
	t.Fatalf("no alert %s, %s, %s", name, severity, actor)
	return Alert{}
}

// rings is the alert for a source, as it is expected.
func (a Alert) rings(source string, e entry, value float64) firing {
	labels := map[string]string{"job": "app", "source": source}
	if a.ByCode && e.code.Name != "" {
		labels["code"] = e.code.Name
	}
	return firing{a, labels, value}
}

// firstScenario: one event in minute 11 rings, in whatever way it comes to be seen, and stops ringing when it is long ago.
func firstScenario(t *testing.T, a Alert, e entry) scenario {
	t.Helper()
	category := a.Category
	series := []inputSeries{
		counts("quiet", e, category, "0x170"),
		counts("history", e, category, "_x10 7x159"), seenAt("history", e.code.Name, category, "_x10 0x159"),
		counts("zero first", e, category, "0x10 1x159"),
		counts("born at one", e, category, "_x10 1x159"), seenAt("born at one", e.code.Name, category, "_x10 660x159"),
		counts("counter reset", e, category, "5x10 1x159"),
		counts("reset to zero", e, category, "5x8 0x1 1x159"),
		counts("restart", e, category, "5x8 _x2 6x159"),
		counts("long outage", e, category, "5x5 _x24 6x139"),
		counts("sustained", e, category, "0x10 1+1x60 61x98"),
	}
	at := func(minute int, sources ...string) alertCheck {
		var all []firing
		for _, s := range sources {
			all = append(all, a.rings(s, e, 1))
		}
		return check(t, minute, a.Name, all...)
	}
	seen := []string{"born at one", "counter reset", "reset to zero", "restart", "sustained", "zero first"}
	outage := append([]string{"long outage"}, seen...)
	s := scenario{Series: series}
	if a.KeepFiring == "1h" {
		s.Alerts = []alertCheck{at(7), at(12, seen...), at(19, seen...), at(33, outage...), at(78, outage...), at(110, "sustained"), at(160)}
	} else {
		s.Alerts = []alertCheck{at(7), at(12, seen...), at(19, seen...), at(33, outage...), at(65, "sustained"), at(92, "sustained"), at(110)}
	}
	return s
}

// oftenScenario: throttling now and then is how a limit works; all the time it is not.
func oftenScenario(t *testing.T, a Alert, e entry) scenario {
	t.Helper()
	return scenario{
		Series: []inputSeries{
			counts("quiet", e, a.Category, "0x120"),
			counts("first", e, a.Category, "0x10 1x109"),
			counts("now and then", e, a.Category, "0+3x120"),
			counts("burst", e, a.Category, "0x10 40x109"),
			counts("sustained", e, a.Category, "0x10 0+12x50 600x59"),
		},
		Alerts: []alertCheck{
			check(t, 12, a.Name), check(t, 40, a.Name, a.rings("sustained", e, 0.2)),
			check(t, 100, a.Name),
		},
	}
}

// againScenario: a token that runs out once a day is renewed; one that is rejected for half an hour is not.
func againScenario(t *testing.T, a Alert, e entry) scenario {
	t.Helper()
	return scenario{
		Series: []inputSeries{
			counts("quiet", e, a.Category, "4x180"),
			counts("first", e, a.Category, "0x10 1x169"),
			counts("daily renewal", e, a.Category, "0x10 3x1 5x1 6x167"),
			counts("sustained", e, a.Category, "0x11 1+1x30 31x137"),
			counts("every quarter of an hour", e, a.Category, "0x12 1x14 2x14 3x14 4x110"),
			counts("restart", e, a.Category, "5x10 _x10 6x150"),
		},
		Alerts: []alertCheck{
			check(t, 12, a.Name), check(t, 20, a.Name),
			check(t, 42, a.Name, a.rings("sustained", e, 6)),
			check(t, 63, a.Name, a.rings("every quarter of an hour", e, 4), a.rings("sustained", e, 7)),
			check(t, 170, a.Name),
		},
	}
}

// shareScenario: malformed requests are somebody's bug at any time; they ring when most of what fails is that.
func shareScenario(t *testing.T, a Alert, e entry) scenario {
	t.Helper()
	other := entry{code: testCode(t, "IS.3000")} // for which nothing rings
	s := scenario{}
	f := func(source, these, others string) {
		source = a.Category + ", " + source // all that is counted in a source matters
		s.Series = append(s.Series, counts(source, e, a.Category, these), counts(source, other, "fix_resource", others))
	}
	f("quiet", "0x150", "0+60x150")
	f("first", "0x10 1x139", "0x150")
	f("few", "0+2x150", "0x150")
	f("small share", "0+12x150", "0+60x150")
	f("sustained", "0x10 0+12x60 720x79", "0+4x150")
	s.Alerts = []alertCheck{
		check(t, 12, a.Name), check(t, 24, a.Name), check(t, 60, a.Name, a.rings(a.Category+", sustained", e, 0.75)), check(t, 145, a.Name),
	}
	return s
}

// withoutCode: where --metrics.detail=category leaves the label of a code out, its category still rings.
func withoutCode(t *testing.T) scenario {
	t.Helper()
	a := findAlert(t, "HuaweiCloudAccessDenied", "warning", "cloud admin")
	none := *testCode(t, "IS.0017")
	none.Name = ""
	e := entry{code: &none}
	return scenario{
		Name: "a category without codes", Interval: "1m",
		Series: []inputSeries{counts("app", e, a.Category, "0x10 1x50")},
		Alerts: []alertCheck{check(t, 8, a.Name), check(t, 12, a.Name, a.rings("app", e, 1))},
	}
}

// silentScenario: codes that are merely informative do not ring, and a cause decides under which category its code does.
func silentScenario(t *testing.T) scenario {
	t.Helper()
	a := findAlert(t, "HuaweiCloudServiceUnhealthy", "warning", "on-call")
	timeout := entry{code: testCode(t, "APIG.0201")}
	return scenario{
		Name: "informative codes and causes", Interval: "1m",
		Series: []inputSeries{
			counts("app", entry{code: testCode(t, "IS.3000")}, "fix_resource", "0x10 1x50"),
			counts("timeout", timeout, "check_service", "0x10 1x50"), counts("timeout", timeout, "fix_request", "0x60"),
			counts("oversized", timeout, "check_service", "0x60"), counts("oversized", timeout, "fix_request", "0x10 1x50"),
			seenAt("oversized", "APIG.0201", "fix_request", "_x10 660x50"),
		},
		Alerts: []alertCheck{
			check(t, 12, "HuaweiCloudResourceMissing"), check(t, 8, a.Name), check(t, 12, a.Name, a.rings("timeout", timeout, 1)),
		},
	}
}

// movedScenario: a reload gives a code another category. The new series begins at 0 and rings for its own events; the old one stays
// where it is and never rings again, whoever looks at it for the first time, until a restart takes it away.
func movedScenario(t *testing.T) scenario {
	t.Helper()
	was, is := findAlert(t, "HuaweiCloudResourceMissing", "warning", "service owner"), findAlert(t, "HuaweiCloudServiceUnhealthy", "warning", "on-call")
	moved := *testCode(t, "IS.3000")
	moved.Name = "IS.9876"
	e := entry{code: &moved}
	both := func(source, old, oldSeen, fresh, freshSeen string) []inputSeries {
		all := []inputSeries{counts(source, e, was.Category, old), counts(source, e, is.Category, fresh), seenAt(source, moved.Name, was.Category, oldSeen)}
		if freshSeen != "" {
			all = append(all, seenAt(source, moved.Name, is.Category, freshSeen))
		}
		return all
	}
	return scenario{
		Name: "a code changes its category", Interval: "1m",
		Series: slices.Concat(
			both("nothing happens", "5x90", "-9000x90", "_x20 0x70", ""),
			both("then an event", "5x90", "-9000x90", "_x20 0x4 1x65", "_x25 1500x65"),
			both("restarted", "5x22 stale", "-9000x22 stale", "_x20 0x4 1x65", "_x25 1500x65"),
			both("seen for the first time", "_x26 5x64", "_x26 -9000x64", "_x26 1x64", "_x26 1500x64"),
			both("and moved back", "5x24 6x66", "-9000x24 1500x66", "_x20 0x70", ""),
		),
		Alerts: []alertCheck{
			check(t, 19, was.Name), check(t, 19, is.Name), check(t, 22, was.Name), check(t, 22, is.Name),
			check(t, 27, was.Name, was.rings("and moved back", e, 1)),
			check(t, 27, is.Name, is.rings("restarted", e, 1), is.rings("seen for the first time", e, 1), is.rings("then an event", e, 1)),
			check(t, 70, was.Name), check(t, 70, is.Name),
		},
	}
}

// recordingScenarios has a test for each recording rule: two instances are added up, two sources are not.
func recordingScenarios() []scenario {
	s := scenario{Name: "recording rules", Interval: "1m"}
	for i, instance := range []string{"a", "b"} {
		add := func(metric, more string, values string) {
			s.Series = append(s.Series, inputSeries{fmt.Sprintf(`%s{job="app", cluster="eu", instance=%q%s}`, metric, instance, more), values})
		}
		for _, source := range []string{"api", "web"} {
			of := fmt.Sprintf(", source=%q", source)
			add(errorsTotal, of+`, family="IS", category="restore_account", code="IS.4006"`, "0+6x60")
			add(lastSeen, of+`, category="restore_account", code="IS.4006"`, fmt.Sprintf("%dx60", 100+i))
			add("errcode_exporter_lines_total", of, "0+60x60")
			add("errcode_exporter_read_bytes_total", of, "0+600x60")
			add("errcode_exporter_source_lag_bytes", of, "7x60")
		}
	}
	of := map[string]string{`, source="api"`: "", `, source="web"`: ""}
	expect := func(record, labels string, value float64) {
		c := exprCheck{Expr: record, At: "60m"}
		sources := slices.Sorted(maps.Keys(of))
		if record == "job_category:huaweicloud_api_errors:rate5m" {
			sources = []string{""}
		}
		for _, source := range sources {
			c.Want = append(c.Want, expectedSample{fmt.Sprintf(`%s{cluster="eu", job="app"%s%s}`, record, source, labels), value})
		}
		s.Exprs = append(s.Exprs, c)
	}
	const code, category = `, family="IS", category="restore_account", code="IS.4006"`, `, category="restore_account"`
	expect("source_code:huaweicloud_api_errors:rate5m", code, 0.2)
	expect("source_code:huaweicloud_api_errors:increase1h", code, 720)
	expect("source_category:huaweicloud_api_errors:rate5m", category, 0.2)
	expect("job_category:huaweicloud_api_errors:rate5m", category, 0.4)
	expect("source_code:huaweicloud_api_error_last_seen_timestamp_seconds:max", `, code="IS.4006"`, 101)
	expect("source:errcode_exporter_lines:rate5m", "", 2)
	expect("source:errcode_exporter_read_bytes:rate5m", "", 20)
	expect("source:errcode_exporter_source_lag_bytes:sum", "", 14)
	return []scenario{s}
}
