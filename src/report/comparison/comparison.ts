import type { Derivation } from '../../analysis/algebra/derivation.ts';
import type { Pair } from '../../analysis/align.ts';
import type { Compared, Comparison } from '../../analysis/comparison.ts';
import type { CostGroup } from '../../analysis/group.ts';
import { modelJson } from '../cost/json.ts';
import { renderCsv } from '../kit/csv.ts';
import { macFormula } from '../kit/formula.ts';
import { headingMarkdown, headingText } from '../kit/heading.ts';
import { toJson } from '../kit/json-text.ts';
import { renderMarkdown } from '../kit/markdown.ts';
import { decimal, exact } from '../kit/number.ts';
import { formatShapes } from '../kit/shapes.ts';
import { type Column, makeTable, type Table } from '../kit/table.ts';
import { PLAIN, renderTable, type Screen } from '../kit/terminal.ts';
import { wrap } from '../kit/text.ts';
import { derivationJson, derivationText } from './derivation.ts';

/** All that is known of several models beside each other. */
export interface ComparisonReport {
  readonly models: readonly Compared[];
  readonly comparisons: readonly Comparison[];
  /** What a row of `pairs` is. */
  readonly by: string;
  /** With two models, their rows side by side. */
  readonly pairs: readonly Pair<CostGroup, CostGroup>[];
  /** The first model against each other one. */
  readonly derivations: readonly { readonly names: readonly [string, string]; readonly derivation: Derivation }[];
  /** What the derivations are of: `MACs`. */
  readonly label: string;
  /** What the figures rest on, in sentences. */
  readonly notes: readonly string[];
}

const right = (header: string, drop = 0): Column => ({ header, align: 'right', drop });

const value = (count: bigint | undefined): string => (count === undefined ? '–' : exact(count));

const ratioOf = (a: bigint | undefined, b: bigint | undefined): string =>
  a === undefined || b === undefined || a === 0n ? '–' : decimal(b, a, 3);

const differenceOf = (a: bigint | undefined, b: bigint | undefined): string => (a === undefined || b === undefined ? '–' : exact(b - a));

/** The totals side by side; with two models, how far they are apart too. */
export function totalsTable({ models, comparisons }: ComparisonReport): Table {
  const isPair = models.length === 2;
  const columns: Column[] = [
    { header: 'total', align: 'left', drop: 0 },
    ...models.map(({ name }) => right(name)),
    ...(isPair ? [right('difference', 1), right('ratio', 1)] : []),
    { header: 'better', align: 'left', drop: 2 },
  ];
  const rows = comparisons.map(({ label, values, winner }) => {
    const [a, b] = values;
    const apart = isPair ? [differenceOf(a, b), ratioOf(a, b)] : [];
    return [label, ...values.map(value), ...apart, winner === undefined ? '' : (models[winner]?.name ?? '')];
  });
  return { columns, rows, footer: [] };
}

const zeroAsDash = (count: bigint): string => (count === 0n ? '–' : exact(count));

const formulaOf = ({ rows }: CostGroup): string => (rows.length === 1 ? rows.map(({ work }) => macFormula(work)).join('') : '');

const outputOf = ({ rows }: CostGroup): string => formatShapes(rows.at(-1)?.output ?? []);

/** Rows of two models side by side where they correspond. */
export function pairsTable({ models, pairs, by }: ComparisonReport): Table {
  const isLayers = by === 'layer';
  const sides = models.slice(0, 2).map(({ name }, side) => {
    const cell = (text: (group: CostGroup) => string) => (pair: Pair<CostGroup, CostGroup>) =>
      pair[side] === undefined ? '' : text(pair[side]);
    return [
      { header: name, align: 'left' as const, drop: 0, cell: cell((group) => group.name) },
      { header: 'output', align: 'left' as const, drop: 3, cell: cell(outputOf) },
      ...(isLayers ? [{ header: 'formula', align: 'left' as const, drop: 2, cell: cell(formulaOf) }] : []),
      { ...right('MACs'), cell: cell(({ macs }) => zeroAsDash(macs)) },
      { ...right('parameters', 1), cell: cell(({ parameters }) => zeroAsDash(parameters)) },
    ];
  });
  return makeTable(sides.flat(), pairs);
}

