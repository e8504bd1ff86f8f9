import type { Analysis, Cost, Counter } from '../../analysis/cost.ts';
import { macsOnPadding } from '../../analysis/padding.ts';
import type { Shape } from '../../core/shape.ts';
import { OPERATIONS, type OperationCounts } from '../../core/work.ts';
import { withoutControls } from '../../problems/text.ts';
import { withBars } from '../kit/bars.ts';
import { headingMarkdown, headingText } from '../kit/heading.ts';
import { renderMarkdown } from '../kit/markdown.ts';
import { exact, type NumberFormat, type NumberOptions, numberFormat, percent, withUnit } from '../kit/number.ts';
import { plural } from '../kit/plural.ts';
import { formatShapes } from '../kit/shapes.ts';
import { type ColumnOf, makeTable, type Table } from '../kit/table.ts';
import { renderTable, type Screen } from '../kit/terminal.ts';
import { wrap } from '../kit/text.ts';
import { countUnknown } from '../problems/unknown.ts';
import { describeMemory, type ExtraOptions, extraColumns } from './extra-columns.ts';
import { type ModelRow, modelColumns } from './model-columns.ts';
import { type RowOptions, type ShownRow, sharedOf, shownRows, sorted } from './rows.ts';
import { sharedParameters } from './shared-parameters.ts';

export interface CostOptions extends RowOptions, NumberOptions, ExtraOptions {
  /** A column with the multiply-accumulates as a product. */
  readonly formula?: boolean;
}

/** Zeros are written as a dash: they are many, and the eye looks for the others. */
const orDash =
  (format: NumberFormat): NumberFormat =>
  (count) =>
    count === 0n ? '–' : format(count);

/** So many shapes are written out; of more, how many there are is said. */
const MOST_SHAPES = 3;

const described = (shapes: readonly Shape[]): string =>
  shapes.length > MOST_SHAPES ? plural(shapes.length, 'tensor') : formatShapes(shapes);

/** Parameters that an earlier row holds too count there; here they are marked. */
const parametersText = (own: bigint, shared: bigint, number: NumberFormat): string => {
  if (shared === 0n) return number(own);
  return own === 0n ? 'shared' : `${number(own)} + shared`;
};

/** Whether some parameters are not active. */
const hasExperts = ({ totals }: Analysis): boolean => totals.activeParameters !== totals.parameters;

function columns(analysis: Analysis, options: CostOptions): ColumnOf<ShownRow>[] {
  const number = orDash(numberFormat(options));
  const { depth, tree = false, formula = false, padding = false, masked = false } = options;
  const by = tree ? 'tree' : depth === undefined ? (options.by ?? 'layer') : `depth ${depth}`;
  const isLayers = by === 'layer';
  // Layers of one kind are strewn over the network: what goes in and comes out says nothing.
  const isPart = by !== 'operator';
  const { counter } = analysis;
  const share = sharedOf(options);
  const shared = sharedParameters(analysis);
  const all: (ColumnOf<ShownRow> | false)[] = [
    { header: by, align: 'left', drop: 0, cell: (row) => row.label ?? row.name },
    (isLayers || tree) && { header: 'operator', align: 'left', drop: 5, cell: (row) => row.operator ?? '' },
    !isLayers && { header: 'layers', align: 'right', drop: 3, cell: (row) => String(row.layers) },
    isPart && { header: 'input', align: 'left', drop: 7, cell: (row) => described(row.input) },
    isPart && { header: 'output', align: 'left', drop: 2, cell: (row) => described(row.output) },
    formula && { header: 'formula', align: 'left', drop: 1, cell: (row) => row.formula },
    { header: 'parameters', align: 'right', drop: 0, cell: (row) => parametersText(row.parameters, shared(row.rows), number) },
    hasExperts(analysis) && { header: 'active', align: 'right', drop: 1, cell: (row) => number(row.activeParameters) },
    { header: 'MACs', align: 'right', drop: 0, cell: (row) => number(row.macs) },
    padding && { header: 'on padding', align: 'right', drop: 0, cell: (row) => number(macsOnPadding(row.rows)) },
    masked && { header: 'masked', align: 'right', drop: 0, cell: (row) => number(row.masked) },
    { header: 'FLOPs', align: 'right', drop: 6, cell: (row) => number(row.flops) },
    counter !== undefined && { header: counter.title, align: 'right', drop: 0, cell: (row) => number(counter.count(row.rows)) },
    { header: 'activations', align: 'right', drop: 8, cell: (row) => number(row.activations) },
    ...extraColumns(analysis, options),
    {
      header: `share of ${share.label}`,
      align: 'right',
      drop: 4,
      cell: (row) => (share.of(row) === 0n ? '–' : percent(share.of(row), share.of(analysis.totals))),
    },
  ];
  return all.filter((column) => column !== false);
}

