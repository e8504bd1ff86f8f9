import type { Analysis } from '../analysis/cost.ts';
import { OPERATIONS } from '../core/work.ts';
import { type RowOptions, type ShownRow, shownRows } from './cost-rows.ts';
import { renderCsv } from './csv.ts';
import { type ExtraOptions, extraCells, extraHeaders } from './extra-columns.ts';
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
export const costCsv = (analyses: readonly Analysis[], options: RowOptions & ExtraOptions): string =>
  renderCsv(
    [...HEADER, ...extraHeaders(options)],
    analyses.flatMap((analysis) => {
      const cells = extraCells(analysis, options);
      return shownRows(analysis, options).map((row) => [...fields(analysis.name, row), ...cells(row.rows)]);
    }),
  );
