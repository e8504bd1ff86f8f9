import { product } from './exact.ts';
import { elements, type Shape } from './shape.ts';

/** The kinds of scalar operation that flopwise tells apart, in the order in which it prints them. */
export const OPERATIONS = [
  'multiply',
  'add',
  'subtract',
  'divide',
  'compare',
  'exp',
  'log',
  'sqrt',
  'tanh',
  'erf',
  'sin',
  'cos',
  'atan',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Exact counts by kind; a kind that does not occur is left out. */
export type OperationCounts = Readonly<Partial<Record<Operation, bigint>>>;

/** One factor of a product, e.g. `{ name: 'kh', value: 7 }`. */
export interface Factor {
  readonly name: string;
  readonly value: number;
}

/** A product of named factors, and the scalar operations done once for each of its points. */
export interface Term {
  /** Operations per point, by kind. */
  readonly each: Readonly<Partial<Record<Operation, number>>>;
  readonly factors: readonly Factor[];
  /** Shape of the sums, where the points are multiply-accumulates; such a term counts as MACs. */
  readonly sums: Shape | undefined;
  /** How many of the points are for pairs of positions that a mask makes useless; none if not given. */
  readonly masked?: bigint;
}

/** What one node computes. */
export type Work = readonly Term[];

const MULTIPLY_ADD = { multiply: 1, add: 1 } as const;

export const factor = (name: string, value: number): Factor => ({ name, value });

/** One multiply-accumulate for each point of the product, summed up to a tensor of shape `sums`; so many of them are masked. */
export const macs = (factors: readonly Factor[], sums: Shape, masked = 0n): Term => ({
  each: MULTIPLY_ADD,
  factors,
  sums,
  ...(masked > 0n && { masked }),
});

/** The given operations for each point of the product. */
export const each = (operations: Term['each'], factors: readonly Factor[]): Term => ({ each: operations, factors, sums: undefined });

const IMAGE_AXES = ['n', 'c', 'h', 'w'];

/** A factor for every axis of a tensor: `n, c, h, w` for an image batch, `n, d1, d2, …` otherwise. */
export const elementFactors = (shape: Shape): Factor[] =>
  shape.map((size, axis) => factor(shape.length === 4 ? (IMAGE_AXES[axis] as string) : axis === 0 ? 'n' : `d${axis}`, size));

/** Number of points of a term: its factors multiplied out. */
export function points(term: Term): bigint {
  let small = 1;
  for (const { value } of term.factors) {
    small *= value;
    if (small > Number.MAX_SAFE_INTEGER) return product(term.factors.map((f) => f.value));
  }
  return BigInt(small);
}

/** Multiply-accumulates of a node's work. */
export function countMacs(work: Work): bigint {
  let total = 0n;
  for (const term of work) if (term.sums !== undefined) total += points(term);
  return total;
}

/** Of the multiply-accumulates of a node's work, those on masked positions. */
export function countMasked(work: Work): bigint {
  let total = 0n;
  for (const { masked } of work) if (masked !== undefined) total += masked;
  return total;
}

/** Elements that a node's multiply-accumulates sum up to: the outputs of its products. */
export function countActivations(work: Work): bigint {
  let total = 0n;
  for (const term of work) if (term.sums !== undefined) total += elements(term.sums);
  return total;
}

/** Scalar operations of a node's work, by kind. */
export function countOperations(work: Work): OperationCounts {
  const counts: Partial<Record<Operation, bigint>> = {};
  for (const term of work) {
    const n = points(term);
    if (n === 0n) continue;
    for (const kind of Object.keys(term.each) as Operation[]) {
      const times = term.each[kind] as number;
      counts[kind] = (counts[kind] ?? 0n) + (times === 1 ? n : BigInt(times) * n);
    }
  }
  return counts;
}