/** The table of one model, or of some rows of it, the totals below. */
export function costTable(analysis: Analysis, options: CostOptions, rows: readonly ShownRow[] = shownRows(analysis, options)): Table {
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
  return makeTable(wanted, rows, [wanted.map((column) => column.cell(totals))]);
}

/** `multiply 4.1 G, add 4.1 G, compare 11.2 M` */
const describeOperations = (operations: OperationCounts, number: NumberFormat): string => {
  const occurring = OPERATIONS.filter((kind) => (operations[kind] ?? 0n) > 0n);
  return occurring.length === 0 ? 'none' : occurring.map((kind) => `${number(operations[kind] as bigint)} ${kind}`).join(', ');
};

/** `148.64 MMAC (3.64% of the MACs)` */
const describeSome = (macs: bigint, totals: Cost, options: NumberOptions): string =>
  `${options.exact === true ? `${exact(macs)} MAC` : withUnit(macs, 'MAC')} (${percent(macs, totals.macs)} of the MACs)`;

const describeUnknown = ({ graph: { unknown = [] } }: Analysis): [string, string][] =>
  unknown.length === 0 ? [] : [['not counted', `${countUnknown(unknown)} not known`]];

const sharesOf = (analysis: Analysis, options: CostOptions): bigint[] => shownRows(analysis, options).map(sharedOf(options).of);

/** The totals in words, line by line: name and value. */
function describeTotals(analysis: Analysis, options: CostOptions): [string, string][] {
  const { totals, counter, rows } = analysis;
  const count = (value: bigint, unit: string) => (options.exact === true ? `${exact(value)} ${unit}` : withUnit(value, unit)).trim();
  return [
    ['parameters', count(totals.parameters, '')],
    ...(hasExperts(analysis) ? [['active', count(totals.activeParameters, '')] satisfies [string, string]] : []),
    ...(totals.embeddingParameters > 0n ? [['embeddings', describeEmbeddings(analysis, count)] satisfies [string, string]] : []),
    ['MACs', count(totals.macs, 'MAC')],
    ...(options.padding === true ? [['on padding', describeSome(macsOnPadding(rows), totals, options)] satisfies [string, string]] : []),
    ...(options.masked === true ? [['masked', describeSome(totals.masked, totals, options)] satisfies [string, string]] : []),
    ['FLOPs', `${count(totals.flops, 'FLOP')} (2 × MACs)`],
    ...(counter === undefined ? [] : [[counter.convention, count(counter.count(rows), counter.symbol)] as [string, string]]),
    ['activations', count(totals.activations, '')],
    ['operations', describeOperations(totals.operations, numberFormat(options))],
    ...describeMemory(analysis, options),
    ...describeUnknown(analysis),
    ...describeConfig(analysis),
    ...describeStored(analysis),
  ];
}

/** What a config.json leaves out, and what it says that changes no cost. */
function describeConfig({ graph: { config } }: Analysis): [string, string][] {
  if (config === undefined) return [];
  const left = [...config.defaults].map(([field, value]) => `${field} = ${value}`);
  const lines: [string, readonly string[]][] = [
    ['of the spec', [config.spec]],
    ['left out', left],
    ['cost nothing', config.free],
  ];
  return lines.filter(([, words]) => words.length > 0).map(([label, words]) => [label, withoutControls(words.join(', '))]);
}

/** Most names that are shown. */
const NAMES = 6;

