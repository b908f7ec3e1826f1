package dashboards

import (
	"fmt"
	"maps"
	"slices"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/table"
)

// codeTable has a row for each code that failed: how often, since when, and what to do about it.
func (s Site) codeTable() cog.Builder[dashboard.Panel] {
	const by = "code, category, source"
	events := fmt.Sprintf("sum by (%s) (increase(%s[$__range])) > 0", by, s.errors())
	first := fmt.Sprintf("1000 * min_over_time(timestamp(sum by (%s) (increase(%s[$__rate_interval])) > 0)[$__range:$__interval])", by, s.errors())
	last := join(
		"0 * ("+events+")", "+ on (code, source) group_left ()",
		fmt.Sprintf("1000 * max by (code, source) (%s)", s.pick(lastSeen, chosen("job", "instance", "source", "code")...)),
	)
	columns := map[string]string{
		"code": "Code", "severity": "Severity", "actor": "Who acts", "Value #A": "Events", "Value #B": "First seen", "Value #C": "Last seen",
		"message": "Message", "solution": "What to do", "source": "Source", "category": "Category",
	}
	const pair = "code, category"
	t := rows(about{
		"Codes", "What failed within the chosen time. First seen is as exact as a step of the graphs; last seen is the time of the event. The code leads to its page.", "",
	}, "Nothing fails", query{s.explain(pair, events), ""}, query{s.explain(pair, first), ""}, query{s.explain(pair, last), ""}).
		MaxDataPoints(200).
		Transformations(append([]dashboard.DataTransformerConfig{{Id: "merge", Options: map[string]any{}}}, organize(columns, "Time", "what")...)).
		SortBy([]cog.Builder[common.TableSortByFieldState]{common.NewTableSortByFieldStateBuilder().DisplayName("Events").Desc(true)})
	for _, when := range []string{"First seen", "Last seen"} {
		t = t.OverrideByName(when, []dashboard.DynamicConfigValue{{Id: "unit", Value: unitFromNow}, width(136)})
	}
	t = t.OverrideByName("Category", []dashboard.DynamicConfigValue{link("Runbook", s.DocsURL+"/runbooks/README.md#${__value.raw}"), width(145)}).
		OverrideByName("Source", []dashboard.DynamicConfigValue{width(70)}).
		OverrideByName("Who acts", []dashboard.DynamicConfigValue{s.words("actor", pair), width(138)})
	return s.explained(t, pair)
}

// explain gives each series the labels that become columns of words: all hold what tells the words apart, and mappings say them.
func (s Site) explain(by, expr string) string {
	labels := `"code"`
	if by != "code" {
		labels = `"code", "category"`
	}
	expr = fmt.Sprintf("label_join(\n%s,\n%q, \"|\", %s)", expr, "what", labels)
	for _, column := range []string{"severity", "actor", "message", "solution"} {
		if by == "code" && column == "actor" {
			continue
		}
		expr = fmt.Sprintf("label_replace(%s, %q, \"$1\", \"what\", \"(.*)\")", expr, column)
	}
	return expr
}

// explained says what the columns of explain show; by is what that was given.
func (s Site) explained(t *table.PanelBuilder, by string) *table.PanelBuilder {
	return t.
		OverrideByName("Code", []dashboard.DynamicConfigValue{links2(
			dataLink{"Code reference", s.DocsURL + "/codes/${__value.raw}.md"}, dataLink{"Events and request IDs at the exporter", "${exporter}/codes/${__value.raw}"},
		), width(120)}).
		OverrideByName("Severity", []dashboard.DynamicConfigValue{s.words("severity", by), coloured(), width(75)}).
		OverrideByName("Events", []dashboard.DynamicConfigValue{{Id: "unit", Value: unitCount}, {Id: "decimals", Value: 0}, width(65)}).
		OverrideByName("Message", []dashboard.DynamicConfigValue{s.words("message", by), wrapped(), width(220)}).
		OverrideByName("What to do", []dashboard.DynamicConfigValue{s.words("solution", by), wrapped()})
}

