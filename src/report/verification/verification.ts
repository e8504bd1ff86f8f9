import { countOfKind, KINDS, type Kind } from '../../core/counts.ts';
import { OPERATIONS } from '../../core/work.ts';
import type { Side, Verification, VerifiedLayer } from '../../execute/verify.ts';
import { renderCsv } from '../kit/csv.ts';
import { toJson } from '../kit/json-text.ts';
import { exact } from '../kit/number.ts';
import { plural } from '../kit/plural.ts';
import { formatShapes } from '../kit/shapes.ts';
import { type ColumnOf, makeTable, type Table } from '../kit/table.ts';
import type { Screen } from '../kit/terminal.ts';
import { orDash, type Sections, sectionsMarkdown, sectionsText } from './sections.ts';

/** Operations of every kind together. */
const operationsOf = ({ counts }: Side): bigint => OPERATIONS.reduce((sum, kind) => sum + countOfKind(counts, kind), 0n);

const LAYERS: readonly ColumnOf<VerifiedLayer>[] = [
  { header: 'layer', align: 'left', drop: 0, cell: (layer) => layer.path },
  { header: 'operator', align: 'left', drop: 4, cell: (layer) => layer.operator },
  { header: 'kernel', align: 'left', drop: 5, cell: (layer) => layer.kernel },
  { header: 'output', align: 'left', drop: 3, cell: (layer) => formatShapes(layer.executed.output) },
  { header: 'MACs', align: 'right', drop: 2, cell: (layer) => orDash(layer.predicted.counts.macs) },
  { header: 'executed', align: 'right', drop: 2, cell: (layer) => orDash(layer.executed.counts.macs) },
  { header: 'operations', align: 'right', drop: 0, cell: (layer) => orDash(operationsOf(layer.predicted)) },
  { header: 'executed', align: 'right', drop: 0, cell: (layer) => orDash(operationsOf(layer.executed)) },
  { header: 'holds', align: 'left', drop: 0, cell: (layer) => (layer.holds ? 'yes' : 'NO') },
];

/** Predicted and executed, layer by layer. */
export const layerTable = ({ layers }: Verification): Table => ({ ...makeTable(LAYERS, layers), bad: layers.map(({ holds }) => !holds) });

interface TotalRow {
  readonly kind: Kind;
  readonly predicted: bigint;
  readonly executed: bigint;
}

const TOTALS: readonly ColumnOf<TotalRow>[] = [
  { header: 'total', align: 'left', drop: 0, cell: ({ kind }) => kind },
  { header: 'predicted', align: 'right', drop: 0, cell: ({ predicted }) => exact(predicted) },
  { header: 'executed', align: 'right', drop: 0, cell: ({ executed }) => exact(executed) },
  { header: 'difference', align: 'right', drop: 1, cell: ({ predicted, executed }) => exact(executed - predicted) },
];

/** The kinds of operation that occur or should; MACs always. */
function totalRows({ totals }: Verification): TotalRow[] {
  const rows = KINDS.map((kind) => ({
    kind,
    predicted: countOfKind(totals.predicted, kind),
    executed: countOfKind(totals.executed, kind),
  }));
  return rows.filter(({ kind, predicted, executed }) => kind === 'MACs' || predicted !== 0n || executed !== 0n);
}

/** Predicted and executed, for each kind of operation. */
export const totalTable = (verification: Verification): Table => makeTable(TOTALS, totalRows(verification));

/** Where shapes differ from the prediction: those that came out, or those that the operation reaches. */
function misshapen(path: string, { shapesHold, predicted, executed, reached }: Omit<VerifiedLayer, 'path' | 'mismatches'>): string[] {
  if (shapesHold) return [];
  const [own, there] = [formatShapes(predicted.output), formatShapes(executed.output)];
  if (own !== there || reached === 'stated') return [`${path}: predicted the shape ${own}, but ${there} came out.`];
  return [`${path}: predicted the shape ${own}, but the operation reaches ${formatShapes(reached)}.`];
}

