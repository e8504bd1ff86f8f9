import { rowsBy } from '../../analysis/group.ts';
import { macsOf } from '../../analysis/training/groups.ts';
import type { AliveBytes, TrainingMemoryOptions } from '../../analysis/training/memory.ts';
import type { Training } from '../../analysis/training/step.ts';
import type { TrainingRow } from '../../gradients/work.ts';
import { exact, withUnit } from '../kit/number.ts';
import type { NamedX, Plot, PlotPoint, Series } from '../plots/plot.ts';

/** What stands on each other in a place, from the bottom up, by name. */
type Stack = readonly (readonly [name: string, value: bigint])[];

/** Series that stand on each other, place by place. */
function stacked(stacks: readonly Stack[], titles: readonly string[], look: Series['look'], unit: string): Series[] {
  const heights = stacks.map(() => 0n);
  return (stacks[0] ?? []).map(([name], layer) => ({
    name,
    look,
    points: stacks.map((stack, x): PlotPoint => {
      const [base, value] = [heights[x] as bigint, stack[layer]?.[1] ?? 0n];
      heights[x] = base + value;
      return { x, y: Number(base + value), base: Number(base), title: `${titles[x]}, ${name}: ${exact(value)} ${unit}` };
    }),
  }));
}

/** Where the stages of a model begin. */
function stagesOf({ rows }: Training): NamedX[] {
  const placeOf = new Map(rows.map((row, index) => [row, index]));
  return [...rowsBy(rows, 'stage')].map(([name, [first]]) => ({ name, x: (first && placeOf.get(first)) ?? 0 }));
}

const workOf = ({ forward, inputGradient, weightGradient }: TrainingRow): Stack => [
  ['forward', forward.macs],
  ['gradients of inputs', inputGradient.macs],
  ['gradients of weights', weightGradient.macs],
];

/** Multiply-accumulates of each layer, forward and backward on each other. */
export const workPlot = (training: Training): Plot => ({
  title: `What a training step of ${training.name} computes: ${withUnit(macsOf(training), 'MAC')}`,
  x: { label: 'layers in execution order', isLog: false, most: training.rows.length, places: stagesOf(training) },
  panels: [
    {
      label: 'MACs',
      isLog: false,
      series: stacked(
        training.rows.map(workOf),
        training.rows.map(({ path }) => path),
        'bars',
        'MACs',
      ),
    },
  ],
});

const bytesOf = ({ standing, weightGradients, activations, activationGradients }: AliveBytes): Stack => [
  ['weights and the optimizer’s state', standing],
  ['gradients of weights', weightGradients],
  ['activations', activations],
  ['gradients of activations', activationGradients],
];

/** Bytes over the step: forward through all layers, the loss, back again, and the update. */
export function memoryPlot({ name, rows, memory }: Training, { dtype = 'fp32' }: TrainingMemoryOptions): Plot {
  const { alive, peak, peakAt } = memory;
  const count = rows.length;
  const titles = alive.map((_, moment) => momentName(moment, count, (index) => rows[index]?.path ?? ''));
  const totals = alive.map(bytesOf).map((stack) => stack.reduce((sum, [, value]) => sum + value, 0n));
  const at = totals.indexOf(peak);
  // The last moment lasts as long as any other.
  const last = alive.at(-1);
  const all = last === undefined ? [] : [...alive, last];
  return {
    title: `Memory over a training step of ${name}`,
    x: {
      label: 'forward, loss, backward and update, layer by layer',
      isLog: false,
      most: all.length - 1,
      places: [
        { name: 'forward', x: 0 },
        { name: 'backward', x: count },
      ],
    },
    panels: [
      {
        label: `bytes (${dtype})`,
        isLog: false,
        series: stacked(all.map(bytesOf), [...titles, titles.at(-1) ?? ''], 'layers', 'bytes'),
        mark: { x: at, y: Number(peak), text: `${withUnit(peak, 'B')}${peakAt.path === '' ? '' : ` at ${peakAt.path}`}` },
      },
    ],
  };
}

/** What is done at a moment of the step. */
function momentName(moment: number, count: number, pathOf: (index: number) => string): string {
  if (moment < count) return `${pathOf(moment)} forward`;
  if (moment === count) return 'loss';
  return moment > 2 * count ? 'update' : `${pathOf(2 * count - moment)} backward`;
}
