import {
  DataFrame, FieldType, GrafanaTheme2, applyFieldOverrides, dataLinksOverrideProcessor, displayNameOverrideProcessor, getFieldDisplayName, identityOverrideProcessor,
  numberOverrideProcessor, standardFieldConfigEditorRegistry, standardTransformers, standardTransformersRegistry, stringOverrideProcessor,
  thresholdsOverrideProcessor, transformDataFrame, unitOverrideProcessor, valueMappingsOverrideProcessor,
} from '@grafana/data';
import { firstValueFrom } from 'rxjs';
import { fill } from './query';

// The options that Grafana itself registers at its start.
export function register() {
  const option = (id: string, process: any) => ({
    id, path: id, name: id, description: '', isCustom: false, process, override: (() => null) as any, editor: (() => null) as any, shouldApply: () => true, settings: {},
  });
  standardFieldConfigEditorRegistry.setInit(() => [
    option('unit', unitOverrideProcessor), option('decimals', numberOverrideProcessor), option('min', numberOverrideProcessor), option('max', numberOverrideProcessor),
    option('displayName', displayNameOverrideProcessor), option('noValue', stringOverrideProcessor), option('mappings', valueMappingsOverrideProcessor),
    option('links', dataLinksOverrideProcessor), option('thresholds', thresholdsOverrideProcessor), option('color', identityOverrideProcessor),
  ] as any);
  const t = standardTransformers;
  standardTransformersRegistry.setInit(() =>
    [t.mergeTransformer, t.organizeFieldsTransformer, t.orderFieldsTransformer, t.renameFieldsTransformer, t.filterFieldsByNameTransformer, t.filterFieldsTransformer]
      .map((transformation: any) => ({ id: transformation.id, name: transformation.id, transformation: async () => transformation, imageDark: '', imageLight: '' })) as any);
  for (const item of standardTransformersRegistry.list()) {
    (item as any).transformation = Object.values(t).find((x: any) => x.id === item.id);
  }
}

// prepare runs the transformations of a panel and applies its field options, custom ones by hand: those belong to panel plugins, which no
// library has.
export async function prepare(panel: any, frames: DataFrame[], theme: GrafanaTheme2): Promise<DataFrame[]> {
  let data = frames;
  if (panel.transformations?.length && data.length) {
    data = await firstValueFrom(transformDataFrame(panel.transformations, data));
  }
  const source = panel.fieldConfig ?? { defaults: {}, overrides: [] };
  const { custom, ...defaults } = source.defaults;
  const overrides = source.overrides.map((o: any) => ({ ...o, properties: o.properties.filter((p: any) => !p.id.startsWith('custom.')) }));
  data = applyFieldOverrides({
    data, theme, timeZone: 'utc', replaceVariables: (text) => fill(text), fieldConfig: { defaults, overrides },
  });
  for (const frame of data) {
    for (const field of frame.fields) {
      field.config.custom = { ...custom };
      for (const o of source.overrides) {
        if (o.matcher.id === 'byName' && o.matcher.options === getFieldDisplayName(field, frame, data)) {
          for (const p of o.properties.filter((p: any) => p.id.startsWith('custom.'))) {
            field.config.custom[p.id.slice('custom.'.length)] = p.value;
          }
        }
      }
    }
  }
  if (panel.type === 'timeseries') {
    // Colours go by name, which is lost when series are joined for the graph, unless the field itself has it.
    for (const frame of data) {
      for (const field of frame.fields.filter((f) => f.type === FieldType.number)) {
        field.name = getFieldDisplayName(field, frame, data);
        field.state = { ...field.state, displayName: field.name };
      }
    }
  }
  return data;
}
