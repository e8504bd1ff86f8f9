import type { Analysis, CostRow } from '../../analysis/cost.ts';
import type { Drawing } from '../../analysis/drawing/drawing.ts';
import { ELEMENT_BYTES, type MemoryOptions, memoryOf, weightBytes } from '../../analysis/memory.ts';
import { elements } from '../../core/shape.ts';
import { OPERATIONS } from '../../core/work.ts';

/** What the colour of a box can stand for. */
export const HEATS = {
  macs: 'MACs',
  flops: 'FLOPs',
  parameters: 'parameters',
  activations: 'activations',
  operations: 'operations',
  outputs: 'output bytes',
  weights: 'weight bytes',
  peak: 'peak bytes',
} as const;

export type HeatMetric = keyof typeof HEATS;

const sum = (rows: readonly CostRow[], of: (row: CostRow) => bigint): bigint => rows.reduce((total, row) => total + of(row), 0n);

/** The amount of a metric in some layers of a model. */
export type MetricSum = (rows: readonly CostRow[]) => bigint;

/** How each metric is counted; most are sums, memory is the most that is alive at one time. */
const AMOUNTS: { readonly [M in HeatMetric]: (analysis: Analysis, options: MemoryOptions) => MetricSum } = {
  macs: () => (rows) => sum(rows, ({ macs }) => macs),
  flops: () => (rows) => sum(rows, ({ flops }) => flops),
  parameters: () => (rows) => sum(rows, ({ parameters }) => parameters),
  activations: () => (rows) => sum(rows, ({ activations }) => activations),
  operations: () => (rows) => sum(rows, ({ operations }) => OPERATIONS.reduce((all, kind) => all + (operations[kind] ?? 0n), 0n)),
  outputs:
    (_, { dtype }) =>
    (rows) =>
      sum(rows, ({ output }) => output.reduce((all, shape) => all + elements(shape), 0n) * ELEMENT_BYTES[dtype ?? 'fp32']),
  weights: (_, options) => (rows) => weightBytes(rows, options),
  peak: ({ graph, rows: all }, options) => {
    const { alive } = memoryOf(graph, options);
    const byRow = new Map(all.map((row, index) => [row, alive[index] ?? 0n]));
    return (rows) => rows.reduce((most, row) => ((byRow.get(row) ?? 0n) > most ? (byRow.get(row) as bigint) : most), 0n);
  },
};

export const amountOf = (metric: HeatMetric, analysis: Analysis, options: MemoryOptions = {}): MetricSum =>
  AMOUNTS[metric](analysis, options);

export interface HeatOptions extends MemoryOptions {
  /** What colours stand for; MACs if not given. */
  readonly heat?: HeatMetric | undefined;
}

/** The most of any vertex of any model: all are coloured on one scale. */
export function mostOf(drawings: readonly Drawing[], options: HeatOptions): bigint {
  let most = 0n;
  for (const { analysis, vertices } of drawings) {
    const amount = amountOf(options.heat ?? 'macs', analysis, options);
    for (const { rows } of vertices) {
      const one = amount(rows);
      if (one > most) most = one;
    }
  }
  return most;
}

/** Number of colours for what is more than nothing. */
export const HOTTEST = 9;

/** The colour of an amount: 0 for none, else 1 to 9 by its share of the most. */
export function heatOf(amount: bigint, most: bigint): number {
  if (amount <= 0n || most <= 0n) return 0;
  const step = (amount * BigInt(HOTTEST) + most - 1n) / most;
  return step > BigInt(HOTTEST) ? HOTTEST : Number(step);
}