// words maps a code, alone or with a category, to what the catalog says of it.
func (s Site) words(column, by string) dashboard.DynamicConfigValue {
	options := map[string]dashboard.ValueMappingResult{}
	say := func(key, text, colour string) {
		index := int32(len(options))
		result := dashboard.ValueMappingResult{Text: &text, Index: &index}
		if colour != "" {
			result.Color = &colour
		}
		options[key] = result
	}
	for _, category := range s.Catalog.Categories() {
		for _, e := range entries(s.Catalog, category.Name) {
			text, colour := map[string]string{"severity": string(e.severity), "actor": e.actor, "message": flat(e.message), "solution": flat(e.solution)}[column], ""
			if column == "severity" {
				colour = severityColours()[string(e.severity)]
			}
			switch {
			case by != "code":
				say(e.code.Name+"|"+category.Name, text, colour)
			case category.Name == e.code.Category:
				say(e.code.Name, text, colour)
			}
		}
	}
	o := s.Catalog.Others()
	rest := map[string]string{"severity": string(o.Severity), "actor": o.Actor, "message": "Not listed in the catalog.", "solution": flat(o.Solution)}[column]
	colour := ""
	if column == "severity" {
		colour = severityColours()[rest]
	}
	result := dashboard.ValueMappingResult{Text: &rest}
	if colour != "" {
		result.Color = &colour
	}
	return dashboard.DynamicConfigValue{Id: "mappings", Value: []dashboard.ValueMapping{
		{ValueMap: &dashboard.ValueMap{Type: dashboard.MappingTypeValueToText, Options: options}},
		{RegexMap: &dashboard.RegexMap{Type: dashboard.MappingTypeRegexToText, Options: dashboard.DashboardRegexMapOptions{Pattern: "^.*$", Result: result}}},
	}}
}

func severityColours() map[string]string {
	return map[string]string{"critical": "red", "warning": "orange", "info": "blue"}
}

// severities colours a column that holds a severity already.
func severities() dashboard.DynamicConfigValue {
	options := map[string]dashboard.ValueMappingResult{}
	for i, s := range slices.Sorted(maps.Keys(severityColours())) {
		index, colour, text := int32(i), severityColours()[s], s
		options[s] = dashboard.ValueMappingResult{Text: &text, Color: &colour, Index: &index}
	}
	return dashboard.DynamicConfigValue{Id: "mappings", Value: []dashboard.ValueMapping{
		{ValueMap: &dashboard.ValueMap{Type: dashboard.MappingTypeValueToText, Options: options}},
	}}
}

// coloured has the text of a cell in the colour of its mapping.
func coloured() dashboard.DynamicConfigValue {
	return dashboard.DynamicConfigValue{Id: "custom.cellOptions", Value: map[string]any{"type": "color-text"}}
}

// wrapped lets a long text have several lines.
func wrapped() dashboard.DynamicConfigValue {
	return dashboard.DynamicConfigValue{Id: "custom.cellOptions", Value: map[string]any{"type": "auto", "wrapText": true}}
}

func width(pixels int) dashboard.DynamicConfigValue {
	return dashboard.DynamicConfigValue{Id: "custom.width", Value: pixels}
}

type dataLink struct{ title, url string }

func link(title, url string) dashboard.DynamicConfigValue { return links2(dataLink{title, url}) }

func links2(all ...dataLink) dashboard.DynamicConfigValue {
	var value []map[string]any
	for _, l := range all {
		value = append(value, map[string]any{"title": l.title, "url": l.url, "targetBlank": true})
	}
	return dashboard.DynamicConfigValue{Id: "links", Value: value}
}

// columnOrder is from left to right.
func columnOrder() []string {
	return []string{
		"alertname", "severity", "code", "Value #A", "Value", "Value #B", "Value #C", "actor", "message", "solution", "category", "source", "instance", "version", "revision", "goversion",
	}
}

// organize renames the columns that are shown and hides others.
func organize(names map[string]string, hidden ...string) []dashboard.DataTransformerConfig {
	index, exclude := map[string]int{}, map[string]bool{}
	for i, c := range columnOrder() {
		if _, ok := names[c]; ok {
			index[c] = i
		}
	}
	for _, h := range hidden {
		exclude[h] = true
	}
	return []dashboard.DataTransformerConfig{{Id: "organize", Options: map[string]any{"renameByName": names, "indexByName": index, "excludeByName": exclude}}}
}
