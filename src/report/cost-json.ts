import type { Analysis, Cost, CostRow, Counter } from '../analysis/cost.ts';
import { type RowOptions, type ShownRow, shownRows } from './cost-rows.ts';
import { type ExtraOptions, extraFields, memoryField } from './extra-columns.ts';
import { macFormula } from './formula.ts';
import { toJson } from './json-text.ts';

const costFields = ({ parameters, macs, flops, activations, operations }: Cost) => ({ parameters, macs, flops, activations, operations });

/** What the convention counts, if one was asked for. */
const countField = (counter: Counter | undefined, rows: readonly CostRow[]) =>
  counter === undefined ? {} : { count: counter.count(rows) };

const layerFields = (counter: Counter | undefined) => (row: CostRow) => ({
  path: row.path,
  operator: row.operator,
  input: row.input,
  output: row.output,
  ...costFields(row),
  ...countField(counter, [row]),
  formula: macFormula(row.work),
  weights: Object.fromEntries(Object.entries(row.weights).map(([role, { shape }]) => [role, shape])),
});

const groupFields = (counter: Counter | undefined) => (row: ShownRow) => ({
  name: row.name,
  layers: row.layers,
  output: row.output,
  ...costFields(row),
  ...countField(counter, row.rows),
});

/**
 * A model as JSON: the fields of the contract, `layers` in execution order; and `groups` where rows are
 * grouped, sorted or cut.
 */
export function modelJson(analysis: Analysis, options: RowOptions & ExtraOptions): unknown {
  const extra = extraFields(analysis, options);
  const { by = 'layer', depth, sort, top } = options;
  const isPlain = by === 'layer' && (depth ?? sort ?? top) === undefined;
  const { counter } = analysis;
  return {
    model: { name: analysis.name, source: analysis.source },
    convention: counter?.convention ?? 'macs',
    unit: counter?.unit,
    input: analysis.input,
    output: analysis.output,
    totals: { ...costFields(analysis.totals), ...countField(counter, analysis.rows) },
    memory: memoryField(analysis, options),
    groups: isPlain ? undefined : shownRows(analysis, options).map((row) => ({ ...groupFields(counter)(row), ...extra(row.rows) })),
    layers: analysis.rows.map((row) => ({ ...layerFields(counter)(row), ...extra([row]) })),
  };
}

/** One model as an object, several as a list. */
export function costJson(analyses: readonly Analysis[], options: RowOptions & ExtraOptions): string {
  const models = analyses.map((analysis) => modelJson(analysis, options));
  return toJson(models.length === 1 ? models[0] : models);
}
