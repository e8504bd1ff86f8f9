import { deviceOf } from '../../analysis/training/devices.ts';
import { backwardOf, macsOf } from '../../analysis/training/groups.ts';
import { OPTIMIZERS } from '../../analysis/training/optimizers.ts';
import { trainingRun } from '../../analysis/training/run.ts';
import type { Training } from '../../analysis/training/step.ts';
import { utilisation } from '../../analysis/training/utilisation.ts';
import { OPERATIONS } from '../../core/work.ts';
import type { Counted } from '../../gradients/counted.ts';
import { exact, numberFormat, withUnit } from '../kit/number.ts';
import type { TrainingReportOptions } from './options.ts';

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

/** How much of what the devices can do was used. */
function describeUtilisation(training: Training, options: TrainingReportOptions): [string, string][] {
  if (options.measured === undefined) return [];
  const { seconds, peak, devices, modelFlops, hardwareFlops, mfu, hfu } = utilisation(training, options.measured, options);
  const flops = (count: bigint, unit: string) => (options.exact === true ? `${exact(count)} ${unit}` : withUnit(count, unit));
  const line = (share: number, count: bigint): string =>
    `${(100 * share).toFixed(2)}% = ${flops(count, 'FLOP')} / (${seconds} s × ${devices === 1n ? '' : `${devices} × `}${flops(peak, 'FLOP/s')})`;
  return [
    ['MFU', line(mfu, modelFlops)],
    ['HFU', hardwareFlops === modelFlops ? 'the same: nothing is done again' : line(hfu, hardwareFlops)],
    ...(hfu > 1
      ? [
          ['not possible', 'more than 100% of what the devices can do: check the time of a step, the peak and the batch'] satisfies [
            string,
            string,
          ],
        ]
      : []),
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
export function describeTraining(training: Training, options: TrainingReportOptions): [string, string][] {
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
    ...describeUtilisation(training, options),
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
