import { deviceOf } from '../../analysis/training/devices.ts';
import { backwardOf, type Directions, groupsOf, macsOf } from '../../analysis/training/groups.ts';
import { trainingRun } from '../../analysis/training/run.ts';
import type { Training } from '../../analysis/training/step.ts';
import { utilisation } from '../../analysis/training/utilisation.ts';
import type { Counted } from '../../gradients/counted.ts';
import { renderCsv } from '../kit/csv.ts';
import { headingMarkdown, headingText } from '../kit/heading.ts';
import { toJson } from '../kit/json-text.ts';
import { renderMarkdown } from '../kit/markdown.ts';
import { renderTable, type Screen } from '../kit/terminal.ts';
import { wrap } from '../kit/text.ts';
import { describeTraining } from './notes.ts';
import type { TrainingReportOptions } from './options.ts';
import { trainingTable } from './table.ts';

const LABEL = 13;

export const trainingText = (trainings: readonly Training[], options: TrainingReportOptions, screen: Screen): string =>
  trainings
    .map((training) =>
      [
        headingText(training, screen),
        '',
        renderTable(trainingTable(training, options), screen),
        '',
        ...describeTraining(training, options).map(([label, text]) => wrap(label.padEnd(LABEL) + text, screen.columns, ' '.repeat(LABEL))),
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
        ...describeTraining(training, options).map(([label, text]) => `- ${label}: ${text}`),
      ].join('\n'),
    )
    .join('\n\n');

export const trainingCsv = (trainings: readonly Training[], options: TrainingReportOptions): string =>
  renderCsv(
    ['model', options.by ?? 'layer', 'forward_macs', 'input_gradient_macs', 'weight_gradient_macs', 'step_macs', 'saved_bytes'],
    trainings.flatMap((training) =>
      groupsOf(training, options.by).map((row) => [
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
  const { savedBy: _, alive: __, ...bytes } = memory;
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
    utilisation: options.measured && utilisation(training, options.measured, options),
    run: options.amount && trainingRun(training, options.amount),
    stops,
    [isLayers ? 'layers' : 'groups']: groupsOf(training, options.by).map((row) => ({
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
