import { TOTAL_METRICS, type TotalMetric } from '../../language/budget.ts';
import type { Analysis, CostRow } from '../cost.ts';
import { measures, operationsOf } from './measure.ts';
import type { LayerRecord, ModelRecord } from './result.ts';

const layerRecord = (row: CostRow): LayerRecord => ({
  path: row.path,
  operator: row.operator,
  input: row.input,
  output: row.output,
  parameters: row.parameters,
  macs: row.macs,
  activations: row.activations,
  operations: operationsOf(row),
});

/** What a baseline keeps of a model: its totals, and what each layer is and costs. */
export function recordOf(analysis: Analysis, name: string, source: string): ModelRecord {
  const subject = { analysis, rows: analysis.rows };
  const totals = Object.fromEntries(TOTAL_METRICS.map((metric) => [metric, measures[metric](subject).value]));
  return { name, source, totals: totals as Record<TotalMetric, bigint>, layers: analysis.rows.map(layerRecord) };
}
