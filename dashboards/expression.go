package dashboards

import (
	"fmt"
	"slices"
	"strings"
)

// The metrics that expressions speak of; docs/metrics.md says what each means.
const (
	errorsTotal = "huaweicloud_api_errors_total"
	lastSeen    = "huaweicloud_api_error_last_seen_timestamp_seconds"
	durable     = "errcode_exporter_checkpoint_durable"
)

// Times that the expressions of alerts share.
const (
	// seenWindow is how far back a first occurrence is looked for.
	seenWindow  = "10m"
	seenSeconds = 600
	// outage is how long scrapes or the exporter may have failed for the counts before and after to be compared.
	outage = "1h"
)

// level are the labels that alerts and recording rules keep: where it happened, but not on which replica. Labels that a site does
// not have are empty and do no harm.
const level = "cluster, namespace, container, job, source"

// matchers selects series by labels; each is written as PromQL has it.
type matchers []string

func (s Site) pick(metric string, m ...string) string {
	all := slices.Clone(m)
	if s.Selector != "" {
		all = append(all, s.Selector)
	}
	if len(all) == 0 {
		return metric
	}
	return metric + "{" + strings.Join(all, ",") + "}"
}

func equal(label, value string) string { return fmt.Sprintf("%s=%q", label, value) }

// oneOf matches any of the values, none of them taken for a pattern.
func oneOf(label string, values []string) string {
	return fmt.Sprintf("%s=~%q", label, alternatives(values))
}

func noneOf(label string, values []string) string {
	return fmt.Sprintf("%s!~%q", label, alternatives(values))
}

func alternatives(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = quoteMeta(v)
	}
	return strings.Join(quoted, "|")
}

// quoteMeta is regexp.QuoteMeta with [.] for a dot, which stays readable behind a layer or two of quoting.
func quoteMeta(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case strings.ContainsRune(`.+*?()|{}$`, r):
			b.WriteString("[" + string(r) + "]")
		case strings.ContainsRune(`\^[]`, r):
			b.WriteString(`\` + string(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// seen counts what happened within the last window, first occurrences included. Each arm finds what the others cannot:
// increase sees steps and resets; the second compares across an outage that is longer than the window; the third
// finds a series that was born above 0, which for increase never grew, as long as the last-seen gauge says that it is fresh: the one
// of its own category, since a code may count in several, after a reload too.
func (s Site) seen(window string, seconds int, m matchers) string {
	x := s.pick(errorsTotal, m...)
	by := "(" + level + ", code)"
	return fmt.Sprintf(`sum by %[1]s (increase(%[2]s[%[3]s])) > 0
or
sum by %[1]s ((%[2]s - last_over_time(%[2]s[%[4]s] offset %[3]s)) > 0)
or
count by %[1]s (
  (%[2]s > 0 unless %[2]s offset %[3]s)
  and ignoring (family) (time() - %[5]s < %[6]d)
)`, by, x, window, outage, s.pick(lastSeen), seconds)
}

// often is how many events there are a second.
func (s Site) often(m matchers) string {
	return fmt.Sprintf("sum by (%s, code) (rate(%s[5m]))", level, s.pick(errorsTotal, m...))
}

// share is the part of all counted errors that these are, where there are more than a few.
func (s Site) share(m matchers, atLeast string) string {
	part := fmt.Sprintf("sum by (%s) (rate(%s[15m]))", level, s.pick(errorsTotal, m...))
	return fmt.Sprintf(`%[1]s
/
sum by (%[2]s) (rate(%[3]s[15m]))
and
%[1]s > %[4]s`, part, level, s.pick(errorsTotal), atLeast)
}

// again is in how many of the hour's slices of five minutes one exporter counted these. A token that is renewed once a day shows
// in one or two.
func (s Site) again(m matchers) string {
	return fmt.Sprintf(`max by (%[1]s, code) (
  count_over_time((sum by (instance, pod, %[1]s, code) (increase(%[2]s[5m])) > 0)[1h:5m])
)`, level, s.pick(errorsTotal, m...))
}
