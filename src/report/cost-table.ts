import type { Analysis } from '../analysis/cost.ts';
import { formatShape, type Shape } from '../core/shape.ts';
import { OPERATIONS, type OperationCounts } from '../core/work.ts';
import { type RowOptions, type ShownRow, shownRows } from './cost-rows.ts';
import { renderCsv } from './csv.ts';
import { describeMemory, type ExtraOptions, extraCells, extraColumns, extraHeaders } from './extra-columns.ts';
import { renderMarkdown } from './markdown.ts';
import { exact, type NumberFormat, percent, readable, withUnit } from './number.ts';
import { type ColumnOf, makeTable, type Table } from './table.ts';
import { renderTable, type Screen } from './terminal.ts';

export interface CostOptions extends RowOptions, ExtraOptions {
  /** Whole integers in place of readable ones. */
  readonly exact: boolean;
  /** A column with the multiply-accumulates as a product. */
  readonly formula: boolean;
}

const shapes = (list: readonly Shape[]): string => list.map(formatShape).join(', ');

const numberFormat = (options: { readonly exact: boolean }): NumberFormat => (options.exact ? exact : readable);

/** Zeros are written as a dash: they are many, and the eye looks for the others. */
const orDash =
  (format: NumberFormat): NumberFormat =>
  (count) =>
    count === 0n ? '–' : format(count);

function columns(analysis: Analysis, options: CostOptions): ColumnOf<ShownRow>[] {
  const number = orDash(numberFormat(options));
  const isLayers = options.by === 'layer' && options.depth === undefined;
  const header = options.depth === undefined ? options.by : `depth ${options.depth}`;
  const all: (ColumnOf<ShownRow> | false)[] = [
    { header, align: 'left', drop: 0, cell: (row) => row.name },
    isLayers && { header: 'operator', align: 'left', drop: 5, cell: (row) => row.operator ?? '' },
    !isLayers && { header: 'layers', align: 'right', drop: 3, cell: (row) => String(row.layers) },
    options.by !== 'operator' && { header: 'input', align: 'left', drop: 7, cell: (row) => shapes(row.input) },
    options.by !== 'operator' && { header: 'output', align: 'left', drop: 2, cell: (row) => shapes(row.output) },
    options.formula && { header: 'formula', align: 'left', drop: 1, cell: (row) => row.formula },
    { header: 'parameters', align: 'right', drop: 0, cell: (row) => number(row.parameters) },
    { header: 'MACs', align: 'right', drop: 0, cell: (row) => number(row.macs) },
    { header: 'FLOPs', align: 'right', drop: 6, cell: (row) => number(row.flops) },
    { header: 'activations', align: 'right', drop: 8, cell: (row) => number(row.activations) },
    ...extraColumns(analysis, options),
    { header: 'share', align: 'right', drop: 4, cell: (row) => (row.macs === 0n ? '–' : percent(row.macs, analysis.totals.macs)) },
  ];
  return all.filter((column) => column !== false);
}

/** The table of one model, the totals below. */
export function costTable(analysis: Analysis, options: CostOptions): Table {
  const wanted = columns(analysis, options);
  const totals: ShownRow = {
    ...analysis.totals,
    name: 'total',
    layers: analysis.rows.length,
    operator: undefined,
    input: analysis.input,
    output: analysis.output,
    formula: '',
    rows: analysis.rows,
  };
  return makeTable(wanted, shownRows(analysis, options), [wanted.map((column) => column.cell(totals))]);
}

/** `multiply 4.1 G, add 4.1 G, compare 11.2 M` */
export const describeOperations = (operations: OperationCounts, number: NumberFormat): string => {
  const occurring = OPERATIONS.filter((kind) => (operations[kind] ?? 0n) > 0n);
  return occurring.length === 0 ? 'none' : occurring.map((kind) => `${number(operations[kind] as bigint)} ${kind}`).join(', ');
};

const UNITS = { parameters: '', macs: 'MAC', flops: 'FLOP', activations: '' } as const;

