import { type Grouping, rowsBy } from '../../analysis/group.ts';
import { type Division, deviceOf } from '../../analysis/training/devices.ts';
import type { TrainingMemoryOptions } from '../../analysis/training/memory.ts';
import { OPTIMIZERS } from '../../analysis/training/optimizers.ts';
import { type Dataset, trainingRun } from '../../analysis/training/run.ts';
import type { Training } from '../../analysis/training/step.ts';
import { OPERATIONS } from '../../core/work.ts';
import { type Counted, sum } from '../../gradients/counted.ts';
import type { TrainingRow } from '../../gradients/work.ts';
import { renderCsv } from '../kit/csv.ts';
import { headingMarkdown, headingText } from '../kit/heading.ts';
import { toJson } from '../kit/json-text.ts';
import { renderMarkdown } from '../kit/markdown.ts';
import { exact, type NumberOptions, numberFormat, percent, withUnit } from '../kit/number.ts';
import { type ColumnOf, makeTable, type Table } from '../kit/table.ts';
import { renderTable, type Screen } from '../kit/terminal.ts';
import { wrap } from '../kit/text.ts';

export interface TrainingReportOptions extends NumberOptions, TrainingMemoryOptions, Division {
  /** What a whole run is trained on. */
  readonly amount?: Dataset | undefined;
  /** What a row stands for; a layer if not given. */
  readonly by?: Grouping | undefined;
}

interface Row {
  readonly name: string;
  readonly forward: Counted;
  readonly inputGradient: Counted;
  readonly weightGradient: Counted;
  /** Bytes that these layers are the first to keep. */
  readonly saved: bigint;
}

const summed = (name: string, rows: readonly TrainingRow[], savedBy: ReadonlyMap<TrainingRow, bigint>): Row => ({
  name,
  forward: sum(rows.map((row) => row.forward)),
  inputGradient: sum(rows.map((row) => row.inputGradient)),
  weightGradient: sum(rows.map((row) => row.weightGradient)),
  saved: rows.reduce((total, row) => total + (savedBy.get(row) ?? 0n), 0n),
});

function rowsOf({ rows, memory }: Training, { by = 'layer' }: TrainingReportOptions): Row[] {
  const savedBy = new Map(rows.map((row, index) => [row, memory.savedBy[index] as bigint]));
  return [...rowsBy(rows, by)].map(([name, group]) => summed(name, group, savedBy));
}

/** The totals of all rows. */
const totalOf = ({ forward, inputGradient, weightGradient, memory }: Training): Row => ({
  name: 'total',
  forward,
  inputGradient,
  weightGradient,
  saved: memory.saved - memory.loss,
});

type Directions = Pick<Row, 'forward' | 'inputGradient' | 'weightGradient'>;

const macsOf = ({ forward, inputGradient, weightGradient }: Directions): bigint => forward.macs + inputGradient.macs + weightGradient.macs;

const backwardOf = ({ inputGradient, weightGradient }: Directions): bigint => inputGradient.macs + weightGradient.macs;

function trainingTable(training: Training, options: TrainingReportOptions): Table {
  const format = numberFormat(options);
  const number = (count: bigint) => (count === 0n ? '–' : format(count));
  const all = macsOf(training);
  const columns: ColumnOf<Row>[] = [
    { header: options.by ?? 'layer', align: 'left', drop: 0, cell: ({ name }) => name },
    { header: 'forward', align: 'right', drop: 0, cell: ({ forward }) => number(forward.macs) },
    { header: 'input gradient', align: 'right', drop: 0, cell: ({ inputGradient }) => number(inputGradient.macs) },
    { header: 'weight gradient', align: 'right', drop: 0, cell: ({ weightGradient }) => number(weightGradient.macs) },
    { header: 'saved bytes', align: 'right', drop: 2, cell: ({ saved }) => number(saved) },
    { header: 'step', align: 'right', drop: 0, cell: (row) => number(macsOf(row)) },
    { header: 'share', align: 'right', drop: 1, cell: (row) => (macsOf(row) === 0n ? '–' : percent(macsOf(row), all)) },
  ];
  const total = totalOf(training);
  return makeTable(columns, rowsOf(training, options), [columns.map(({ cell }) => cell(total))]);
}