/** Lines cut to fit the screen; what goes on is indented. */
const fitted = (text: string, { columns }: Screen): string =>
  text
    .split('\n')
    .map((line) => wrap(line, columns, '    '))
    .join('\n');

const derivationsText = ({ derivations, label }: ComparisonReport, screen: Screen): string[] =>
  derivations.map(({ derivation, names }) => fitted(derivationText(derivation, names, label), screen));

/** Names cut from the left, so that the layer itself stays readable. */
const cutNames = (table: Table, length: number): Table => ({
  ...table,
  rows: table.rows.map((row) =>
    row.map((cell, column) => (column % (table.columns.length / 2) === 0 && cell.length > length ? `…${cell.slice(1 - length)}` : cell)),
  ),
});

const LENGTHS = [48, 36, 28, 24, 20, 16, 13, 10, 8];

const isWithin = (text: string, columns: number): boolean => text.split('\n').every((line) => line.length <= columns);

/** The rows side by side, their names as long as the screen allows. */
function pairsText(report: ComparisonReport, screen: Screen): string {
  const table = pairsTable(report);
  const { columns } = screen;
  if (columns === undefined || isWithin(renderTable(table, { ...PLAIN, columns }), columns)) return renderTable(table, screen);
  const length = LENGTHS.find((limit) => isWithin(renderTable(cutNames(table, limit), { ...PLAIN, columns }), columns)) ?? LENGTHS.at(-1);
  return renderTable(cutNames(table, length as number), screen);
}

export const comparisonText = (report: ComparisonReport, _: unknown, screen: Screen): string =>
  [
    report.models.map(({ analysis }) => headingText(analysis, screen)).join('\n'),
    ...(report.pairs.length > 0 ? [pairsText(report, screen)] : []),
    renderTable(totalsTable(report), screen),
    report.notes.map((note) => fitted(note, screen)).join('\n'),
    ...derivationsText(report, screen),
  ].join('\n\n');

export const comparisonMarkdown = (report: ComparisonReport): string =>
  [
    ...report.models.map(({ analysis }) => headingMarkdown(analysis)),
    '### Side by side',
    ...(report.pairs.length > 0 ? [renderMarkdown(pairsTable(report))] : []),
    renderMarkdown(totalsTable(report)),
    report.notes.join('\n'),
    ...report.derivations.map(({ derivation, names }) => `\`\`\`\n${derivationText(derivation, names, report.label)}\n\`\`\``),
  ].join('\n\n');

/** Whole integers, a row for each metric. */
export const comparisonCsv = ({ models, comparisons }: ComparisonReport): string =>
  renderCsv(
    ['total', ...models.map(({ name }) => name)],
    comparisons.map(({ label, values }) => [label, ...values.map((count) => count ?? '')]),
  );

const pairFields = ([a, b]: Pair<CostGroup, CostGroup>): unknown => [a?.name ?? null, b?.name ?? null];

/** What two values are apart, and which is better. */
function apartFields({ models }: ComparisonReport, { values, winner }: Comparison): unknown {
  const [a, b] = values;
  const isPair = values.length === 2 && a !== undefined && b !== undefined;
  return {
    difference: isPair ? b - a : undefined,
    ratio: isPair && a !== 0n ? Number(ratioOf(a, b)) : undefined,
    better: winner === undefined ? null : models[winner]?.name,
  };
}

export function comparisonJson(report: ComparisonReport): string {
  const { models, comparisons } = report;
  const valuesOf = ({ values }: Comparison) => Object.fromEntries(models.map(({ name }, index) => [name, values[index] ?? null]));
  return toJson({
    models: models.map(({ analysis }) => modelJson(analysis, {})),
    comparison: Object.fromEntries(comparisons.map((one) => [one.label, valuesOf(one)])),
    apart: Object.fromEntries(comparisons.map((one) => [one.label, apartFields(report, one)])),
    aligned: report.pairs.map(pairFields),
    derivations: report.derivations.map(({ derivation, names }) => derivationJson(derivation, names)),
    notes: report.notes,
  });
}
