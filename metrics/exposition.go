package metrics

import (
	"slices"
	"strings"

	dto "github.com/prometheus/client_model/go"
)

const (
	errorsTotal   = "huaweicloud_api_errors_total"
	unlistedTotal = "huaweicloud_api_unlisted_errors_total"
	lastSeenGauge = "huaweicloud_api_error_last_seen_timestamp_seconds"
	codeInfoGauge = "huaweicloud_api_error_code_info"
)

// help says what each metric means and in which unit it counts.
func help(metric string) string {
	switch strings.TrimPrefix(metric, program+"_") {
	case errorsTotal:
		return "Log events that named a Huawei Cloud error code, by code, service family and remediation category."
	case unlistedTotal:
		return "Log events that named an error code of a known family which the catalog does not list."
	case lastSeenGauge:
		return "Time of the latest log event that named the code and was counted in the category, in seconds since the Unix epoch."
	case codeInfoGauge:
		return "What the catalog says about a code: who must act, how urgent it is, and whether a retry can help. Always 1."
	case "lines_total":
		return "Log lines read."
	case "lines_matched_total":
		return "Log lines that named at least one error code."
	case "read_bytes_total":
		return "Bytes of log files read."
	case "line_errors_total":
		return "Log lines that could not be looked at as they should be, by reason."
	case "source_errors_total":
		return "Failed attempts to open, read or watch log files. Each one is tried again."
	case "rotations_total":
		return "Log files that lost their name (rename) or their content (truncate)."
	case "lost_bytes_total":
		return "Bytes that were in a log file and are known never to have been looked at, by reason."
	case "dropped_total":
		return "Codes, names, IDs and recent events that were left out because a bound was reached, by reason."
	case "redactions_total":
		return "Secrets that were masked in excerpts of log lines, by kind."
	case "source_files":
		return "Log files that are being read or watched."
	case "source_lag_bytes":
		return "Bytes in log files that have not been read yet."
	case "source_last_line_timestamp_seconds":
		return "Time at which the latest log line was read, in seconds since the Unix epoch."
	case "checkpoint_errors_total":
		return "Checkpoints that could not be written."
	case "checkpoint_last_success_timestamp_seconds":
		return "Time of the latest checkpoint that was written, in seconds since the Unix epoch."
	case "checkpoint_durable":
		return "Whether the values shown here are on disk and survive a crash: 1 if they are, 0 if not."
	case "config_last_reload_successful":
		return "Whether the latest attempt to load the configuration succeeded: 1 if it did, 0 if not."
	case "config_last_reload_success_timestamp_seconds":
		return "Time of the latest successful load of the configuration, in seconds since the Unix epoch."
	}
	return ""
}

// view is what one request sees. It is a prometheus.Gatherer, and builds the families itself: a registry would check
// tens of thousands of series for duplicates and sort them on each scrape.
type view struct {
	table     *Table
	cut       *Cut
	scrape    bool // whether series that have not been shown are held at their history
	exemplars bool
	report    func(error) // told what could not be found out
}

// Gather returns the families in the order of their names. Within a family the sources are in the order of their names;
// of one source the counters are in the order of the catalog, then of their birth.
func (v *view) Gather() ([]*dto.MetricFamily, error) {
	families := []*dto.MetricFamily{
		v.counted(errorsTotal, func(s *sourceCut) *groupCut { return &s.errors }),
		v.counted(unlistedTotal, func(s *sourceCut) *groupCut { return &s.unlisted }),
		v.lastSeen(),
		v.tallied("dropped_total", &v.table.dropped, v.cut.dropped),
		v.tallied("redactions_total", &v.table.redactions, v.cut.redactions),
	}
	families = append(families, family(codeInfoGauge, dto.MetricType_GAUGE, v.cut.plan.info))
	families = append(families, v.activity()...)
	families = append(families, v.status()...)
	families = append(families, v.table.health.families()...)
	families = slices.DeleteFunc(families, func(f *dto.MetricFamily) bool { return len(f.Metric) == 0 })

	// What a collector of the program's own figures could not find out must not hide the counts.
	own, err := v.table.program.Gather()
	if err != nil {
		v.report(err)
	}
	families = append(families, own...)
	slices.SortFunc(families, func(a, b *dto.MetricFamily) int { return strings.Compare(a.GetName(), b.GetName()) })
	return families, nil
}

