package dashboards

import (
	"strings"

	"errcode_exporter/catalog"
)

// Alert is one alerting rule, in a form that both Prometheus and Grafana can be told.
type Alert struct {
	Name  string // the alert, and the page of its runbook
	Group string // the group of rules that it is in
	// Value is what is looked at, and Above what it must exceed.
	Value string
	Above string
	// LongValue is Value over as long as the alert is to ring, for Grafana, whose file form has nothing like KeepFiring. Empty where
	// Value itself does.
	LongValue string
	// For is how long the condition must hold before it rings, KeepFiring how long it rings at least after that; empty for not at all.
	For, KeepFiring string
	Severity        catalog.Severity
	Actor           string
	Category        string // empty for alerts about the exporter
	// Summary and Description are templates that both take.
	Summary, Description string
	// ByCode says that the alert has a label code.
	ByCode bool
	links  links
}

// links are what annotations of an alert lead to.
type links struct{ runbook, dashboard, code string }

// Expr is the rule as Prometheus takes it.
func (a Alert) Expr() string {
	if strings.Contains(a.Value, "\n") {
		return "(\n" + indent(a.Value) + "\n) > " + a.Above
	}
	return a.Value + " > " + a.Above
}

// Labels are those that the rule adds.
func (a Alert) Labels() map[string]string {
	labels := map[string]string{"severity": string(a.Severity), "actor": a.Actor}
	if a.Category != "" {
		labels["category"] = a.Category
	}
	return labels
}

// Annotations are the texts and links of the rule; all may hold template actions.
func (a Alert) Annotations() map[string]string {
	all := map[string]string{
		"summary": a.Summary, "description": a.Description, "runbook_url": a.links.runbook, "dashboard_url": a.links.dashboard,
	}
	if a.links.code != "" {
		all["code_url"] = a.links.code
	}
	return all
}

func indent(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }

// Alerts returns all of them, those about codes first.
func (s Site) Alerts() ([]Alert, error) {
	s, err := s.complete()
	if err != nil {
		return nil, err
	}
	alerts, err := s.codeAlerts()
	if err != nil {
		return nil, err
	}
	return append(alerts, s.exporterAlerts()...), nil
}

// literal makes text stand for itself in a template.
func literal(text string) string { return strings.ReplaceAll(text, "{{", `{{ "{{" }}`) }

// where names the place in a sentence, by the labels that there are.
const where = `{{ $labels.source }}{{ with $labels.namespace }}, namespace {{ . }}{{ end }}{{ with $labels.cluster }}, cluster {{ . }}{{ end }}`
