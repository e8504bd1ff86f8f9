import type { Pair } from '../../analysis/align.ts';
import type { ComparedTraining, TrainingFigure } from '../../analysis/training/comparison.ts';
import { macsOf, type TrainingGroup } from '../../analysis/training/groups.ts';
import { html } from '../html/html.ts';
import { htmlTable } from '../html/html-table.ts';
import type { MadeOption } from '../html/made.ts';
import { page } from '../html/page.ts';
import { renderCsv } from '../kit/csv.ts';
import { headingMarkdown, headingText } from '../kit/heading.ts';
import { toJson } from '../kit/json-text.ts';
import { renderMarkdown } from '../kit/markdown.ts';
import { decimal, exact } from '../kit/number.ts';
import { type Column, makeTable, type Table } from '../kit/table.ts';
import { renderTable, type Screen } from '../kit/terminal.ts';
import { plotFigure } from '../plots/figure.ts';
import { memoryPlot } from './plots.ts';

/** Training steps beside each other. */
export interface TrainingComparisonReport {
  readonly compared: readonly ComparedTraining[];
  readonly figures: readonly TrainingFigure[];
  /** What a row of `pairs` is. */
  readonly by: string;
  /** With two steps, their rows side by side. */
  readonly pairs: readonly Pair<TrainingGroup, TrainingGroup>[];
}

const right = (header: string, drop = 0): Column => ({ header, align: 'right', drop });

/** `+118,013,952`, or a dash. */
const signed = (change: bigint): string => (change === 0n ? '–' : change < 0n ? `−${exact(-change)}` : `+${exact(change)}`);

/** Every figure of all steps; with two, how far they are apart. */
function figuresTable({ compared, figures }: TrainingComparisonReport): Table {
  const isPair = compared.length === 2;
  const columns: Column[] = [
    { header: 'of the step', align: 'left', drop: 0 },
    ...compared.map(({ name }) => right(name)),
    ...(isPair ? [right('difference', 1), right('ratio', 2)] : []),
  ];
  const rows = figures.map(({ label, values }) => {
    const [a = 0n, b = 0n] = values;
    return [label, ...values.map(exact), ...(isPair ? [signed(b - a), a === 0n ? '–' : decimal(b, a, 3)] : [])];
  });
  return { columns, rows, footer: [] };
}

const dash = (count: bigint): string => (count === 0n ? '–' : exact(count));

type TrainingPair = Pair<TrainingGroup, TrainingGroup>;

const differenceBy =
  (of: (group: TrainingGroup) => bigint) =>
  ([a, b]: TrainingPair): string =>
    signed((b === undefined ? 0n : of(b)) - (a === undefined ? 0n : of(a)));

/** Rows of two steps side by side: each direction, what is kept, and both differences. */
function pairsTable({ compared, pairs }: TrainingComparisonReport): Table {
  const isOneModel = modelsOf({ compared }).length === 1;
  const sides = compared.slice(0, 2).map(({ name }, side) => {
    const cell = (text: (group: TrainingGroup) => string) => (pair: TrainingPair) => (pair[side] === undefined ? '' : text(pair[side]));
    return [
      ...(side === 1 && isOneModel ? [] : [{ header: name, align: 'left' as const, drop: 0, cell: cell((group) => group.name) }]),
      { ...right('forward', 2), cell: cell(({ forward }) => dash(forward.macs)) },
      { ...right('to inputs', 2), cell: cell(({ inputGradient }) => dash(inputGradient.macs)) },
      { ...right('to weights', 2), cell: cell(({ weightGradient }) => dash(weightGradient.macs)) },
      { ...right('saved bytes', 1), cell: cell(({ saved }) => dash(saved)) },
    ];
  });
  return makeTable(
    [
      ...sides.flat(),
      { ...right('MACs more'), cell: differenceBy(macsOf) },
      { ...right('saved more'), cell: differenceBy(({ saved }) => saved) },
    ],
    pairs,
  );
}

const modelsOf = ({ compared }: Pick<TrainingComparisonReport, 'compared'>): ComparedTraining[] =>
  compared.filter(({ analysis }, index) => compared.findIndex((other) => other.analysis.graph === analysis.graph) === index);

/** Which step is on which side. */
const sidesOf = ({ compared: [left, right] }: TrainingComparisonReport): string =>
  `On the left ${left?.name}, on the right ${right?.name}.`;

export const trainingComparisonText = (report: TrainingComparisonReport, _: unknown, screen: Screen): string =>
  [
    modelsOf(report)
      .map(({ training }) => headingText(training, screen))
      .join('\n'),
    ...(report.pairs.length > 0 ? [sidesOf(report), renderTable(pairsTable(report), screen)] : []),
    renderTable(figuresTable(report), screen),
  ].join('\n\n');

export const trainingComparisonMarkdown = (report: TrainingComparisonReport): string =>
  [
    ...modelsOf(report).map(({ training }) => headingMarkdown(training)),
    ...(report.pairs.length > 0 ? [sidesOf(report), renderMarkdown(pairsTable(report))] : []),
    renderMarkdown(figuresTable(report)),
  ].join('\n\n');

/** Whole integers, a row for each figure. */
export const trainingComparisonCsv = ({ compared, figures }: TrainingComparisonReport): string =>
  renderCsv(
    ['figure', ...compared.map(({ name }) => name)],
    figures.map(({ label, values }) => [label, ...values]),
  );

const groupFields = (group: TrainingGroup | undefined): unknown =>
  group === undefined
    ? null
    : {
        name: group.name,
        forward: group.forward.macs,
        inputGradient: group.inputGradient.macs,
        weightGradient: group.weightGradient.macs,
        savedBytes: group.saved,
      };

export const trainingComparisonJson = ({ compared, figures, by, pairs }: TrainingComparisonReport): string =>
  toJson({
    // By place: two steps may have one name.
    models: compared.map(({ name, training: { source, input, output } }, index) => ({
      name,
      source,
      input,
      output,
      figures: Object.fromEntries(figures.map(({ key, values }) => [key, values[index]])),
    })),
    differences: compared.length === 2 ? Object.fromEntries(figures.map(({ key, values: [a = 0n, b = 0n] }) => [key, b - a])) : undefined,
    by,
    aligned: pairs.map((pair) => pair.map(groupFields)),
  });

/** Training steps beside each other as one HTML file. */
export function trainingComparisonHtml(report: TrainingComparisonReport, { made }: MadeOption = {}): string {
  const { compared, pairs } = report;
  const title = `Training: ${compared.map(({ name }) => name).join(' and ')}`;
  return page(
    `${title} · flopwise`,
    html`<h1>${title}</h1>
<h3>Totals</h3>
${htmlTable(figuresTable(report), { caption: 'Training steps beside each other' })}
<div class="plots">${compared.map(({ name, training, settings }) => plotFigure(memoryPlot({ ...training, name }, settings)))}</div>
${
  pairs.length === 0
    ? ''
    : html`<h3>Side by side</h3>
${htmlTable(pairsTable(report), {
  caption: 'The steps side by side; rows that differ are marked',
  marks: pairs.map(([a, b]) => (a !== undefined && b !== undefined && macsOf(a) === macsOf(b) && a.saved === b.saved ? '' : 'apart')),
})}`
}`,
    made,
  );
}