/** Shapes that nothing proves. */
const statedLines = ({ layers }: Verification): string[] =>
  layers.flatMap(({ path, reached, predicted }) =>
    reached === 'stated' ? [`${path}: its shape, ${formatShapes(predicted.output)}, is only stated, not proven.`] : [],
  );

/** What does not hold, a line for each count and each shape. */
export const complaints = ({ layers }: Verification): string[] =>
  layers.flatMap(({ path, mismatches, ...shapes }) => [
    ...misshapen(path, shapes),
    ...mismatches.map((one) => {
      const difference = exact(one.executed - one.predicted);
      return `${path}: predicted ${exact(one.predicted)} ${one.kind}, but executed ${exact(one.executed)}, a difference of ${difference}.`;
    }),
  ]);

/** What the verdict says of shapes: how many are proven, where some are only stated. */
function shapesSaid(layers: readonly VerifiedLayer[]): string {
  const stated = layers.filter(({ reached }) => reached === 'stated').length;
  return stated === 0
    ? 'every shape, '
    : `every shape but those of ${stated === 1 ? 'one layer' : `${stated} layers`}, which are only stated, `;
}

/** Whether the network holds, in a sentence. */
export const verdict = (verification: Verification): string => {
  const { name, layers, holds, totals } = verification;
  const wrong = layers.filter((layer) => !layer.holds).length;
  return holds
    ? `${name} holds: ${plural(layers.length, 'layer')} executed and counted, ${exact(totals.executed.macs)} MACs, ${shapesSaid(layers)}every operation and every weight as predicted.`
    : `${name} does not hold: ${wrong} of ${plural(layers.length, 'layer')} ${wrong === 1 ? 'differs' : 'differ'}.`;
};

const sectionsOf = (verification: Verification): Sections => ({
  counted: { ...verification, rows: verification.layers },
  layers: layerTable(verification),
  totals: totalTable(verification),
  notes: statedLines(verification),
  complaints: complaints(verification),
  verdict: verdict(verification),
  holds: verification.holds,
});

export const verifyText = (all: readonly Verification[], _: unknown, screen: Screen): string => sectionsText(all.map(sectionsOf), screen);

export const verifyMarkdown = (all: readonly Verification[]): string => sectionsMarkdown(all.map(sectionsOf));

const modelJson = ({ name, source, input, output, layers, totals, holds }: Verification): unknown => ({
  model: { name, source },
  input,
  output,
  holds,
  totals,
  layers: layers.map((layer) => ({
    path: layer.path,
    operator: layer.operator,
    kernel: layer.kernel,
    input: layer.input,
    holds: layer.holds,
    predicted: { output: layer.predicted.output, weights: layer.predicted.weights, ...layer.predicted.counts },
    reached: layer.reached,
    executed: { output: layer.executed.output, weights: layer.executed.weights, ...layer.executed.counts },
  })),
});

/** Predicted and executed, for each layer and in total. One model as an object, several as a list. */
export const verifyJson = (all: readonly Verification[]): string =>
  toJson(all.length === 1 ? modelJson(all[0] as Verification) : all.map(modelJson));

const CSV_HEADER = ['model', 'layer', 'operator', 'holds', 'kind', 'predicted', 'executed', 'difference'];

/** A row for each layer, its shape, and each count that is not zero. */
export const verifyCsv = (all: readonly Verification[]): string =>
  renderCsv(
    CSV_HEADER,
    all.flatMap(({ name, layers }) =>
      layers.flatMap(({ path, operator, predicted, executed, shapesHold }) => [
        [name, path, operator, yesOrNo(shapesHold), 'shape', formatShapes(predicted.output), formatShapes(executed.output), ''],
        ...KINDS.map((kind) => ({ kind, from: countOfKind(predicted.counts, kind), to: countOfKind(executed.counts, kind) }))
          .filter(({ from, to }) => from !== 0n || to !== 0n)
          .map(({ kind, from, to }) => [name, path, operator, yesOrNo(from === to), kind, from, to, to - from]),
      ]),
    ),
  );

const yesOrNo = (is: boolean): string => (is ? 'yes' : 'no');
