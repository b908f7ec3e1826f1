package dashboards

import (
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/bargauge"
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/table"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
)

// Units of Grafana.
const (
	unitCount    = "short"
	unitRate     = "cps"
	unitPerMin   = "cpm"
	unitBytes    = "bytes"
	unitByteRate = "Bps"
	unitSeconds  = "s"
	unitFromNow  = "dateTimeFromNow"
)

// about is what every panel says of itself.
type about struct {
	title, description, unit string
}

// query is one expression of a panel, with the legend of its series.
type query struct{ expr, legend string }

// source is the data source that the reader of the dashboard has chosen.
func source() common.DataSourceRef {
	kind, uid := "prometheus", "${datasource}"
	return common.DataSourceRef{Type: &kind, Uid: &uid}
}

// refID names the n-th query of a panel.
func refID(n int) string { return string(rune('A' + n)) }

// ranges are queries over time, with exemplars, which lead to request IDs.
func ranges(queries ...query) []cog.Builder[prometheusQuery] {
	var all []cog.Builder[prometheusQuery]
	for i, q := range queries {
		all = append(all, prometheus.NewDataqueryBuilder().RefId(refID(i)).Expr(q.expr).LegendFormat(q.legend).Range().Exemplar(true).
			Datasource(source()).EditorMode(prometheus.QueryEditorModeCode))
	}
	return all
}

// instants are queries as of the end of the time range.
func instants(format prometheus.PromQueryFormat, queries ...query) []cog.Builder[prometheusQuery] {
	var all []cog.Builder[prometheusQuery]
	for i, q := range queries {
		all = append(all, prometheus.NewDataqueryBuilder().RefId(refID(i)).Expr(q.expr).LegendFormat(q.legend).Instant().Format(format).
			Exemplar(false).Datasource(source()).EditorMode(prometheus.QueryEditorModeCode))
	}
	return all
}

// graph shows series over time.
func graph(a about, queries ...query) *timeseries.PanelBuilder {
	return timeseries.NewPanelBuilder().Title(a.title).Description(a.description).Unit(a.unit).Datasource(source()).
		Targets(ranges(queries...)).Min(0).NoValue("0").LineWidth(1).FillOpacity(10).ShowPoints(common.VisibilityModeNever).SpanNulls(spanGaps(true)).
		ColorScheme(dashboard.NewFieldColorBuilder().Mode(dashboard.FieldColorModeIdPaletteClassicByName)).
		Legend(common.NewVizLegendOptionsBuilder().DisplayMode(common.LegendDisplayModeList).Placement(common.LegendPlacementBottom).ShowLegend(true)).
		Tooltip(common.NewVizTooltipOptionsBuilder().Mode(common.TooltipDisplayModeMulti).Sort(common.SortOrderDescending))
}

// bars stacks counts over time.
func bars(a about, queries ...query) *timeseries.PanelBuilder {
	return graph(a, queries...).DrawStyle(common.GraphDrawStyleBars).FillOpacity(70).LineWidth(0).
		Stacking(common.NewStackingConfigBuilder().Mode(common.StackingModeNormal).Group("A"))
}

func spanGaps(yes bool) common.BoolOrFloat64 { return common.BoolOrFloat64{Bool: &yes} }

// number shows one figure; steps colour it.
func number(a about, none string, steps []dashboard.Threshold, q query) *stat.PanelBuilder {
	return stat.NewPanelBuilder().Title(a.title).Description(a.description).Unit(a.unit).Datasource(source()).NoValue(none).
		Targets(instants(prometheus.PromQueryFormatTimeSeries, q)).
		ColorMode(common.BigValueColorModeValue).GraphMode(common.BigValueGraphModeNone).TextMode(common.BigValueTextModeValue).
		ReduceOptions(common.NewReduceDataOptionsBuilder().Calcs([]string{"lastNotNull"})).
		ColorScheme(dashboard.NewFieldColorBuilder().Mode(dashboard.FieldColorModeIdThresholds)).
		Thresholds(dashboard.NewThresholdsConfigBuilder().Mode(dashboard.ThresholdsModeAbsolute).Steps(steps))
}

// gauges compares figures.
func gauges(a about, none string, q query) *bargauge.PanelBuilder {
	return bargauge.NewPanelBuilder().Title(a.title).Description(a.description).Unit(a.unit).Datasource(source()).NoValue(none).Min(0).
		Targets(instants(prometheus.PromQueryFormatTimeSeries, q)).Orientation(common.VizOrientationHorizontal).
		DisplayMode(common.BarGaugeDisplayModeGradient).ValueMode(common.BarGaugeValueModeColor).ShowUnfilled(true).
		ReduceOptions(common.NewReduceDataOptionsBuilder().Calcs([]string{"lastNotNull"})).
		ColorScheme(dashboard.NewFieldColorBuilder().Mode(dashboard.FieldColorModeIdThresholds)).
		Thresholds(dashboard.NewThresholdsConfigBuilder().Mode(dashboard.ThresholdsModeAbsolute).Steps(above("green", "orange", 1)))
}

// rows is a table of the labels and values of its queries.
func rows(a about, none string, queries ...query) *table.PanelBuilder {
	return table.NewPanelBuilder().Title(a.title).Description(a.description).Datasource(source()).NoValue(none).
		Targets(instants(prometheus.PromQueryFormatTable, queries...)).CellHeight(common.TableCellHeightSm).Filterable(true).
		Footer(common.NewTableFooterOptionsBuilder().Show(false).Reducer([]string{}))
}

// above is one colour from the bottom and another from a value on.
func above(low, high string, from float64) []dashboard.Threshold {
	return []dashboard.Threshold{{Value: nil, Color: low}, {Value: &from, Color: high}}
}

// placed is a panel with its size in a grid of 24 columns.
type placed struct {
	panel         cog.Builder[dashboard.Panel]
	width, height uint32
}

// columns is the width of the grid.
const columns = 24

// layout puts panels beside each other as long as there is room, and numbers them. Panels beside each other have the same height.
func layout(panels []placed) ([]dashboard.PanelOrRowPanel, error) {
	var all []dashboard.PanelOrRowPanel
	var x, y, height uint32
	for i, p := range panels {
		panel, err := p.panel.Build()
		if err != nil {
			return nil, err
		}
		if x+p.width > columns {
			x, y = 0, y+height
		}
		if x > 0 && p.height != height {
			return nil, fmt.Errorf("panel %q is %d high beside one of %d", *panel.Title, p.height, height)
		}
		id := uint32(i + 1)
		panel.Id, panel.GridPos = &id, &dashboard.GridPos{H: p.height, W: p.width, X: x, Y: y}
		x, height = x+p.width, p.height
		all = append(all, dashboard.PanelOrRowPanel{Panel: &panel})
	}
	return all, nil
}
