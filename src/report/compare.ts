import type { Analysis, CostRow, Counter } from '../analysis/cost.ts';
import { OPERATIONS } from '../core/work.ts';
import { modelJson } from './cost-json.ts';

import { renderCsv } from './csv.ts';
import { macFormula } from './formula.ts';
import { headingMarkdown, headingText } from './heading.ts';
import { toJson } from './json-text.ts';
import { renderMarkdown } from './markdown.ts';
import { decimal, exact } from './number.ts';
import { formatShapes } from './shapes.ts';
import { type Column, type ColumnOf, makeTable, type Table } from './table.ts';
import { renderTable, type Screen } from './terminal.ts';

const zeroAsDash = (count: bigint): string => (count === 0n ? '–' : exact(count));

const LAYERS: readonly ColumnOf<CostRow>[] = [
  { header: 'layer', align: 'left', drop: 0, cell: (row) => row.path },
  { header: 'input', align: 'left', drop: 3, cell: (row) => formatShapes(row.input) },
  { header: 'output', align: 'left', drop: 2, cell: (row) => formatShapes(row.output) },
  { header: 'formula', align: 'left', drop: 1, cell: (row) => macFormula(row.work) },
  { header: 'MACs', align: 'right', drop: 0, cell: (row) => zeroAsDash(row.macs) },
  { header: 'parameters', align: 'right', drop: 0, cell: (row) => zeroAsDash(row.parameters) },
];

/** A column with what a convention counts. */
const counted = (counter: Counter | undefined): readonly ColumnOf<CostRow>[] =>
  counter === undefined ? [] : [{ header: counter.title, align: 'right', drop: 0, cell: (row) => zeroAsDash(counter.count([row])) }];

function layerTable(analysis: Analysis): Table {
  const { totals, rows, counter } = analysis;
  const columns = [...LAYERS, ...counted(counter)];
  const cells: Readonly<Record<string, string>> = {
    layer: 'total',
    MACs: exact(totals.macs),
    parameters: exact(totals.parameters),
    ...(counter === undefined ? {} : { [counter.title]: exact(counter.count(rows)) }),
  };
  return makeTable(columns, rows, [columns.map(({ header }) => cells[header] ?? '')]);
}

type Metric = (analysis: Analysis) => bigint;

/** What models are compared by, whatever they are made of. */
const METRICS: Readonly<Record<string, Metric>> = {
  MACs: ({ totals }) => totals.macs,
  FLOPs: ({ totals }) => totals.flops,
  parameters: ({ totals }) => totals.parameters,
  activations: ({ totals }) => totals.activations,
  layers: ({ rows }) => BigInt(rows.length),
};

/** The same, and each kind of operation that occurs. */
function metricsOf(analyses: readonly Analysis[]): [string, Metric][] {
  const kinds = OPERATIONS.filter((kind) => analyses.some(({ totals }) => (totals.operations[kind] ?? 0n) > 0n));
  const titles = new Set(analyses.flatMap(({ counter }) => counter?.title ?? []));
  return [
    ...Object.entries(METRICS),
    ...[...titles].map((title): [string, Metric] => [title, ({ counter, rows }) => counter?.count(rows) ?? 0n]),
    ...kinds.map((kind): [string, Metric] => [`${kind} operations`, ({ totals }) => totals.operations[kind] ?? 0n]),
  ];
}

const ratio = (a: bigint, b: bigint): string => (b === 0n ? '–' : decimal(a, b, 3));

/** The totals side by side; with two models, how far they are apart too. */
function comparisonTable(analyses: readonly Analysis[]): Table {
  const isPair = analyses.length === 2;
  const numbers = analyses.map(({ name }): Column => ({ header: name, align: 'right', drop: 0 }));
  const columns: Column[] = [
    { header: 'total', align: 'left', drop: 0 },
    ...numbers,
    ...(isPair ? (['difference', 'ratio'] as const).map((header): Column => ({ header, align: 'right', drop: 1 })) : []),
  ];
  const rows = metricsOf(analyses).map(([name, metric]) => {
    const values = analyses.map(metric);
    const [a, b] = values as [bigint, bigint];
    return [name, ...values.map(exact), ...(isPair ? [exact(b - a), ratio(b, a)] : [])];
  });
  return { columns, rows, footer: [] };
}

export const compareText = (analyses: readonly Analysis[], _: unknown, screen: Screen): string =>
  [
    ...analyses.map((analysis) => `${headingText(analysis, screen)}\n\n${renderTable(layerTable(analysis), screen)}`),
    renderTable(comparisonTable(analyses), screen),
  ].join('\n\n');

export const compareMarkdown = (analyses: readonly Analysis[]): string =>
  [
    ...analyses.map((analysis) => `${headingMarkdown(analysis)}\n\n${renderMarkdown(layerTable(analysis))}`),
    '### Side by side',
    renderMarkdown(comparisonTable(analyses)),
  ].join('\n\n');

export const compareJson = (analyses: readonly Analysis[]): string =>
  toJson({
    models: analyses.map((analysis) => modelJson(analysis, {})),
    comparison: Object.fromEntries(
      metricsOf(analyses).map(([name, metric]) => [
        name,
        Object.fromEntries(analyses.map((analysis) => [analysis.name, metric(analysis)])),
      ]),
    ),
  });

/** Whole integers, a row for each metric. */
export const compareCsv = (analyses: readonly Analysis[]): string =>
  renderCsv(
    ['total', ...analyses.map(({ name }) => name)],
    metricsOf(analyses).map(([name, metric]) => [name, ...analyses.map(metric)]),
  );
