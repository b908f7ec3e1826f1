package dashboards

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"errcode_exporter/catalog"
)

const (
	grafanaRulesHead   = generatedBy + "# The alerts of prometheus/rules.yml for those who alert in Grafana: a file for provisioning/alerting. Do not use both.\n# GRAFANA_DATASOURCE is the uid of the Prometheus data source.\n"
	grafanaContactHead = generatedBy + "# An example: where notifications go. The addresses stand for mail, chat or a pager.\n"
	grafanaPolicyHead  = generatedBy + "# An example: who is told of what. It replaces the whole tree of notification policies of the organisation.\n"
)

// grafanaDatasource is replaced by Grafana from its environment.
const grafanaDatasource = "$GRAFANA_DATASOURCE"

// exprDatasource is Grafana's own uid for expressions that it computes itself.
const exprDatasource = "__expr__"

type grafanaRuleFile struct {
	APIVersion int            `yaml:"apiVersion"`
	Groups     []grafanaGroup `yaml:"groups"`
}

type grafanaGroup struct {
	OrgID    int           `yaml:"orgId"`
	Name     string        `yaml:"name"`
	Folder   string        `yaml:"folder"`
	Interval string        `yaml:"interval"`
	Rules    []grafanaRule `yaml:"rules"`
}

type grafanaRule struct {
	UID          string            `yaml:"uid"`
	Title        string            `yaml:"title"`
	Condition    string            `yaml:"condition"`
	Data         []grafanaQuery    `yaml:"data"`
	NoDataState  string            `yaml:"noDataState"`
	ExecErrState string            `yaml:"execErrState"`
	For          string            `yaml:"for"`
	Annotations  map[string]string `yaml:"annotations"`
	Labels       map[string]string `yaml:"labels"`
}

type grafanaQuery struct {
	RefID         string         `yaml:"refId"`
	Range         *relativeRange `yaml:"relativeTimeRange,omitempty"`
	DatasourceUID string         `yaml:"datasourceUid"`
	Model         grafanaModel   `yaml:"model"`
}

// relativeRange is in seconds before now.
type relativeRange struct {
	From int `yaml:"from"`
	To   int `yaml:"to"`
}

// grafanaModel is a query, a reduction or a threshold; each has some of the fields.
type grafanaModel struct {
	RefID      string             `yaml:"refId"`
	Type       string             `yaml:"type,omitempty"`
	Expr       string             `yaml:"expr,omitempty"`
	Instant    bool               `yaml:"instant,omitempty"`
	Expression string             `yaml:"expression,omitempty"`
	Reducer    string             `yaml:"reducer,omitempty"`
	Conditions []grafanaCondition `yaml:"conditions,omitempty"`
}

type grafanaCondition struct {
	Evaluator grafanaEvaluator `yaml:"evaluator"`
}

type grafanaEvaluator struct {
	Type   string    `yaml:"type"`
	Params []float64 `yaml:"params,flow"`
}

// grafanaRules are the alerts with the query, the reduction to one number and the threshold as steps of their own. A series that is
// not there is no reason to ring: every alert says itself what a missing one means.
func grafanaRules(alerts []Alert) grafanaRuleFile {
	file := grafanaRuleFile{APIVersion: 1}
	titles := map[string]int{}
	for _, a := range alerts {
		if n := len(file.Groups); n == 0 || file.Groups[n-1].Name != a.Group {
			file.Groups = append(file.Groups, grafanaGroup{1, a.Group, "errcode_exporter", "30s", nil})
		}
		group := &file.Groups[len(file.Groups)-1]
		titles[a.Name]++
		group.Rules = append(group.Rules, a.grafana(titles[a.Name]))
	}
	return file
}

