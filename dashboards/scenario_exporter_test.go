package dashboards

import (
	"fmt"
	"testing"

	"errcode_exporter/catalog"
)

func testCode(t *testing.T, name string) *catalog.Code {
	t.Helper()
	code, ok := testSite(t).Catalog.Lookup(name)
	if !ok {
		t.Fatalf("%s is not listed", name)
	}
	return code
}

// exporterScenarios has a test for each alert about the exporter. The instance is the case.
func exporterScenarios(t *testing.T) []scenario {
	t.Helper()
	all := together("the exporter",
		downScenario(t),
		gaugeScenario(t, "ErrcodeExporterNotDurable", durable, false),
		gaugeScenario(t, "ErrcodeExporterReloadFailed", "errcode_exporter_config_last_reload_successful", false),
		gaugeScenario(t, "ErrcodeExporterSourceMissing", "errcode_exporter_source_files", true),
		laggingScenario(t),
		countScenario(t, "ErrcodeExporterCheckpointFailing", "errcode_exporter_checkpoint_errors_total", ""),
		countScenario(t, "ErrcodeExporterLinesCut", "errcode_exporter_line_errors_total", "too_long"),
		countScenario(t, "ErrcodeExporterBytesLost", "errcode_exporter_lost_bytes_total", "truncated"),
		countScenario(t, "ErrcodeExporterSourceErrors", "errcode_exporter_source_errors_total", "open"),
	)
	return []scenario{all, together("silent sources", silentSourceScenario(t))}
}

// ours is a series of an exporter; more are name, value pairs.
func ours(metric, instance, values string, more ...string) inputSeries {
	labels := fmt.Sprintf(`job="app", instance=%q`, instance)
	for i := 0; i < len(more); i += 2 {
		if more[i+1] != "" {
			labels += fmt.Sprintf(", %s=%q", more[i], more[i+1])
		}
	}
	return inputSeries{fmt.Sprintf("%s{%s}", metric, labels), values}
}

func ourAlert(t *testing.T, alert Alert, value float64, labels ...string) firing {
	t.Helper()
	f := firing{alert, map[string]string{"job": "app"}, value}
	for i := 0; i < len(labels); i += 2 {
		if labels[i+1] != "" {
			f.labels[labels[i]] = labels[i+1]
		}
	}
	return f
}

func exporterAlert(t *testing.T, name string) Alert {
	t.Helper()
	for _, a := range testAlerts(t) {
		if a.Name == name {
			return a
		}
	}
	t.Fatalf("no alert %s", name)
	return Alert{}
}

func downScenario(t *testing.T) scenario {
	t.Helper()
	a := exporterAlert(t, "ErrcodeExporterDown")
	gone := firing{a, map[string]string{"job": "gone"}, 1}
	return scenario{
		Series: []inputSeries{
			ours("up", "well", "1x120"), ours(durable, "well", "1x120"),
			ours("up", "something else", "0x120"), // has never been an exporter
			ours("up", "dies", "1x10 0x30 1x80"), ours(durable, "dies", "1x10 stale _x29 1x80"),
			{`up{job="gone", instance="a"}`, "1x10 stale"},
			{durable + `{job="gone", instance="a"}`, "1x10 stale"},
			{`up{job="moved", instance="a"}`, "1x10 stale"},
			{durable + `{job="moved", instance="a"}`, "1x10 stale"},
			{`up{job="moved", instance="b"}`, "_x10 1x110"},
			{durable + `{job="moved", instance="b"}`, "_x10 1x110"},
		},
		Alerts: []alertCheck{
			check(t, 9, a.Name), check(t, 12, a.Name), check(t, 20, a.Name, ourAlert(t, a, 1, "instance", "dies"), gone),
			check(t, 45, a.Name, gone), check(t, 80, a.Name),
		},
	}
}

