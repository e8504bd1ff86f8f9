import type { Analysis } from '../../analysis/cost.ts';
import { macsOnPadding } from '../../analysis/padding.ts';
import { OPERATIONS } from '../../core/work.ts';
import { renderCsv } from '../kit/csv.ts';
import { formatShapes } from '../kit/shapes.ts';
import { extraCells, extraHeaders } from './extra-columns.ts';
import { type RowOptions, type ShownRow, shownRows } from './rows.ts';
import { type CostOptions, isDetailed } from './table.ts';

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

interface Column {
  readonly header: string;
  readonly cell: (row: ShownRow) => bigint;
}

/** What was asked for beside, and active parameters where some are not. */
const moreColumns = (analyses: readonly Analysis[], { padding = false, masked = false }: RowOptions): Column[] => [
  ...(analyses.some(({ totals }) => totals.activeParameters !== totals.parameters)
    ? [{ header: 'active_parameters', cell: (row: ShownRow) => row.activeParameters }]
    : []),
  ...(padding ? [{ header: 'macs_on_padding', cell: (row: ShownRow) => macsOnPadding(row.rows) }] : []),
  ...(masked ? [{ header: 'masked_macs', cell: (row: ShownRow) => row.masked }] : []),
];

/** All of a model. */
const totalRow = ({ totals, rows, input, output }: Analysis): ShownRow => ({
  ...totals,
  name: 'total',
  layers: rows.length,
  operator: undefined,
  input,
  output,
  formula: '',
  rows,
});

/** Whole integers, a row for each that the table has, and a total of each model. */
export function costCsv(analyses: readonly Analysis[], options: CostOptions): string {
  const conventions = analyses.slice(0, 1).flatMap(({ counter }) => counter?.convention ?? []);
  const more = moreColumns(analyses, options);
  return renderCsv(
    [...HEADER, ...conventions, ...more.map(({ header }) => header), ...extraHeaders(analyses, options)],
    analyses.flatMap((analysis) => {
      const cells = extraCells(analysis, options);
      const shown = analyses.length === 1 || isDetailed(options) ? shownRows(analysis, options) : [];
      return [...shown, totalRow(analysis)].map((row) => [
        ...fields(analysis, row),
        ...more.map(({ cell }) => cell(row)),
        ...cells(row.rows),
      ]);
    }),
  );
}
