import type { Analysis } from '../analysis/cost.ts';
import { macsOnPadding } from '../analysis/padding.ts';
import { OPERATIONS } from '../core/work.ts';
import { type RowOptions, type ShownRow, shownRows } from './cost-rows.ts';
import { renderCsv } from './csv.ts';
import { formatShapes } from './shapes.ts';

const HEADER = [
  'model',
  'name',
  'operator',
  'layers',
  'input',
  'output',
  'parameters',
  'macs',
  'flops',
  'activations',
  'formula',
  ...OPERATIONS,
];

const fields = (model: string, row: ShownRow) => [
  model,
  row.name,
  row.operator ?? '',
  row.layers,
  formatShapes(row.input),
  formatShapes(row.output),
  row.parameters,
  row.macs,
  row.flops,
  row.activations,
  row.formula,
  ...OPERATIONS.map((kind) => row.operations[kind] ?? 0n),
];

/** Whole integers, a row for each layer or group of each model. */
export function costCsv(analyses: readonly Analysis[], options: RowOptions): string {
  const { padding = false } = options;
  const rows = analyses.flatMap((analysis) =>
    shownRows(analysis, options).map((row) => [...fields(analysis.name, row), ...(padding ? [macsOnPadding(row.rows)] : [])]),
  );
  return renderCsv([...HEADER, ...(padding ? ['macs_on_padding'] : [])], rows);
}