// gaugeScenario: a gauge that is 0 for long enough.
func gaugeScenario(t *testing.T, name, metric string, bySource bool) scenario {
	t.Helper()
	a := exporterAlert(t, name)
	source := ""
	if bySource {
		source = "api"
	}
	return scenario{
		Series: []inputSeries{
			ours(metric, "well", "1x100", "source", source), ours(metric, "a moment", "1x10 0x1 1x88", "source", source),
			ours(metric, "fails", "1x10 0x40 1x48", "source", source),
		},
		Alerts: []alertCheck{
			check(t, 9, name), check(t, 11, name), check(t, 30, name, ourAlert(t, a, 1, "instance", "fails", "source", source)), check(t, 60, name),
		},
	}
}

// countScenario: a counter that grows.
func countScenario(t *testing.T, name, metric, reason string) scenario {
	t.Helper()
	a := exporterAlert(t, name)
	source := "api"
	if reason == "" {
		source = ""
	}
	more := []string{"reason", reason, "source", source}
	s := scenario{
		Series: []inputSeries{ours(metric, "well", "3x200", more...), ours(metric, "once", "0x10 1x189", more...), ours(metric, "sustained", "0x10 1+1x40 41x149", more...)},
	}
	once, sustained := ourAlert(t, a, 1, append([]string{"instance", "once"}, more...)...), ourAlert(t, a, 1, append([]string{"instance", "sustained"}, more...)...)
	s.Alerts = append(s.Alerts, check(t, 9, name))
	if a.For == "" {
		s.Alerts = append(s.Alerts, check(t, 13, name, once, sustained))
	} else {
		s.Alerts = append(s.Alerts, check(t, 13, name))
	}
	s.Alerts = append(s.Alerts, check(t, 45, name, func() []firing {
		if a.KeepFiring == "1h" {
			return []firing{once, sustained}
		}
		return []firing{sustained}
	}()...), check(t, 180, name))
	if reason == "too_long" || reason == "truncated" { // each has its own alert
		s.Series = append(s.Series, ours(metric, "other", "0x10 1x189", "reason", map[string]string{"too_long": "not_utf8", "truncated": "too_long"}[reason], "source", source))
	}
	return s
}

func silentSourceScenario(t *testing.T) scenario {
	t.Helper()
	a := exporterAlert(t, "ErrcodeExporterSourceSilent")
	const files, line = "errcode_exporter_source_files", "errcode_exporter_source_last_line_timestamp_seconds"
	busy := "60+60x140"
	return scenario{
		Series: []inputSeries{
			ours(files, "busy", "1x140", "source", "api"), ours(line, "busy", busy, "source", "api"),
			ours(files, "stops", "1x140", "source", "api"), ours(line, "stops", "60+60x9 600x99 6600+60x30", "source", "api"),
			ours(files, "never", "1x140", "source", "api"), ours(line, "never", "_x110 6600+60x29", "source", "api"),
			ours(files, "no file", "0x140", "source", "api"), ours(line, "no file", "60x140", "source", "api"),
		},
		Alerts: []alertCheck{
			check(t, 9, a.Name), check(t, 50, a.Name),
			check(t, 102, a.Name, ourAlert(t, a, 4320, "instance", "never", "source", "api"), ourAlert(t, a, 5520, "instance", "stops", "source", "api")),
			check(t, 120, a.Name),
		},
	}
}

func laggingScenario(t *testing.T) scenario {
	t.Helper()
	a := exporterAlert(t, "ErrcodeExporterLagging")
	const metric = "errcode_exporter_source_lag_bytes"
	return scenario{
		Series: []inputSeries{
			ours(metric, "well", "100x60", "source", "api"), ours(metric, "a moment", "0x10 33554432x5 0x44", "source", "api"),
			ours(metric, "lags", "0x10 33554432x30 0x19", "source", "api"),
		},
		Alerts: []alertCheck{
			check(t, 9, a.Name), check(t, 15, a.Name), check(t, 30, a.Name, ourAlert(t, a, 33554432, "instance", "lags", "source", "api")), check(t, 50, a.Name),
		},
	}
}
