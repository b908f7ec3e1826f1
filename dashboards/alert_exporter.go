package dashboards

import "errcode_exporter/catalog"

// operator acts on alerts about the exporter itself.
const operator = "platform engineer"

// own is an alert about the exporter.
type own struct {
	name          string
	severity      catalog.Severity
	value, above  string
	wait, keep    string
	summary, text string
}

// exporterAlerts are about the exporter: that it runs, reads everything, and keeps what it counted.
func (s Site) exporterAlerts() []Alert {
	var alerts []Alert
	for _, o := range append(s.runningAlerts(), s.readingAlerts()...) {
		alerts = append(alerts, Alert{
			Name: o.name, Group: "errcode_exporter", Value: o.value, Above: o.above, For: o.wait, KeepFiring: o.keep, Severity: o.severity,
			Actor: operator, Summary: o.summary, Description: o.text,
			links: links{s.DocsURL + "/runbooks/" + o.name + ".md", s.GrafanaURL + "/d/" + exporterUID + "?var-job={{ $labels.job | urlquery }}{{ with $labels.instance }}&var-instance={{ . | urlquery }}{{ end }}", ""},
		})
	}
	return alerts
}

// at names an exporter in a sentence.
const at = `{{ with $labels.instance }}{{ . }}{{ else }}job {{ $labels.job }}{{ end }}`

// sourceAt names a source of an exporter in a sentence.
const sourceAt = "source {{ $labels.source }} of {{ $labels.instance }}"

func (s Site) runningAlerts() []own {
	up, here := s.pick("up"), s.pick(durable)
	reload := s.pick("errcode_exporter_config_last_reload_successful")
	return []own{
		{
			name: "ErrcodeExporterDown", severity: catalog.Critical, wait: "2m", above: "0",
			// A target that was an exporter within the hour and does not answer, or a job that had some and has no target left.
			value: "(" + up + " == bool 0) and on (job, instance) last_over_time(" + here + "[1h])\n" +
				"or\ngroup by (job) (last_over_time(" + here + "[1h])) unless on (job) group by (job) (" + up + ")",
			summary: "errcode_exporter at " + at + " cannot be scraped",
			text: "Prometheus gets no answer from errcode_exporter at " + at + ": no error code rings meanwhile. What is written to the logs is counted when it is back.\n" +
				"What to do (" + operator + "): see whether the process runs; a 503 means that it is still reading again what it may have counted before a crash.",
		}, {
			name: "ErrcodeExporterNotDurable", severity: catalog.Warning, wait: "2m", above: "0",
			value:   here + " == bool 0",
			summary: "errcode_exporter at " + at + " cannot save what it counts",
			text: "The checkpoint of errcode_exporter at " + at + " is not being written. Counts are shown and alerts ring, but after a crash all logs would be read again first.\n" +
				"What to do (" + operator + "): look for a full, read-only or hung disk under checkpoint.path; the exporter's log has the error.",
		}, {
			name: "ErrcodeExporterCheckpointFailing", severity: catalog.Warning, above: "0", keep: "15m",
			value:   "increase(" + s.pick("errcode_exporter_checkpoint_errors_total") + "[10m])",
			summary: "errcode_exporter at " + at + " failed to write its checkpoint",
			text: "Writing the checkpoint of errcode_exporter at " + at + " failed within the last ten minutes, perhaps only for a moment.\n" +
				"What to do (" + operator + "): read the error in the exporter's log; if errcode_exporter_checkpoint_durable is 1 again, look for what fills or slows the disk.",
		}, {
			name: "ErrcodeExporterReloadFailed", severity: catalog.Warning, wait: "5m", above: "0",
			value:   reload + " == bool 0",
			summary: "errcode_exporter at " + at + " runs with an old configuration",
			text: "The last reload of the configuration at " + at + " was refused. The exporter goes on with the one before.\n" +
				"What to do (" + operator + "): run errcode_exporter check --config.file=FILE, which draws what is wrong, and reload again.",
		},
	}
}

func (s Site) readingAlerts() []own {
	files, line := s.pick("errcode_exporter_source_files"), s.pick("errcode_exporter_source_last_line_timestamp_seconds")
	lag := s.pick("errcode_exporter_source_lag_bytes")
	cut := s.pick("errcode_exporter_line_errors_total", equal("reason", "too_long"))
	const grown = "increase("
	return []own{
		{
			name: "ErrcodeExporterSourceMissing", severity: catalog.Warning, wait: "15m", above: "0",
			value:   files + " == bool 0",
			summary: sourceAt + " has no file",
			text: "No file is found for " + sourceAt + ": nothing is counted there.\n" +
				"What to do (" + operator + "): compare paths in the configuration with where the application logs, and the permissions; errcode_exporter check says which files would be read.",
		}, {
			name: "ErrcodeExporterSourceSilent", severity: catalog.Info, wait: "5m", above: "3600",
			// With a file but without a first line there is no time to compare with: then since when the source could be scraped.
			value: "(time() - " + line + ")\nand (" + files + " > 0)\n" +
				"or\n(time() - min_over_time(timestamp(" + files + " > 0 unless " + line + ")[75m:5m]))\nand (" + files + " > 0 unless " + line + ")",
			summary: sourceAt + " has written no line for an hour",
			text: "Files of " + sourceAt + " are there, but no line has come for {{ $value | humanizeDuration }}.\n" +
				"What to do (" + operator + "): see whether the application is at rest, or logs elsewhere now.",
		}, {
			name: "ErrcodeExporterLagging", severity: catalog.Warning, wait: "10m", above: "16777216",
			value:   lag,
			summary: sourceAt + " is read too slowly",
			text: "{{ $value | humanize1024 }}B of " + sourceAt + " are not read yet, for ten minutes now: alerts about it come late.\n" +
				"What to do (" + operator + "): give the exporter more CPU, look at the disk, and at what makes the log grow so fast.",
		}, {
			name: "ErrcodeExporterLinesCut", severity: catalog.Info, above: "0", keep: "15m",
			value:   grown + cut + "[10m])",
			summary: "lines of " + sourceAt + " are too long",
			text: "Lines of " + sourceAt + " were longer than 1 MiB. What follows the first MiB was not looked at for codes.\n" +
				"What to do (" + operator + "): find what writes such lines; a stack trace or a body in one line should be cut by the application.",
		}, {
			name: "ErrcodeExporterBytesLost", severity: catalog.Warning, above: "0", keep: "1h",
			value:   grown + s.pick("errcode_exporter_lost_bytes_total", `reason!="too_long"`) + "[10m])",
			summary: "part of the log of " + sourceAt + " was lost",
			text: "Bytes of " + sourceAt + " were gone before they could be read (reason {{ $labels.reason }}): errors in them are not counted.\n" +
				"What to do (" + operator + "): rotate by renaming and not by copytruncate, keep a rotated file for a minute before it is compressed or deleted.",
		}, {
			name: "ErrcodeExporterSourceErrors", severity: catalog.Warning, wait: "10m", above: "0", keep: "15m",
			value:   grown + s.pick("errcode_exporter_source_errors_total") + "[10m])",
			summary: sourceAt + ": {{ $labels.reason }} fails",
			text: "Files of " + sourceAt + " could not be handled ({{ $labels.reason }}) for ten minutes; each attempt is repeated.\n" +
				"What to do (" + operator + "): look at permissions, at the number of open files and of inotify watches; the exporter's log has the error.",
		},
	}
}
