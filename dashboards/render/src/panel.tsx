import { DataFrame, FieldType, dateTime, getDisplayValueAlignmentFactors, getFieldDisplayName, getFieldDisplayValues } from '@grafana/data';
import { BarGauge, BigValue, PanelChrome, Table, TimeSeries, useTheme2 } from '@grafana/ui';
import React, { useEffect, useState } from 'react';
import { prepare } from './prepare';
import { fill, frames, from, to } from './query';

type Answer = { data?: DataFrame[]; error?: string };

// Panel asks what a panel of the dashboard asks and shows it in its frame.
export function Panel({ panel, width, height }: { panel: any; width: number; height: number }) {
  const theme = useTheme2();
  const [answer, setAnswer] = useState<Answer>({});
  useEffect(() => {
    (async () => {
      const all = await Promise.all(panel.targets.map((t: any) => frames(t, panel.targets.length > 1, panel.timeFrom)));
      setAnswer({ data: await prepare(panel, all.flat(), theme) });
    })().catch((e) => setAnswer({ error: String(e) }));
  }, [panel, theme]);
  const state = answer.error ? 'error' : !answer.data ? 'loading' : answer.data.some((f) => f.length > 0) ? 'data' : 'empty';
  return (
    <div data-panel={panel.title} data-state={state} data-error={answer.error}>
      <PanelChrome title={panel.title} description={panel.description} width={width} height={height} padding={panel.type === 'table' ? 'none' : 'md'}>
        {(innerWidth, innerHeight) => {
          switch (state) {
            case 'loading':
              return <span />;
            case 'error':
              return <span>{answer.error}</span>;
            case 'empty':
              return <div style={{ display: 'flex', height: innerHeight, alignItems: 'center', justifyContent: 'center' }}>{panel.fieldConfig?.defaults?.noValue ?? 'No data'}</div>;
            default:
              return <Content panel={panel} data={answer.data!} width={innerWidth} height={innerHeight} />;
          }
        }}
      </PanelChrome>
    </div>
  );
}

function Content({ panel, data, width, height }: { panel: any; data: DataFrame[]; width: number; height: number }) {
  const theme = useTheme2();
  const timeRange = { from: dateTime(from), to: dateTime(to), raw: { from: dateTime(from), to: dateTime(to) } };
  switch (panel.type) {
    case 'timeseries':
      return <TimeSeries frames={data} width={width} height={height} timeRange={timeRange} timeZone="utc" legend={panel.options.legend} options={panel.options} />;
    case 'stat':
    case 'bargauge': {
      const values = getFieldDisplayValues({
        data, theme, timeZone: 'utc', replaceVariables: (t) => fill(t), fieldConfig: { defaults: {}, overrides: [] },
        reduceOptions: { calcs: ['lastNotNull'], values: false },
      });
      if (panel.type === 'stat') {
        return <BigValue value={values[0].display} width={width} height={height} theme={theme} colorMode={panel.options.colorMode} graphMode={panel.options.graphMode} textMode={panel.options.textMode} justifyMode={panel.options.justifyMode} />;
      }
      const factors = getDisplayValueAlignmentFactors(values);
      const each = Math.min(26, height / values.length);
      // The panel of Grafana scales all its bars alike, up to the largest value.
      const max = Math.max(...values.map((v) => v.display.numeric));
      return (
        <div>
          {values.map((v, i) => (
            <BarGauge key={i} value={v.display} field={{ ...v.field, min: 0, max }} width={width} height={each - 4} itemSpacing={8} theme={theme} orientation={panel.options.orientation} displayMode={panel.options.displayMode} text={{ titleSize: 13, valueSize: 14 }} alignmentFactors={factors} />
          ))}
        </div>
      );
    }
    case 'table':
      return <Table data={data[0]} width={width} height={height} initialSortBy={panel.options.sortBy} cellHeight={panel.options.cellHeight} />;
    case 'heatmap':
      return <HeatMap data={data} width={width} height={height} />;
    default:
      throw new Error(`no way to show a panel of type ${panel.type}`);
  }
}

// HeatMap is ours: Grafana's heat map is a panel plugin and in none of its libraries.
function HeatMap({ data, width, height }: { data: DataFrame[]; width: number; height: number }) {
  const theme = useTheme2();
  const rows = data.map((f) => ({ name: getFieldDisplayName(f.fields[1], f), times: f.fields.find((x) => x.type === FieldType.time)!.values, values: f.fields[1].values }));
  const times = [...new Set(rows.flatMap((r) => r.times))].sort();
  const most = Math.max(...rows.flatMap((r) => r.values), 1);
  const label = 130;
  const w = (width - label) / Math.max(times.length, 1);
  const h = height / rows.length;
  return (
    <svg width={width} height={height} role="img">
      {rows.map((r, y) => (
        <g key={r.name}>
          <text x={0} y={(y + 0.7) * h} fontSize={12} fill={theme.colors.text.primary}>{r.name}</text>
          {r.values.map((v: number, i: number) =>
            v > 0 ? <rect key={i} x={label + times.indexOf(r.times[i]) * w} y={y * h} width={Math.max(w - 1, 1)} height={h - 1} fill={theme.visualization.getColorByName('orange')} opacity={0.15 + 0.85 * Math.sqrt(v / most)} /> : null
          )}
        </g>
      ))}
    </svg>
  );
}

