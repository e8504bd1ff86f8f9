import type { Derivation } from '../analysis/algebra/derivation.ts';
import type { Pair } from '../analysis/align.ts';
import type { Compared, Comparison } from '../analysis/comparison.ts';
import type { CostGroup } from '../analysis/group.ts';
import { formatShape } from '../core/shape.ts';
import { describeModel } from './cost-table.ts';
import { renderCsv } from './csv.ts';
import { derivationJson, derivationText } from './derivation.ts';
import { macFormula } from './formula.ts';
import { renderMarkdown } from './markdown.ts';
import { decimal, exact } from './number.ts';
import { type Column, makeTable, type Table } from './table.ts';
import { renderTable, type Screen } from './terminal.ts';

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

const outputOf = ({ rows }: CostGroup): string => (rows.at(-1)?.output ?? []).map(formatShape).join(', ');

/** Rows of two models side by side where they correspond. */
export function pairsTable({ models, pairs, by }: ComparisonReport): Table {
  const isLayers = by === 'layer';
  const sides = models.slice(0, 2).map(({ name }, side) => {
    const cell = (text: (group: CostGroup) => string) => (pair: Pair<CostGroup, CostGroup>) =>
      pair[side] === undefined ? '' : text(pair[side]);
    return [
      { header: name, align: 'left' as const, drop: 0, cell: cell((group) => group.name) },
      { header: isLayers ? 'formula' : 'output', align: 'left' as const, drop: 2, cell: cell(isLayers ? formulaOf : outputOf) },
      { ...right('MACs'), cell: cell(({ macs }) => zeroAsDash(macs)) },
      { ...right('parameters', 1), cell: cell(({ parameters }) => zeroAsDash(parameters)) },
    ];
  });
  return makeTable(sides.flat(), pairs);
}

const derivationsText = ({ derivations, label }: ComparisonReport): string[] =>
  derivations.flatMap(({ derivation, names }) => ['', derivationText(derivation, names, label)]);

export const comparisonText = (report: ComparisonReport, screen: Screen): string =>
  [
    ...report.models.map(({ analysis }) => describeModel(analysis)),
    '',
    ...(report.pairs.length > 0 ? [renderTable(pairsTable(report), screen), ''] : []),
    renderTable(totalsTable(report), screen),
    '',
    ...report.notes,
    ...derivationsText(report),
  ].join('\n');

export const comparisonMarkdown = (report: ComparisonReport): string =>
  [
    ...report.models.map(({ analysis }) => `- ${describeModel(analysis)}`),
    '',
    ...(report.pairs.length > 0 ? [renderMarkdown(pairsTable(report)), ''] : []),
    renderMarkdown(totalsTable(report)),
    '',
    ...report.notes,
    ...report.derivations.flatMap(({ derivation, names }) => ['', '```', derivationText(derivation, names, report.label), '```']),
  ].join('\n');

/** Whole integers, a row for each metric. */
export const comparisonCsv = ({ models, comparisons }: ComparisonReport): string =>
  renderCsv(
    ['total', ...models.map(({ name }) => name)],
    comparisons.map(({ metric, values }) => [metric, ...values.map((count) => count ?? '')]),
  );

const pairFields = ([a, b]: Pair<CostGroup, CostGroup>): unknown => [a?.name ?? null, b?.name ?? null];

export const comparisonJson = (report: ComparisonReport, models: readonly unknown[]): unknown => ({
  models,
  comparison: Object.fromEntries(
    report.comparisons.map(({ metric, values, winner }) => {
      const [a, b] = values;
      const difference = values.length === 2 && a !== undefined && b !== undefined ? b - a : undefined;
      return [
        metric,
        {
          values: values.map((count) => count ?? null),
          difference,
          ratio: difference === undefined || a === 0n ? undefined : Number(ratioOf(a, b)),
          better: winner === undefined ? null : report.models[winner]?.name,
        },
      ];
    }),
  ),
  aligned: report.pairs.map(pairFields),
  derivations: report.derivations.map(({ derivation, names }) => derivationJson(derivation, names)),
  notes: report.notes,
});
