package dashboards

import (
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// exporter shows whether everything is read, counted and kept.
func (s Site) exporter() board {
	rate := func(metric, by string) string {
		return fmt.Sprintf("sum by (%s) (rate(%s[$__rate_interval]))", by, s.reading(metric))
	}
	minute := func(metric, by string) string { return "60 * " + rate(metric, by) }
	const where = "instance, source"
	return board{
		uid: exporterUID, title: "errcode_exporter", from: "now-3h", variables: s.placeVariables("errcode_exporter_source_files"),
		description: "Whether the exporter reads everything, counts it and keeps it.",
		panels: []placed{
			{number(about{"Exporters", "Exporters that answer.", unitCount}, "0", above("red", "green", 1),
				query{orZero("count(" + s.process(durable) + ")"), "exporters"}), 4, 4},
			{number(about{"Not durable", "Exporters that cannot save what they count.", unitCount}, "0", above("green", "red", 1),
				query{orZero("count(" + s.process(durable) + " == 0)"), "exporters"}), 4, 4},
			{number(about{"Lag", "Bytes on disk that are not read yet.", unitBytes}, "0", above("green", "orange", 16<<20),
				query{orZero("sum(" + s.reading("errcode_exporter_source_lag_bytes") + ")"), "bytes"}), 4, 4},
			{number(about{"Lost", "Bytes known to be lost within the chosen time.", unitBytes}, "0", above("green", "red", 1),
				query{orZero("sum(increase(" + s.reading("errcode_exporter_lost_bytes_total") + "[$__range]))"), "bytes"}), 4, 4},
			{number(about{"Files", "Log files that are read or watched.", unitCount}, "0", above("red", "green", 1),
				query{orZero("sum(" + s.reading("errcode_exporter_source_files") + ")"), "files"}), 4, 4},
			{number(about{"Refused reloads", "Exporters that go on with an old configuration, since the last one was refused.", unitCount}, "0", above("green", "orange", 1),
				query{orZero("count(" + s.process("errcode_exporter_config_last_reload_successful") + " == 0)"), "exporters"}), 4, 4},

			{graph(about{"Lines read", "Lines a second, by source.", unitRate}, query{rate("errcode_exporter_lines_total", where), "{{instance}} {{source}}"}), 8, 8},
			{graph(about{"Bytes read", "Bytes a second, by source.", unitByteRate}, query{rate("errcode_exporter_read_bytes_total", where), "{{instance}} {{source}}"}), 8, 8},
			{graph(about{"Lines that name a code", "Records a second that name at least one code.", unitRate}, query{rate("errcode_exporter_lines_matched_total", where), "{{instance}} {{source}}"}), 8, 8},

			{graph(about{"Lag", "Bytes on disk that are not read yet: alerts come late by as much.", unitBytes},
				query{"sum by (" + where + ") (" + s.reading("errcode_exporter_source_lag_bytes") + ")", "{{instance}} {{source}}"}), 8, 8},
			{graph(about{"Silence", "How long ago the newest line was read.", unitSeconds},
				query{"time() - " + s.reading("errcode_exporter_source_last_line_timestamp_seconds"), "{{instance}} {{source}}"}), 8, 8},
			{graph(about{"Files", "Log files that are read or watched. None means that nothing is counted.", unitCount},
				query{"sum by (" + where + ") (" + s.reading("errcode_exporter_source_files") + ")", "{{instance}} {{source}}"}), 8, 8},

			{bars(about{"Rotations", "Files that lost their name (rename) or their content (truncate), a minute.", unitPerMin},
				query{minute("errcode_exporter_rotations_total", "source, kind"), "{{source}} {{kind}}"}), 8, 8},
			{bars(about{"Lost bytes", "Bytes a second that are known to be lost, by reason.", unitByteRate},
				query{rate("errcode_exporter_lost_bytes_total", "source, reason"), "{{source}} {{reason}}"}), 8, 8},
			{bars(about{"Lines that could not be looked at", "Too long, not UTF-8 or broken JSON, a minute.", unitPerMin},
				query{minute("errcode_exporter_line_errors_total", "source, reason"), "{{source}} {{reason}}"}), 8, 8},

			{bars(about{"Failed attempts", "To open, read or watch a file, a minute. Each is repeated.", unitPerMin},
				query{minute("errcode_exporter_source_errors_total", "source, reason"), "{{source}} {{reason}}"}), 8, 8},
			{bars(about{"Left out", "Codes, names and exemplars that a bound cut off, a minute.", unitPerMin},
				query{"60 * sum by (reason) (rate(" + s.process("errcode_exporter_dropped_total") + "[$__rate_interval]))", "{{reason}}"}), 8, 8},
			{bars(about{"Failed checkpoints", "Attempts to save that failed, a minute.", unitPerMin},
				query{"60 * sum by (instance) (rate(" + s.process("errcode_exporter_checkpoint_errors_total") + "[$__rate_interval]))", "{{instance}}"}), 8, 8},

			{graph(about{"Age of the checkpoint", "How long ago what is counted was last saved. It is saved before each scrape, if something has changed.", unitSeconds},
				query{"time() - " + s.process("errcode_exporter_checkpoint_last_success_timestamp_seconds"), "{{instance}}"}), 8, 8},
			{graph(about{"Memory", "Of the process (resident), and of that what Go's heap holds.", unitBytes},
				query{s.process("process_resident_memory_bytes"), "{{instance}} resident"}, query{s.process("go_memstats_heap_inuse_bytes"), "{{instance}} heap"}), 8, 8},
			{graph(about{"CPU", "Share of one core.", "percentunit"},
				query{"rate(" + s.process("process_cpu_seconds_total") + "[$__rate_interval])", "{{instance}}"}), 8, 8},

			{graph(about{"Open files", "File descriptors, as a share of how many there may be.", "percentunit"},
				query{s.process("process_open_fds") + " / " + s.process("process_max_fds"), "{{instance}}"}), 8, 7},
			{graph(about{"Goroutines", "Threads of Go: a number that only grows is a leak.", unitCount}, query{s.process("go_goroutines"), "{{instance}}"}), 8, 7},
			{rows(about{"Versions", "What runs where.", ""}, "No exporter", query{"max by (instance, version, revision, goversion) (" + s.process("errcode_exporter_build_info") + ")", ""}).
				Transformations(organize(map[string]string{"instance": "Instance", "version": "Version", "revision": "Revision", "goversion": "Go"}, "Time", "Value")).
				OverrideByName("Revision", []dashboard.DynamicConfigValue{width(110)}), 8, 7},
		},
	}
}
