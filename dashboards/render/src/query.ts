import { DataFrame, FieldType, createDataFrame } from '@grafana/data';

// What a dashboard's variables stand for here. All of them are at All.
const range = new URLSearchParams(location.search);
export const to = Date.now();
export const from = to - Number(range.get('minutes') ?? 5) * 60_000;
const seconds = Math.round((to - from) / 1000);

export function fill(text: string): string {
  const values: Record<string, string> = {
    job: '.+', instance: '.+', source: '.*', family: '.*', category: '.*', code: '.*',
    __rate_interval: '15s', __interval: '10s', __range: `${seconds}s`, exporter: 'http://localhost:14006',
  };
  return text.replace(/\$\{?(\w+)\}?/g, (all, name) => values[name] ?? all);
}

type Labels = Record<string, string>;

async function ask(endpoint: string, parameters: Record<string, string>) {
  const answer = await fetch(`/api/v1/${endpoint}?${new URLSearchParams(parameters)}`);
  const body = await answer.json();
  if (body.status !== 'success') {
    throw new Error(body.error);
  }
  return body.data.result as Array<{ metric: Labels; value: [number, string]; values: Array<[number, string]> }>;
}

function legend(format: string | undefined, labels: Labels): string {
  if (!format) {
    return Object.entries(labels).map(([k, v]) => `${k}="${v}"`).join(', ');
  }
  return format.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name) => labels[name] ?? '');
}

// frames asks one query of a panel and returns what Grafana's data source would.
export async function frames(target: any, several: boolean, timeFrom?: string): Promise<DataFrame[]> {
  const expr = fill(target.expr);
  if (target.instant) {
    const result = await ask('query', { query: expr, time: String(to / 1000) });
    if (target.format === 'table') {
      return result.length ? [tableFrame(target.refId, several, result)] : [];
    }
    return result.map((r) => seriesFrame(target, r.metric, [r.value]));
  }
  const begin = timeFrom === '7d' ? to - 7 * 86_400_000 : from;
  const step = timeFrom === '7d' ? 3600 : Math.max(1, Math.round((to - begin) / 1000 / 60));
  const result = await ask('query_range', { query: expr, start: String(begin / 1000), end: String(to / 1000), step: String(step) });
  return result.map((r) => seriesFrame(target, r.metric, r.values));
}

function seriesFrame(target: any, labels: Labels, values: Array<[number, string]>): DataFrame {
  return createDataFrame({
    refId: target.refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: values.map(([t]) => t * 1000) },
      { name: 'Value', type: FieldType.number, labels, config: { displayNameFromDS: legend(target.legendFormat, labels) }, values: values.map(([, v]) => Number(v)) },
    ],
  });
}

function tableFrame(refId: string, several: boolean, result: Array<{ metric: Labels; value: [number, string] }>): DataFrame {
  const names = [...new Set(result.flatMap((r) => Object.keys(r.metric)))].sort();
  return createDataFrame({
    refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: result.map(() => to) },
      ...names.map((name) => ({ name, type: FieldType.string, values: result.map((r) => r.metric[name] ?? '') })),
      { name: several ? `Value #${refId}` : 'Value', type: FieldType.number, values: result.map((r) => Number(r.value[1])) },
    ],
  });
}
