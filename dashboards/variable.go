package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// variable is what the reader of a dashboard can choose.
type variable struct {
	builder cog.Builder[dashboard.VariableModel]
}

// datasourceVariable chooses the Prometheus.
func datasourceVariable() variable {
	kind := "prometheus"
	return variable{dashboard.NewDatasourceVariableBuilder("datasource").Label("Data source").Type(kind)}
}

// everything as a choice that also takes series without the label.
const everything = ".*"

// labelVariable chooses values of a label, of those that the metric has within the choices made before. Everything stands for
// the values that there are, so that other programs' series stay out, or, where it is open, for any value and none.
func labelVariable(name, label, metric string, open bool) variable {
	all, text := "$__all", "All"
	yes := true
	definition := "label_values(" + metric + ", " + name + ")"
	b := dashboard.NewQueryVariableBuilder(name).Label(label).Datasource(source()).
		Query(dashboard.StringOrMap{Map: map[string]any{"query": definition, "refId": "variable-" + name, "qryType": 1}}).
		Definition(definition).Multi(true).IncludeAll(true).Refresh(dashboard.VariableRefreshOnTimeRangeChanged).
		Sort(dashboard.VariableSortAlphabeticalCaseInsensitiveAsc).
		Current(dashboard.VariableOption{
			Selected: &yes, Text: dashboard.StringOrArrayOfString{ArrayOfString: []string{text}},
			Value: dashboard.StringOrArrayOfString{ArrayOfString: []string{all}},
		})
	if open {
		b = b.AllValue(everything)
	}
	return variable{b}
}

// textVariable is typed in.
func textVariable(name, label, value string) variable {
	return variable{dashboard.NewTextBoxVariableBuilder(name).Label(label).DefaultValue(dashboard.StringOrMap{String: &value}).
		Current(dashboard.VariableOption{Text: dashboard.StringOrArrayOfString{String: &value}, Value: dashboard.StringOrArrayOfString{String: &value}})}
}

// placeVariables choose the exporters and their sources.
func (s Site) placeVariables(metric string) []variable {
	return []variable{
		datasourceVariable(),
		labelVariable("job", "Job", s.pick(metric), false),
		labelVariable("instance", "Instance", s.pick(metric, chosen("job")...), false),
		labelVariable("source", "Source", s.pick(metric, chosen("job", "instance")...), true),
	}
}

// codeVariables choose codes as well, and say where the exporter's own pages are.
func (s Site) codeVariables() []variable {
	place := []string{"job", "instance", "source"}
	return append(s.placeVariables(errorsTotal),
		labelVariable("family", "Family", s.pick(errorsTotal, chosen(place...)...), true),
		labelVariable("category", "Category", s.pick(errorsTotal, chosen(append(place, "family")...)...), true),
		labelVariable("code", "Code", s.pick(errorsTotal, chosen(append(place, "family", "category")...)...), true),
		textVariable("exporter", "Exporter", s.ExporterURL),
	)
}
