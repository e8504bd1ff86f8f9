import { type Command, Option } from 'commander';
import { GROUPINGS } from '../../analysis/group.ts';
import { TRAINING_TYPES } from '../../analysis/training/memory.ts';
import type { Dataset } from '../../analysis/training/run.ts';
import { type TrainingOptions, train } from '../../analysis/training/step.ts';
import type { Measured } from '../../analysis/training/utilisation.ts';
import { fail } from '../../problems/problem.ts';
import { trainingHtml } from '../../report/training/html.ts';
import type { TrainingReportOptions } from '../../report/training/options.ts';
import { trainingCsv, trainingJson, trainingMarkdown, trainingText } from '../../report/training/training.ts';
import type { Io } from '../io.ts';
import { addModelOptions, eachOf, type ModelOptions, openAll } from '../models.ts';
import { addResultOptions, choiceOption, countOption, EXACT, type ResultOptions, report } from '../options.ts';
import { addTrainingOptions } from '../training-options.ts';

interface RunOptions {
  readonly tokens?: bigint;
  readonly images?: bigint;
  readonly epochs?: number;
  readonly microBatch?: number;
  readonly zero?: string;
  readonly stepTime?: number;
  readonly peak?: bigint;
}

type TrainOptions = ModelOptions & ResultOptions & Omit<TrainingReportOptions, 'zero' | 'measured'> & TrainingOptions & RunOptions;

const formats = { table: trainingText, json: trainingJson, csv: trainingCsv, markdown: trainingMarkdown, html: trainingHtml };

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P'];

/** `15.6T`, `1.28M`, `300B` or a whole number. */
function parseAmount(option: string, text: string): bigint {
  const match = /^(\d{1,15})(?:\.(\d{1,15}))?\s?([kKMGBTP]?)$/.exec(text.trim());
  const [, whole = '', decimals = '', sign = ''] = match ?? [];
  const power = 3 * PREFIXES.indexOf(sign === 'B' ? 'G' : sign === 'K' ? 'k' : sign);
  if (match === null || decimals.length > power || BigInt(whole + decimals) === 0n)
    throw fail('WRONG_VALUE', {
      key: option,
      value: text,
      expected: 'a number of at least 1, with k, M, B, G, T or P behind it if you like',
    });
  return BigInt(whole + decimals) * 10n ** BigInt(power - decimals.length);
}

const amountOption = (flags: string, name: string, description: string): Option =>
  new Option(flags, description).argParser((text) => parseAmount(name, text));

const UNITS: Readonly<Record<string, number>> = { s: 1, ms: 1000 };

/** Seconds: `13.75`, `13.75s` or `1100ms`. */
function parseTime(text: string): number {
  const [, number = '', unit = 's'] = /^(\d{1,9}(?:\.\d{1,9})?)\s?(s|ms)?$/.exec(text.trim()) ?? [];
  const seconds = Number(number) / (UNITS[unit] as number);
  if (seconds === 0) throw fail('WRONG_VALUE', { key: '--step-time', value: text, expected: 'seconds, as in 13.75s or 1100ms' });
  return seconds;
}

/** What a step was measured at: both or nothing. */
function measuredOf({ stepTime, peak }: TrainOptions): Measured | undefined {
  if (stepTime === undefined && peak === undefined) return undefined;
  if (stepTime === undefined) throw fail('MISSING_OPTION', { option: '--step-time', beside: '--peak', example: '--step-time 13.75s' });
  if (peak === undefined) throw fail('MISSING_OPTION', { option: '--peak', beside: '--step-time', example: '--peak 312T' });
  return { seconds: stepTime, peak };
}

/** The batch that runs at once, and how many of them make a step. */
function batches({ batch, microBatch }: TrainOptions): { batch: number | undefined; accumulate: number } {
  if (microBatch === undefined) return { batch, accumulate: 1 };
  const whole = batch ?? microBatch;
  if (whole % microBatch !== 0)
    throw fail('DOES_NOT_DIVIDE', { what: 'inputs of a batch', total: whole, parts: 'micro-batches of', divisor: microBatch });
  return { batch: microBatch, accumulate: whole / microBatch };
}

function amountOf({ tokens, images, epochs = 1 }: TrainOptions): Dataset | undefined {
  if (tokens !== undefined) return { tokens };
  return images === undefined ? undefined : { images, epochs: BigInt(epochs) };
}

export const addTrain = (program: Command, io: Io): Command => {
  const command = program
    .command('train <model...>')
    .description('count what a training step costs, forward and backward, layer by layer')
    .addOption(choiceOption('--by <rows>', 'one row per', GROUPINGS).default(undefined, 'layer'))
    .addOption(
      choiceOption('--dtype <type>', 'type of weights, gradients and activations', Object.keys(TRAINING_TYPES)).default(undefined, 'fp32'),
    )
    .addOption(countOption('--micro-batch <n>', 'inputs that run at once; gradients of the whole batch are added up'))
    .addOption(amountOption('--tokens <n>', '--tokens', 'tokens of a whole run: 15.6T'))
    .addOption(amountOption('--images <n>', '--images', 'images of a whole run: 1.28M'))
    .addOption(countOption('--epochs <n>', 'how often a run sees each image').default(undefined, '1'))
    .addOption(countOption('--data-parallel <n>', 'copies of the model on devices of their own'))
    .addOption(
      choiceOption('--zero <stage>', 'what the copies divide: 1 optimizer state, 2 gradients too, 3 weights too', ['0', '1', '2', '3']),
    )
    .addOption(countOption('--tensor-parallel <n>', 'devices that divide every weight'))
    .addOption(countOption('--pipeline-parallel <n>', 'devices that divide the layers'))
    .option('--sequence-parallel', 'divide activations along the sequence over the devices of --tensor-parallel')
    .addOption(new Option('--step-time <time>', 'what a step took, for MFU and HFU: 13.75s').argParser(parseTime))
    .addOption(amountOption('--peak <n>', '--peak', 'FLOP/s that a device can do at most: 312T'))
    .option(...EXACT);
  addTrainingOptions(command);
  return addResultOptions(addModelOptions(command), formats).action((models: string[], options: TrainOptions) => {
    const { batch, accumulate } = batches(options);
    const { zero, stepTime: _, peak: __, ...others } = options;
    const measured = measuredOf(options);
    const asked = {
      ...others,
      accumulate,
      amount: amountOf(options),
      measured,
      ...(zero !== undefined && { zero: Number(zero) as 0 | 1 | 2 | 3 }),
    };
    const graphs = openAll(eachOf(models, options, io), { ...options, ...(batch !== undefined && { batch }) }, io);
    report(
      graphs.map((graph) => train(graph, asked)),
      formats,
      asked,
      io,
    );
  });
};
