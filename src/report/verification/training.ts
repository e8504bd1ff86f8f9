import { OPERATIONS } from '../../core/work.ts';
import {
  PARTS,
  type PartCounts,
  type TrainingPart,
  type TrainingVerification,
  type VerifiedTrainingLayer,
} from '../../execute/training/verify-training.ts';
import type { Counted } from '../../gradients/counted.ts';
import { renderCsv } from '../kit/csv.ts';
import { toJson } from '../kit/json-text.ts';
import { exact } from '../kit/number.ts';
import { plural } from '../kit/plural.ts';
import { type ColumnOf, makeTable, type Table } from '../kit/table.ts';
import type { Screen } from '../kit/terminal.ts';
import { orDash, type Sections, sectionsMarkdown, sectionsText } from './sections.ts';

const operationsOf = ({ operations }: Counted): bigint => OPERATIONS.reduce((sum, kind) => sum + (operations[kind] ?? 0n), 0n);

/** Forward, and backward to inputs and to weights; as predicted, since what differs is said. */
const LAYERS: readonly ColumnOf<VerifiedTrainingLayer>[] = [
  { header: 'layer', align: 'left', drop: 0, cell: ({ path }) => path },
  { header: 'operator', align: 'left', drop: 4, cell: ({ operator }) => operator },
  { header: 'kernels', align: 'left', drop: 5, cell: (layer) => kernelsOf(layer) },
  { header: 'forward', align: 'right', drop: 0, cell: ({ parts }) => orDash(parts.forward.executed.macs) },
  { header: 'to inputs', align: 'right', drop: 0, cell: ({ parts }) => orDash(parts['input gradient'].executed.macs) },
  { header: 'to weights', align: 'right', drop: 0, cell: ({ parts }) => orDash(parts['weight gradient'].executed.macs) },
  { header: 'operations', align: 'right', drop: 2, cell: ({ parts }) => orDash(allOperations(Object.values(parts))) },
  { header: 'holds', align: 'left', drop: 0, cell: ({ holds }) => (holds ? 'yes' : 'NO') },
];

const allOperations = (parts: readonly PartCounts[]): bigint => parts.reduce((sum, { executed }) => sum + operationsOf(executed), 0n);

const kernelsOf = ({ kernel, backwardKernel }: VerifiedTrainingLayer): string =>
  backwardKernel === undefined || backwardKernel === kernel ? kernel : `${kernel}, ${backwardKernel}`;

const layerTable = ({ layers }: TrainingVerification): Table => ({ ...makeTable(LAYERS, layers), bad: layers.map(({ holds }) => !holds) });

interface TotalRow extends PartCounts {
  readonly part: TrainingPart;
}

const TOTALS: readonly ColumnOf<TotalRow>[] = [
  { header: 'total', align: 'left', drop: 0, cell: ({ part }) => part },
  { header: 'MACs', align: 'right', drop: 0, cell: ({ predicted }) => orDash(predicted.macs) },
  { header: 'executed', align: 'right', drop: 0, cell: ({ executed }) => orDash(executed.macs) },
  { header: 'operations', align: 'right', drop: 1, cell: ({ predicted }) => orDash(operationsOf(predicted)) },
  { header: 'executed', align: 'right', drop: 1, cell: ({ executed }) => orDash(operationsOf(executed)) },
];

const totalTable = ({ totals }: TrainingVerification): Table =>
  makeTable(
    TOTALS,
    PARTS.map((part) => ({ part, ...totals[part] })),
  );

/** What does not hold. */
const complaints = ({ layers }: TrainingVerification): string[] =>
  layers.flatMap(({ path, mismatches, misshapen }) => [
    ...misshapen.map((what) => `${path}: ${what} came out in another shape.`),
    ...mismatches.map(
      ({ part, kind, predicted, executed }) =>
        `${path}: of the ${part}, predicted ${exact(predicted)} ${kind}, but executed ${exact(executed)}.`,
    ),
  ]);

const stopLines = ({ stops }: TrainingVerification): string[] =>
  stops.map(({ path, operator, reason }) => `${path}: no gradient of ${operator}: ${reason}.`);

const verdict = (verification: TrainingVerification): string => {
  const { name, layers, holds, totals } = verification;
  const wrong = layers.filter((layer) => !layer.holds).length;
  if (!holds)
    return `A training step of ${name} does not hold: ${wrong} of ${plural(layers.length, 'layer')} ${wrong === 1 ? 'differs' : 'differ'}.`;
  const macs = PARTS.map((part) => exact(totals[part].executed.macs));
  return `A training step of ${name} holds: ${plural(layers.length, 'layer')} executed forward and backward, ${macs[0]} MACs forward, ${macs[1]} to inputs and ${macs[2]} to weights, every shape and every operation as predicted.`;
};

const sectionsOf = (verification: TrainingVerification): Sections => ({
  counted: { ...verification, rows: verification.layers },
  layers: layerTable(verification),
  totals: totalTable(verification),
  notes: stopLines(verification),
  complaints: complaints(verification),
  verdict: verdict(verification),
  holds: verification.holds,
});

export const verifyTrainingText = (all: readonly TrainingVerification[], _: unknown, screen: Screen): string =>
  sectionsText(all.map(sectionsOf), screen);

export const verifyTrainingMarkdown = (all: readonly TrainingVerification[]): string => sectionsMarkdown(all.map(sectionsOf));

const modelJson = ({ name, source, input, output, layers, totals, stops, holds }: TrainingVerification): unknown => ({
  model: { name, source },
  input,
  output,
  holds,
  totals,
  stops,
  layers: layers.map(({ path, operator, kernel, backwardKernel, parts, misshapen, holds: isRight }) => ({
    path,
    operator,
    kernel,
    backward_kernel: backwardKernel ?? null,
    holds: isRight,
    ...parts,
    misshapen,
  })),
});

/** Predicted and executed, for each layer and in total. One model as an object, several as a list. */
export const verifyTrainingJson = (all: readonly TrainingVerification[]): string =>
  toJson(all.length === 1 ? modelJson(all[0] as TrainingVerification) : all.map(modelJson));

const CSV_HEADER = ['model', 'layer', 'operator', 'holds', 'part', 'kind', 'predicted', 'executed', 'difference'];

/** A row for each layer, part and kind of operation that occurs. */
export const verifyTrainingCsv = (all: readonly TrainingVerification[]): string =>
  renderCsv(
    CSV_HEADER,
    all.flatMap(({ name, layers }) =>
      layers.flatMap(({ path, operator, parts }) =>
        Object.entries(parts).flatMap(([part, { predicted, executed }]) =>
          [
            ['MACs', predicted.macs, executed.macs] as const,
            ...OPERATIONS.map((kind) => [kind, predicted.operations[kind] ?? 0n, executed.operations[kind] ?? 0n] as const),
          ]
            .filter(([, from, to]) => from !== 0n || to !== 0n)
            .map(([kind, from, to]) => [name, path, operator, from === to ? 'yes' : 'no', part, kind, from, to, to - from]),
        ),
      ),
    ),
  );