/** The totals in words, line by line: name and value. */
export function describeTotals(analysis: Analysis, options: { readonly exact: boolean } & ExtraOptions): [string, string][] {
  const { totals } = analysis;
  const count = (value: bigint, unit: string) =>
    options.exact ? `${exact(value)}${unit === '' ? '' : ` ${unit}`}` : withUnit(value, unit).trim();
  return [
    ['parameters', count(totals.parameters, UNITS.parameters)],
    ['MACs', count(totals.macs, UNITS.macs)],
    ['FLOPs', `${count(totals.flops, UNITS.flops)} (2 × MACs)`],
    ['activations', count(totals.activations, UNITS.activations)],
    ['operations', describeOperations(totals.operations, numberFormat(options))],
    ...describeMemory(analysis, options),
  ];
}

/** `resnet50 (specs/resnet.yaml) · 1×3×224×224 → 1×1000 · 175 layers` */
export const describeModel = ({ name, source, input, output, rows }: Analysis): string =>
  `${name} (${source}) · ${shapes(input)} → ${shapes(output)} · ${rows.length} layers`;

/** Breaks a text at blanks to fit a width; later lines are indented. */
function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent + word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}

const LABEL = 13;

export function costText(analysis: Analysis, options: CostOptions, screen: Screen): string {
  const width = screen.columns ?? Number.POSITIVE_INFINITY;
  const [name, ...details] = describeModel(analysis).split(' ');
  const heading = wrap([screen.bold(name ?? ''), ...details].join(' '), width, '  ');
  const totals = describeTotals(analysis, options).map(([label, value]) =>
    wrap(`${label.padEnd(LABEL)}${value}`, width, ' '.repeat(LABEL)),
  );
  return [heading, '', renderTable(costTable(analysis, options), screen), '', ...totals].join('\n');
}

const SUMMARY: readonly ColumnOf<{ readonly analysis: Analysis; readonly number: NumberFormat }>[] = [
  { header: 'model', align: 'left', drop: 0, cell: ({ analysis }) => analysis.name },
  { header: 'input', align: 'left', drop: 2, cell: ({ analysis }) => shapes(analysis.input) },
  { header: 'layers', align: 'right', drop: 3, cell: ({ analysis }) => String(analysis.rows.length) },
  { header: 'parameters', align: 'right', drop: 0, cell: ({ analysis, number }) => number(analysis.totals.parameters) },
  { header: 'MACs', align: 'right', drop: 0, cell: ({ analysis, number }) => number(analysis.totals.macs) },
  { header: 'FLOPs', align: 'right', drop: 1, cell: ({ analysis, number }) => number(analysis.totals.flops) },
  { header: 'activations', align: 'right', drop: 4, cell: ({ analysis, number }) => number(analysis.totals.activations) },
];

/** A row for each model. */
export const summaryTable = (analyses: readonly Analysis[], options: { readonly exact: boolean }): Table =>
  makeTable(
    SUMMARY,
    analyses.map((analysis) => ({ analysis, number: numberFormat(options) })),
  );

export function costMarkdown(analysis: Analysis, options: CostOptions): string {
  const totals = describeTotals(analysis, options).map(([label, value]) => `- ${label}${label === '' ? '' : ': '}${value}`);
  return [`### ${analysis.name}`, '', describeModel(analysis), '', renderMarkdown(costTable(analysis, options)), '', ...totals].join('\n');
}

const CSV_HEADER = [
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

const csvRow = (model: string, row: ShownRow) => [
  model,
  row.name,
  row.operator ?? '',
  row.layers,
  shapes(row.input),
  shapes(row.output),
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
    [...CSV_HEADER, ...extraHeaders(options)],
    analyses.flatMap((analysis) => {
      const cells = extraCells(analysis, options);
      return shownRows(analysis, options).map((row) => [...csvRow(analysis.name, row), ...cells(row.rows)]);
    }),
  );