const PASSES = { forward: 'in the forward pass', loss: 'at the loss', backward: 'in the backward pass', update: 'at the update' } as const;

/** Bytes of a step. */
function describeMemory({ memory, checkpointed }: Training, options: TrainingReportOptions): [string, string][] {
  const bytes = (count: bigint) => (options.exact === true ? `${exact(count)} bytes` : withUnit(count, 'B'));
  const { weights, gradients, masters, state, saved, loss, recomputed, peak, peakAt } = memory;
  const { dtype = 'fp32', optimizer = 'adamw', device = 'cpu' } = options;
  const master = masters === 0n ? '' : `, ${bytes(masters)} of weights in fp32`;
  const again =
    checkpointed.length === 0
      ? ''
      : `; ${bytes(recomputed)} more while the largest of ${checkpointed.length} checkpointed parts is done again`;
  const at = peakAt.path === '' ? '' : ` of ${peakAt.path}`;
  return [
    [
      'memory',
      `${bytes(weights)} of weights, ${bytes(gradients)} of gradients, ${bytes(state)} of ${optimizer}'s state${master} (${dtype})`,
    ],
    ['saved', `${bytes(saved)} for the backward pass, ${bytes(loss)} of it by the loss${again} (as PyTorch's autograd on ${device})`],
    ['peak', `${bytes(peak)}, ${PASSES[peakAt.pass]}${at}`],
  ];
}

/** What each device has, if the step is divided. */
function describeDevice(training: Training, options: TrainingReportOptions): [string, string][] {
  const { devices, weights, gradients, state, saved, macs, assumes } = deviceOf(training, options);
  if (devices === 1n) return [];
  const bytes = (count: bigint) => (options.exact === true ? `${exact(count)} bytes` : withUnit(count, 'B'));
  const work = options.exact === true ? `${exact(macs)} MAC` : withUnit(macs, 'MAC');
  return [
    [
      'per device',
      `${bytes(weights)} of weights, ${bytes(gradients)} of gradients, ${bytes(state)} of state, ${bytes(saved)} saved; ${work} (of ${devices})`,
    ],
    ['assumed', assumes.join(' ')],
  ];
}

/** A whole run. */
function describeRun(training: Training, options: TrainingReportOptions): [string, string][] {
  if (options.amount === undefined) return [];
  const { seen, perStep, steps, flops, passed } = trainingRun(training, options.amount);
  const what = 'tokens' in options.amount ? 'tokens' : 'images';
  const isExact = options.exact === true;
  const amount = (count: bigint) => (isExact ? exact(count) : withUnit(count, '').trim());
  return [
    [
      'run',
      `${isExact ? `${exact(flops)} FLOP` : withUnit(flops, 'FLOP')} = 2 × ${exact(training.step.macs)} MAC × ${amount(seen)} ${what} / ${exact(perStep)} per step (${exact(steps)} steps)`,
    ],
    ...passed.map(({ flops: threshold, meaning }): [string, string] => [
      'EU AI Act',
      `at least 10^${String(threshold).length - 1} FLOP: presumed to be ${meaning}`,
    ]),
  ];
}

/** The totals in words: name and value. */
function described(training: Training, options: TrainingReportOptions): [string, string][] {
  const { forward, inputGradient, weightGradient, trained, stops, recomputed, accumulate, step, update, loss } = training;
  const macs = (count: bigint) => (options.exact === true ? `${exact(count)} MAC` : withUnit(count, 'MAC'));
  const format = numberFormat(options);
  const operationsOf = ({ operations }: Counted): string =>
    OPERATIONS.filter((kind) => (operations[kind] ?? 0n) > 0n)
      .map((kind) => `${format(operations[kind] as bigint)} ${kind}`)
      .join(', ') || 'none';
  const both = macsOf(training);
  const less = 3n * forward.macs - both;
  const { optimizer = 'adamw' } = options;
  const { rule, source } = OPTIMIZERS[optimizer];
  return [
    ['trained', `${options.exact === true ? exact(trained) : withUnit(trained, '').trim()} parameters`],
    ['forward', macs(forward.macs)],
    ['backward', `${macs(backwardOf(training))}: ${macs(inputGradient.macs)} to inputs, ${macs(weightGradient.macs)} to weights`],
    ['both', `${macs(both)}, ${less === 0n ? 'three times the forward pass' : `${macs(less)} less than three times the forward pass`}`],
    ...(recomputed.macs === 0n ? [] : [['recomputed', macs(recomputed.macs)] satisfies [string, string]]),
    ['loss', `cross-entropy: ${operationsOf(loss)}`],
    ['update', `${optimizer}: ${operationsOf(update)} (${rule}; ${source})`],
    ['step', `${macs(step.macs)}${accumulate === 1 ? '' : ` in ${accumulate} micro-batches`}: ${operationsOf(step)}`],
    ...describeMemory(training, options),
    ...describeDevice(training, options),
    ...describeRun(training, options),
    ...(stops.length === 0
      ? []
      : [
          [
            'not counted',
            `no gradient goes through ${stops.map(({ path, reason }) => `${path} (${reason})`).join(', ')}: what lies before is not counted backward`,
          ] satisfies [string, string],
        ]),
  ];
}