/** The weights beside it, and how far they are those of its layers. */
function describeStored({ graph: { stored } }: Analysis): [string, string][] {
  if (stored === undefined) return [];
  const { file, tensors, matched, alone, missing, parameters, bytes, bytesByType, isPacked } = stored;
  const types = [...bytesByType.keys()].join(', ');
  const listed = (names: readonly string[]): string =>
    `${names.slice(0, NAMES).join(', ')}${names.length > NAMES ? ` and ${names.length - NAMES} more` : ''}`;
  const held = matched === tensors ? 'all are held by its layers' : `${matched} are held by its layers, by layer and shape`;
  const lines: [string, string][] = [
    ['weights', `${file}: ${tensors} tensors, ${exact(parameters)} parameters, ${exact(bytes)} bytes (${types}); ${held}`],
    ...(alone.length === 0 ? [] : [['by no layer', listed(alone)] satisfies [string, string]]),
    ...(missing.length === 0 ? [] : [[isPacked ? 'may be packed' : 'not stored', listed(missing)] satisfies [string, string]]),
  ];
  return lines.map(([label, text]) => [label, withoutControls(text)]);
}

/** `131.07 M; 46.57 G parameters without them, 12.75 G active` */
function describeEmbeddings(analysis: Analysis, count: (value: bigint, unit: string) => string): string {
  const { parameters, activeParameters, embeddingParameters } = analysis.totals;
  const without = `${count(embeddingParameters, '')}; ${count(parameters - embeddingParameters, '')} parameters without them`;
  return hasExperts(analysis) ? `${without}, ${count(activeParameters - embeddingParameters, '')} active` : without;
}

interface SummaryRow extends ModelRow {
  readonly layers: number;
  readonly rows: Analysis['rows'];
}

const LAYERS: ColumnOf<SummaryRow> = {
  header: 'layers',
  align: 'right',
  drop: 2,
  cell: ({ layers }) => String(layers),
};

/** A column with what a convention counts of each model. */
const counted = (counter: Counter | undefined, number: NumberFormat): ColumnOf<SummaryRow>[] =>
  counter === undefined ? [] : [{ header: counter.title, align: 'right', drop: 0, cell: ({ rows }) => number(counter.count(rows)) }];

/** A row for each model. */
export const summaryTable = (analyses: readonly Analysis[], options: CostOptions): Table =>
  makeTable(
    [...modelColumns([LAYERS], numberFormat(options)), ...counted(analyses[0]?.counter, numberFormat(options))],
    sorted(
      analyses.map(({ name, input, rows, totals }) => ({ ...totals, name, input, layers: rows.length, rows })),
      options.sort,
    ),
  );

/** Whether the rows of each model are wanted, where there are several. */
export const isDetailed = ({ by, depth, tree, top, formula, padding, masked }: CostOptions): boolean =>
  (by ?? depth ?? tree ?? top ?? formula ?? padding ?? masked) !== undefined;

/** Each model on its own if there is one, or if it is asked for; a summary if there are several. */
function report(
  analyses: readonly Analysis[],
  options: CostOptions,
  single: (analysis: Analysis) => string,
  summary: (table: Table) => string,
): string {
  const isSingle = analyses.length === 1;
  return [
    ...(isSingle || isDetailed(options) ? analyses.map(single) : []),
    ...(isSingle ? [] : [summary(summaryTable(analyses, options))]),
  ].join('\n\n');
}

const LABEL = 13;

export function costText(analyses: readonly Analysis[], options: CostOptions, screen: Screen): string {
  const totals = (analysis: Analysis) =>
    describeTotals(analysis, options).map(([label, value]) => wrap(label.padEnd(LABEL) + value, screen.columns, ' '.repeat(LABEL)));
  const tableOf = (analysis: Analysis): Table =>
    screen.columns === undefined ? costTable(analysis, options) : withBars(costTable(analysis, options), sharesOf(analysis, options));
  const single = (analysis: Analysis) =>
    [headingText(analysis, screen), '', renderTable(tableOf(analysis), screen), '', ...totals(analysis)].join('\n');
  return report(analyses, options, single, (table) => renderTable(table, screen));
}

export function costMarkdown(analyses: readonly Analysis[], options: CostOptions): string {
  const totals = (analysis: Analysis) => describeTotals(analysis, options).map(([label, value]) => `- ${label}: ${value}`);
  const single = (analysis: Analysis) =>
    [headingMarkdown(analysis), '', renderMarkdown(costTable(analysis, options)), '', ...totals(analysis)].join('\n');
  return report(analyses, options, single, renderMarkdown);
}
