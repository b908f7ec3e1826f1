package dashboards

import "fmt"

// recordings are sums that a fleet of exporters is looked at by: named level:metric:operations, as Prometheus advises. Neither
// alerts nor dashboards need them.
func (s Site) recordings() []rule {
	sum := func(record, by, operation, metric, window string) rule {
		return rule{Record: record, Expr: fmt.Sprintf("sum by (%s) (%s(%s[%s]))", by, operation, s.pick(metric), window)}
	}
	const place = "cluster, namespace, job, source"
	return []rule{
		sum("source_code:huaweicloud_api_errors:rate5m", place+", family, category, code", "rate", errorsTotal, "5m"),
		sum("source_code:huaweicloud_api_errors:increase1h", place+", family, category, code", "increase", errorsTotal, "1h"),
		sum("source_category:huaweicloud_api_errors:rate5m", place+", category", "rate", errorsTotal, "5m"),
		sum("job_category:huaweicloud_api_errors:rate5m", "cluster, job, category", "rate", errorsTotal, "5m"),
		{
			Record: "source_code:huaweicloud_api_error_last_seen_timestamp_seconds:max",
			Expr:   fmt.Sprintf("max by (%s, code) (%s)", place, s.pick(lastSeen)),
		},
		sum("source:errcode_exporter_lines:rate5m", place, "rate", "errcode_exporter_lines_total", "5m"),
		sum("source:errcode_exporter_read_bytes:rate5m", place, "rate", "errcode_exporter_read_bytes_total", "5m"),
		{
			Record: "source:errcode_exporter_source_lag_bytes:sum",
			Expr:   fmt.Sprintf("sum by (%s) (%s)", place, s.pick("errcode_exporter_source_lag_bytes")),
		},
	}
}