const LABEL = 13;

export const trainingText = (trainings: readonly Training[], options: TrainingReportOptions, screen: Screen): string =>
  trainings
    .map((training) =>
      [
        headingText(training, screen),
        '',
        renderTable(trainingTable(training, options), screen),
        '',
        ...described(training, options).map(([label, text]) => wrap(label.padEnd(LABEL) + text, screen.columns, ' '.repeat(LABEL))),
      ].join('\n'),
    )
    .join('\n\n');

export const trainingMarkdown = (trainings: readonly Training[], options: TrainingReportOptions): string =>
  trainings
    .map((training) =>
      [
        headingMarkdown(training),
        '',
        renderMarkdown(trainingTable(training, options)),
        '',
        ...described(training, options).map(([label, text]) => `- ${label}: ${text}`),
      ].join('\n'),
    )
    .join('\n\n');

export const trainingCsv = (trainings: readonly Training[], options: TrainingReportOptions): string =>
  renderCsv(
    ['model', options.by ?? 'layer', 'forward_macs', 'input_gradient_macs', 'weight_gradient_macs', 'step_macs', 'saved_bytes'],
    trainings.flatMap((training) =>
      rowsOf(training, options).map((row) => [
        training.name,
        row.name,
        row.forward.macs,
        row.inputGradient.macs,
        row.weightGradient.macs,
        macsOf(row),
        row.saved,
      ]),
    ),
  );

const countedFields = ({ macs, operations }: Counted) => ({ macs, operations });

const rowFields = ({ forward, inputGradient, weightGradient }: Directions) => ({
  forward: countedFields(forward),
  inputGradient: countedFields(inputGradient),
  weightGradient: countedFields(weightGradient),
});

function modelFields(training: Training, options: TrainingReportOptions) {
  const isLayers = (options.by ?? 'layer') === 'layer';
  const { name, source, input, output, trained, accumulate, recomputed, checkpointed, loss, accumulation, update, step, memory, stops } =
    training;
  const { savedBy: _, ...bytes } = memory;
  return {
    model: { name, source },
    input,
    output,
    totals: {
      trained,
      macs: step.macs,
      flops: 2n * step.macs,
      backwardMacs: backwardOf(training),
      ...rowFields(training),
      recomputed: countedFields(recomputed),
      loss: countedFields(loss),
      accumulation: countedFields(accumulation),
      update: countedFields(update),
      step: countedFields(step),
    },
    microBatches: accumulate,
    memory: { dtype: options.dtype ?? 'fp32', optimizer: options.optimizer ?? 'adamw', device: options.device ?? 'cpu', ...bytes },
    checkpointed,
    device: deviceOf(training, options),
    run: options.amount && trainingRun(training, options.amount),
    stops,
    [isLayers ? 'layers' : 'groups']: rowsOf(training, options).map((row) => ({
      [isLayers ? 'path' : 'name']: row.name,
      ...rowFields(row),
      savedBytes: row.saved,
    })),
  };
}

/** One object, or a list where there are several models. */
export function trainingJson(trainings: readonly Training[], options: TrainingReportOptions): string {
  const all = trainings.map((training) => modelFields(training, options));
  return toJson(all.length === 1 ? all[0] : all);
}
