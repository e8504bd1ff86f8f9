import { elements, type Shape } from '../../core/shape.ts';
import type { Term } from '../../core/work.ts';

/** What an optimizer keeps of each weight, and computes for each element in a step. Weight decay in the gradient is off. */
export interface Optimizer {
  /** Elements that it keeps for a weight; step counts and the like are left out. */
  state(shape: Shape): bigint;
  readonly operations: Term['each'];
  readonly rule: string;
  readonly source: string;
}

const times =
  (count: bigint) =>
  (shape: Shape): bigint =>
    count * elements(shape);

/** Sums over the last and over the last but one axis of what has two; vectors as they are. */
function factored(shape: Shape): bigint {
  if (shape.length < 2) return elements(shape);
  const all = elements(shape);
  return all / BigInt(shape.at(-1) as number) + all / BigInt(shape.at(-2) as number);
}

/** As torch.optim 1.13 (Adafactor: transformers) executes them, one tensor at a time; numbers that are the same for all elements are made once. */
export const OPTIMIZERS = {
  sgd: {
    state: times(0n),
    operations: { multiply: 1, add: 1 },
    rule: 'p += −lr·g',
    source: 'torch.optim.SGD',
  },
  momentum: {
    state: times(1n),
    operations: { multiply: 2, add: 2 },
    rule: 'v = μ·v + g; p += −lr·v',
    source: 'Sutskever et al. 2013; torch.optim.SGD with momentum',
  },
  adam: {
    state: times(2n),
    operations: { multiply: 6, add: 4, divide: 2, sqrt: 1 },
    rule: 'm = β₁·m + (1 − β₁)·g; v = β₂·v + (1 − β₂)·g·g; p += −lr/(1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)',
    source: 'Kingma and Ba 2014, arXiv:1412.6980; torch.optim.Adam',
  },
  adamw: {
    state: times(2n),
    operations: { multiply: 7, add: 4, divide: 2, sqrt: 1 },
    rule: 'p = (1 − lr·λ)·p, then as adam',
    source: 'Loshchilov and Hutter 2017, arXiv:1711.05101; torch.optim.AdamW',
  },
  adafactor: {
    state: factored,
    operations: { multiply: 3, add: 2, subtract: 1, divide: 1 },
    rule: 'second moments as sums over the last two axes, without a first moment; sums of squares for clipping are left out',
    source: 'Shazeer and Stern 2018, arXiv:1804.04235; transformers.Adafactor',
  },
  lion: {
    state: times(1n),
    operations: { multiply: 6, add: 3, subtract: 1, compare: 2 },
    rule: 'p = p − lr·(sign(β₁·m + (1 − β₁)·g) + λ·p); m = β₂·m + (1 − β₂)·g',
    source: 'Chen et al. 2023, arXiv:2302.06675, algorithm 2',
  },
} as const satisfies Readonly<Record<string, Optimizer>>;

export type OptimizerName = keyof typeof OPTIMIZERS;
export const OPTIMIZER_NAMES = Object.keys(OPTIMIZERS) as OptimizerName[];
