import { type Grouping, rowsBy } from '../../analysis/group.ts';
import type { Training } from '../../analysis/training/step.ts';
import { type Counted, sum, type TrainingRow } from '../../analysis/training/training.ts';
import { OPERATIONS } from '../../core/work.ts';
import { renderCsv } from '../kit/csv.ts';
import { headingMarkdown, headingText } from '../kit/heading.ts';
import { toJson } from '../kit/json-text.ts';
import { renderMarkdown } from '../kit/markdown.ts';
import { exact, type NumberOptions, numberFormat, percent, withUnit } from '../kit/number.ts';
import { type ColumnOf, makeTable, type Table } from '../kit/table.ts';
import { renderTable, type Screen } from '../kit/terminal.ts';
import { wrap } from '../kit/text.ts';

export interface TrainingReportOptions extends NumberOptions {
  /** What a row stands for; a layer if not given. */
  readonly by?: Grouping | undefined;
}

interface Row {
  readonly name: string;
  readonly forward: Counted;
  readonly inputGradient: Counted;
  readonly weightGradient: Counted;
}

const summed = (name: string, rows: readonly TrainingRow[]): Row => ({
  name,
  forward: sum(rows.map((row) => row.forward)),
  inputGradient: sum(rows.map((row) => row.inputGradient)),
  weightGradient: sum(rows.map((row) => row.weightGradient)),
});

const rowsOf = ({ rows }: Training, { by = 'layer' }: TrainingReportOptions): Row[] =>
  [...rowsBy(rows, by)].map(([name, group]) => summed(name, group));

const macsOf = ({ forward, inputGradient, weightGradient }: Omit<Row, 'name'>): bigint =>
  forward.macs + inputGradient.macs + weightGradient.macs;

const backwardOf = ({ inputGradient, weightGradient }: Omit<Row, 'name'>): bigint => inputGradient.macs + weightGradient.macs;

function trainingTable(training: Training, options: TrainingReportOptions): Table {
  const format = numberFormat(options);
  const number = (count: bigint) => (count === 0n ? '–' : format(count));
  const all = macsOf(training);
  const columns: ColumnOf<Row>[] = [
    { header: options.by ?? 'layer', align: 'left', drop: 0, cell: ({ name }) => name },
    { header: 'forward', align: 'right', drop: 0, cell: ({ forward }) => number(forward.macs) },
    { header: 'input gradient', align: 'right', drop: 0, cell: ({ inputGradient }) => number(inputGradient.macs) },
    { header: 'weight gradient', align: 'right', drop: 0, cell: ({ weightGradient }) => number(weightGradient.macs) },
    { header: 'step', align: 'right', drop: 0, cell: (row) => number(macsOf(row)) },
    { header: 'share', align: 'right', drop: 1, cell: (row) => (macsOf(row) === 0n ? '–' : percent(macsOf(row), all)) },
  ];
  const total = { ...training, name: 'total' };
  return makeTable(columns, rowsOf(training, options), [columns.map(({ cell }) => cell(total))]);
}

/** The totals in words: name and value. */
function described(training: Training, options: TrainingReportOptions): [string, string][] {
  const { forward, inputGradient, weightGradient, trained, stops } = training;
  const macs = (count: bigint) => (options.exact === true ? `${exact(count)} MAC` : withUnit(count, 'MAC'));
  const format = numberFormat(options);
  const { operations } = sum([forward, inputGradient, weightGradient]);
  const step = macsOf(training);
  const less = 3n * forward.macs - step;
  const operationsInWords = OPERATIONS.filter((kind) => (operations[kind] ?? 0n) > 0n).map(
    (kind) => `${format(operations[kind] as bigint)} ${kind}`,
  );
  return [
    ['trained', `${options.exact === true ? exact(trained) : withUnit(trained, '').trim()} parameters`],
    ['forward', macs(forward.macs)],
    ['backward', `${macs(backwardOf(training))}: ${macs(inputGradient.macs)} to inputs, ${macs(weightGradient.macs)} to weights`],
    ['step', `${macs(step)}, ${less === 0n ? 'three times the forward pass' : `${macs(less)} less than three times the forward pass`}`],
    ['operations', operationsInWords.join(', ')],
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
    ['model', options.by ?? 'layer', 'forward_macs', 'input_gradient_macs', 'weight_gradient_macs', 'step_macs'],
    trainings.flatMap((training) =>
      rowsOf(training, options).map((row) => [
        training.name,
        row.name,
        row.forward.macs,
        row.inputGradient.macs,
        row.weightGradient.macs,
        macsOf(row),
      ]),
    ),
  );

const countedFields = ({ macs, operations }: Counted) => ({ macs, operations });

const rowFields = ({ forward, inputGradient, weightGradient }: Omit<Row, 'name'>) => ({
  forward: countedFields(forward),
  inputGradient: countedFields(inputGradient),
  weightGradient: countedFields(weightGradient),
});

const modelFields = (training: Training, options: TrainingReportOptions) => ({
  model: { name: training.name, source: training.source },
  input: training.input,
  output: training.output,
  totals: { trained: training.trained, macs: macsOf(training), backwardMacs: backwardOf(training), ...rowFields(training) },
  stops: training.stops,
  [options.by === undefined || options.by === 'layer' ? 'layers' : 'groups']: rowsOf(training, options).map((row) => ({
    [options.by === undefined || options.by === 'layer' ? 'path' : 'name']: row.name,
    ...rowFields(row),
  })),
});

/** One object, or a list where there are several models. */
export function trainingJson(trainings: readonly Training[], options: TrainingReportOptions): string {
  const all = trainings.map((training) => modelFields(training, options));
  return toJson(all.length === 1 ? all[0] : all);
}