// grafana is the n-th rule of this name: Grafana wants titles that differ within a folder.
func (a Alert) grafana(n int) grafanaRule {
	title := a.Name
	if n > 1 {
		title += " " + strconv.Itoa(n)
	}
	value := a.Value
	if a.LongValue != "" {
		value = a.LongValue
	}
	above, err := strconv.ParseFloat(a.Above, 64)
	if err != nil {
		panic("the threshold of " + a.Name + " is no number: " + a.Above)
	}
	// Grafana passes no alertname by itself that would be that of Prometheus where titles differ, hence the label.
	labels := a.Labels()
	labels["runbook"] = a.Name
	annotations := map[string]string{}
	for name, text := range a.Annotations() {
		annotations[name] = grafanaTemplate(text)
	}
	hold := a.For
	if hold == "" {
		hold = "0s"
	}
	return grafanaRule{
		UID: uid(title), Title: title, Condition: "C", NoDataState: "OK", ExecErrState: "Error", For: hold,
		Annotations: annotations, Labels: labels,
		Data: []grafanaQuery{
			{"A", &relativeRange{600, 0}, grafanaDatasource, grafanaModel{RefID: "A", Expr: escapeDollar(value), Instant: true}},
			{"B", nil, exprDatasource, grafanaModel{RefID: "B", Type: "reduce", Expression: "A", Reducer: "last"}},
			{"C", nil, exprDatasource, grafanaModel{RefID: "C", Type: "threshold", Expression: "B", Conditions: []grafanaCondition{
				{grafanaEvaluator{"gt", []float64{above}}},
			}}},
		},
	}
}

// grafanaTemplate says it in Grafana's words: the value of an alert is that of its reduction.
func grafanaTemplate(text string) string {
	return escapeDollar(strings.ReplaceAll(text, "$value", "$values.B.Value"))
}

// escapeDollar keeps Grafana from taking what follows for a variable of its environment.
func escapeDollar(text string) string { return strings.ReplaceAll(text, "$", "$$") }

// uid is the same for the same title, and short enough: Grafana allows 40 characters.
func uid(title string) string {
	sum := sha256.Sum256([]byte(title))
	return "errcode-" + hex.EncodeToString(sum[:8])
}

func slug(words string) string { return strings.ReplaceAll(words, " ", "-") }

type grafanaContactFile struct {
	APIVersion    int                   `yaml:"apiVersion"`
	ContactPoints []grafanaContactPoint `yaml:"contactPoints"`
}

type grafanaContactPoint struct {
	OrgID     int               `yaml:"orgId"`
	Name      string            `yaml:"name"`
	Receivers []grafanaReceiver `yaml:"receivers"`
}

type grafanaReceiver struct {
	UID      string            `yaml:"uid"`
	Type     string            `yaml:"type"`
	Settings map[string]string `yaml:"settings"`
}

func grafanaContactPoints() grafanaContactFile {
	point := func(name, address string) grafanaContactPoint {
		return grafanaContactPoint{1, name, []grafanaReceiver{{"errcode-" + slug(name), "email", map[string]string{"addresses": address}}}}
	}
	return grafanaContactFile{1, []grafanaContactPoint{point("everybody", "everybody@example.com"), point("pager", "pager@example.com")}}
}

type grafanaPolicyFile struct {
	APIVersion int             `yaml:"apiVersion"`
	Policies   []grafanaPolicy `yaml:"policies"`
}

type grafanaPolicy struct {
	OrgID          int             `yaml:"orgId,omitempty"`
	Receiver       string          `yaml:"receiver"`
	GroupBy        []string        `yaml:"group_by,omitempty,flow"`
	Matchers       [][]string      `yaml:"object_matchers,omitempty,flow"`
	GroupWait      string          `yaml:"group_wait,omitempty"`
	GroupInterval  string          `yaml:"group_interval,omitempty"`
	RepeatInterval string          `yaml:"repeat_interval,omitempty"`
	Continue       bool            `yaml:"continue,omitempty"`
	Routes         []grafanaPolicy `yaml:"routes,omitempty"`
}

func grafanaPolicies(c *catalog.Catalog) grafanaPolicyFile {
	routes := []grafanaPolicy{{Receiver: "pager", Matchers: [][]string{{"severity", "=", "critical"}}, GroupWait: "0s", Continue: true}}
	for _, actor := range actors(c) {
		routes = append(routes, grafanaPolicy{Receiver: "everybody", Matchers: [][]string{{"actor", "=", actor}}, GroupBy: []string{"actor", "alertname", "code"}})
	}
	return grafanaPolicyFile{1, []grafanaPolicy{{
		OrgID: 1, Receiver: "everybody", GroupBy: []string{"alertname", "source", "code"}, GroupWait: "5s", GroupInterval: "1m", RepeatInterval: "4h",
		Routes: routes,
	}}}
}
