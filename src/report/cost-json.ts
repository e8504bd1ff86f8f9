import type { Analysis, Cost, CostRow } from '../analysis/cost.ts';
import { macsOnPadding } from '../analysis/padding.ts';
import { type RowOptions, type ShownRow, shownRows } from './cost-rows.ts';
import { macFormula } from './formula.ts';
import { toJson } from './json-text.ts';

const costFields = ({ parameters, macs, flops, activations, operations }: Cost) => ({ parameters, macs, flops, activations, operations });

/** `undefined`, which JSON leaves out, unless it is asked for. */
const paddingOf = (rows: readonly CostRow[], { padding = false }: RowOptions) => (padding ? macsOnPadding(rows) : undefined);

const layerFields = (row: CostRow, options: RowOptions) => ({
  path: row.path,
  operator: row.operator,
  input: row.input,
  output: row.output,
  ...costFields(row),
  padding: paddingOf([row], options),
  formula: macFormula(row.work),
  weights: Object.fromEntries(Object.entries(row.weights).map(([role, { shape }]) => [role, shape])),
});

const groupFields = (row: ShownRow, options: RowOptions) => ({
  name: row.name,
  layers: row.layers,
  output: row.output,
  ...costFields(row),
  padding: paddingOf(row.rows, options),
});

/**
 * A model as JSON: the fields of the contract, `layers` in execution order; and `groups` where rows are
 * grouped, sorted or cut.
 */
export function modelJson(analysis: Analysis, options: RowOptions): unknown {
  const { by = 'layer', depth, sort, top } = options;
  const isPlain = by === 'layer' && (depth ?? sort ?? top) === undefined;
  return {
    model: { name: analysis.name, source: analysis.source },
    convention: 'macs',
    input: analysis.input,
    output: analysis.output,
    totals: { ...costFields(analysis.totals), padding: paddingOf(analysis.rows, options) },
    groups: isPlain ? undefined : shownRows(analysis, options).map((row) => groupFields(row, options)),
    layers: analysis.rows.map((row) => layerFields(row, options)),
  };
}

/** One model as an object, several as a list. */
export function costJson(analyses: readonly Analysis[], options: RowOptions): string {
  const models = analyses.map((analysis) => modelJson(analysis, options));
  return toJson(models.length === 1 ? models[0] : models);
}
