import type { Analysis } from '../../analysis/cost.ts';
import { macsOnPadding } from '../../analysis/padding.ts';
import { OPERATIONS } from '../../core/work.ts';
import { renderCsv } from '../kit/csv.ts';
import { formatShapes } from '../kit/shapes.ts';
import { type ExtraOptions, extraCells, extraHeaders } from './extra-columns.ts';
import { type RowOptions, type ShownRow, shownRows } from './rows.ts';

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

const fields = ({ name, counter }: Analysis, row: ShownRow) => [
  name,
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
  ...(counter === undefined ? [] : [counter.count(row.rows)]),
];

/** Whole integers, a row for each layer or group of each model. */
export function costCsv(analyses: readonly Analysis[], options: RowOptions & ExtraOptions): string {
  const { padding = false, masked = false } = options;
  const conventions = analyses.slice(0, 1).flatMap(({ counter }) => counter?.convention ?? []);
  return renderCsv(
    [...HEADER, ...conventions, ...(padding ? ['macs_on_padding'] : []), ...(masked ? ['masked_macs'] : []), ...extraHeaders(options)],
    analyses.flatMap((analysis) => {
      const cells = extraCells(analysis, options);
      return shownRows(analysis, options).map((row) => [
        ...fields(analysis, row),
        ...(padding ? [macsOnPadding(row.rows)] : []),
        ...(masked ? [row.masked] : []),
        ...cells(row.rows),
      ]);
    }),
  );
}