func family(name string, kind dto.MetricType, metrics []*dto.Metric) *dto.MetricFamily {
	text := help(name)
	return &dto.MetricFamily{Name: &name, Help: &text, Type: &kind, Metric: metrics}
}

// counted renders the series that are subject to the rule of the first occurrence.
func (v *view) counted(name string, group func(*sourceCut) *groupCut) *dto.MetricFamily {
	n := 0
	for i := range v.cut.sources {
		n += len(group(&v.cut.sources[i]).cells)
	}
	rows := newCounterRows(n)
	for i := range v.cut.sources {
		g := group(&v.cut.sources[i])
		for j := range g.cells {
			r := rows.next(g.series[j].labels)
			g.cells[j].fill(&r.counter, &r.value, v.scrape, v.exemplars)
		}
	}
	return family(name, dto.MetricType_COUNTER, rows.metrics)
}

func (v *view) lastSeen() *dto.MetricFamily {
	var metrics []*dto.Metric
	for i := range v.cut.sources {
		for _, l := range v.cut.sources[i].lastSeen {
			metrics = append(metrics, gauge(l.labels, seconds(l.at)))
		}
	}
	return family(lastSeenGauge, dto.MetricType_GAUGE, metrics)
}

// tallied renders a counter that is of no source.
func (v *view) tallied(name string, t *tallies, counts []uint64) *dto.MetricFamily {
	rows := newCounterRows(len(counts))
	rows.tallies(t, counts)
	return family(program+"_"+name, dto.MetricType_COUNTER, rows.metrics)
}

func (v *view) activity() []*dto.MetricFamily {
	var families []*dto.MetricFamily
	for i := range len(sourceCut{}.activity) {
		rows, name := newCounterRows(0), ""
		for j := range v.cut.sources {
			s := &v.cut.sources[j]
			t := s.source.all()[i]
			name = program + "_" + t.name
			rows.tallies(t, s.activity[i])
		}
		families = append(families, family(name, dto.MetricType_COUNTER, rows.metrics))
	}
	return families
}

func (v *view) status() []*dto.MetricFamily {
	bySource := v.table.statusOf()
	if bySource == nil {
		return nil
	}
	var files, lag, last []*dto.Metric
	for i := range v.cut.sources {
		s := v.cut.sources[i].source
		if v.cut.sources[i].retired {
			continue
		}
		status := bySource[s.name]
		label := []*dto.LabelPair{s.label}
		files = append(files, gauge(label, float64(status.Files)))
		lag = append(lag, gauge(label, float64(max(status.LagBytes, 0))))
		if !status.LastLine.IsZero() {
			last = append(last, gauge(label, seconds(status.LastLine.UnixMilli())))
		}
	}
	return []*dto.MetricFamily{
		family(program+"_source_files", dto.MetricType_GAUGE, files),
		family(program+"_source_lag_bytes", dto.MetricType_GAUGE, lag),
		family(program+"_source_last_line_timestamp_seconds", dto.MetricType_GAUGE, last),
	}
}

func (h *health) families() []*dto.MetricFamily {
	var families []*dto.MetricFamily
	add := func(name string, value float64) {
		families = append(families, family(program+"_"+name, dto.MetricType_GAUGE, []*dto.Metric{gauge(nil, value)}))
	}
	add("checkpoint_durable", zeroOrOne(h.durable.Load()))
	if at, ok := h.checkpointAt.seconds(); ok {
		add("checkpoint_last_success_timestamp_seconds", at)
	}
	add("config_last_reload_successful", zeroOrOne(!h.reloadFailed.Load()))
	if at, ok := h.reloadAt.seconds(); ok {
		add("config_last_reload_success_timestamp_seconds", at)
	}
	rows := newCounterRows(1)
	rows.next(nil).value = float64(h.checkpointErrors.Load())
	return append(families, family(program+"_checkpoint_errors_total", dto.MetricType_COUNTER, rows.metrics))
}

func zeroOrOne(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
