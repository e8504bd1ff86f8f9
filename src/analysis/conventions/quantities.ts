import { product, sum } from '../../core/exact.ts';
import { elements, type Shape } from '../../core/shape.ts';
import { countOperations, points } from '../../core/work.ts';
import { WAYS, WAYS_IN_WORDS, type Written } from '../../graph/written.ts';
import type { CostRow } from '../cost.ts';

/** A number that a rule may use. */
export interface Quantity {
  readonly means: string;
  of(row: CostRow): bigint;
}

const first = (shapes: readonly Shape[]): Shape => shapes[0] ?? [];

const truth = (holds: boolean): bigint => (holds ? 1n : 0n);

const attribute = (row: CostRow, name: string): unknown => (row.node.attributes as Readonly<Record<string, unknown>>)[name];

/** An attribute that is one number for all spatial axes, or one per axis, multiplied out. */
function alongAxes(row: CostRow, name: string): bigint {
  const value = attribute(row, name) ?? 1;
  const axes = Math.max(first(row.input).length - 2, 0);
  return product(Array.isArray(value) ? value : new Array<number>(axes).fill(value as number));
}

/** The size of the axis that an attribute names. */
const alongAxis = (row: CostRow): bigint => BigInt(first(row.input).at((attribute(row, 'axis') as number | undefined) ?? -1) ?? 1);

/** The factors of its products that are sizes of the kernel. */
const taps = ({ work }: CostRow): bigint =>
  product((work[0]?.factors ?? []).filter(({ name }) => /^k[dhw]$/.test(name)).map(({ value }) => value));

const learned = ({ weights }: CostRow): bigint =>
  sum(Object.values(weights).flatMap(({ shape, learned: counts }) => (counts ? [elements(shape)] : [])));

const MATRIX = 2;

/** Multiply-accumulates with a matrix of weights: what its weights but the biases have, at each position. */
const projected = (row: CostRow): bigint => row.macs - multipliedTogether(row);

/** The terms that multiply what flows, not weights: they have a factor for heads, or there are no weights. */
const multipliedTogether = ({ work, weights }: CostRow): bigint =>
  sum(
    work
      .filter(
        ({ sums, factors }) => sums !== undefined && (Object.keys(weights).length === 0 || factors.some(({ name }) => name === 'heads')),
      )
      .map(points),
  );

const scores = ({ work }: CostRow): bigint => sum(work.filter(({ each }) => each.exp !== undefined).map(points));

/** Ways of writing a layer, as quantities: 1 for the way it is written, 0 for the others. */
const writing = Object.fromEntries(
  WAYS.map((way) => [
    way,
    { means: `1 where it is written as ${WAYS_IN_WORDS[way]}; else 0`, of: ({ node }) => truth(node.written === way) },
  ]),
) as Readonly<Record<Written, Quantity>>;

/** All that rules can use. */
export const quantities = {
  i: { means: 'elements of the input, the first of several', of: ({ input }) => elements(first(input)) },
  o: { means: 'elements of the output, the first of several', of: ({ output }) => elements(first(output)) },
  inputs: { means: 'number of inputs', of: ({ input }) => BigInt(input.length) },
  batch: { means: 'size of the first axis', of: ({ input }) => BigInt(first(input)[0] ?? 1) },
  rank: { means: 'number of axes of the input', of: ({ input }) => BigInt(first(input).length) },
  features: { means: 'size of the last axis of the input', of: ({ input }) => BigInt(first(input).at(-1) ?? 1) },
  positions: {
    means: 'elements of the output in one channel of one of the batch',
    of: ({ output }) => product(first(output).slice(MATRIX)),
  },
  input_positions: {
    means: 'elements of the input in one channel of one of the batch',
    of: ({ input }) => product(first(input).slice(MATRIX)),
  },
  length: { means: 'size of the axis that it goes along, the last unless it says otherwise', of: alongAxis },
  axes: { means: 'number of spatial axes', of: ({ input }) => BigInt(Math.max(first(input).length - 2, 0)) },
  macs: { means: 'multiply-accumulates of convolutions, linear layers and matrix products', of: ({ macs }) => macs },
  projections: { means: 'multiply-accumulates with matrices of weights', of: projected },
  products: { means: 'multiply-accumulates of matrices that are both computed', of: multipliedTogether },
  scores: { means: 'elements that a softmax goes over', of: scores },
  operations: { means: 'scalar operations of all kinds', of: ({ work }) => sum(Object.values(countOperations(work))) },
  parameters: { means: 'elements of its learned weights', of: learned },
  bias: { means: '1 with a bias, else 0', of: ({ weights }) => truth(Object.keys(weights).some((role) => role.endsWith('bias'))) },
  affine: { means: '1 with a learned scale and shift, else 0', of: ({ weights }) => truth(weights.scale !== undefined) },
  kernel: { means: 'taps of the kernel', of: taps },
  stride: { means: 'positions that a stride skips: the strides of all axes multiplied', of: (row) => alongAxes(row, 'stride') },
  groups: { means: 'groups of a convolution', of: (row) => BigInt((attribute(row, 'groups') as number | undefined) ?? 1) },
  nearest: { means: '1 where it resizes to the nearest element, else 0', of: (row) => truth(attribute(row, 'mode') === 'nearest') },
  linear: { means: '1 where it resizes linearly, else 0', of: (row) => truth(attribute(row, 'mode') === 'linear') },
  cubic: { means: '1 where it resizes by cubics, else 0', of: (row) => truth(attribute(row, 'mode') === 'cubic') },
  ...writing,
} as const satisfies Readonly<Record<string, Quantity>>;

export type QuantityName = keyof typeof quantities;
export const quantityNames = Object.keys(quantities) as QuantityName[];
export const isQuantity = (name: string): name is QuantityName => Object.hasOwn(quantities, name);
