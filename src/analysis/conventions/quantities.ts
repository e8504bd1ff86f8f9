import { product, sum } from '../../core/exact.ts';
import { elements, type Shape } from '../../core/shape.ts';
import { countOperations, type Factor, OPERATIONS, type Operation, points } from '../../core/work.ts';
import { WAYS, WAYS_IN_WORDS, type Written } from '../../graph/written.ts';
import { type Products, productsOf } from '../../operators/fft.ts';
import { tapsOnPadding } from '../../operators/kit/padding.ts';
import type { Recurrence } from '../../operators/kit/recurrence.ts';
import { spatialWindow, type WindowAttributes, windowAxes } from '../../operators/kit/window.ts';
import { operators } from '../../operators/registry.ts';
import type { CostRow } from '../cost.ts';
import { macsOnPadding } from '../padding.ts';
import { networkFacts } from './network-facts.ts';

/** A number that a rule may use. */
export interface Quantity {
  readonly means: string;
  of(row: CostRow): bigint;
}

const first = (shapes: readonly Shape[]): Shape => shapes[0] ?? [];

/** Axes before the spatial ones. */
const MATRIX = 2;

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
const taps = (row: CostRow): bigint => product(tapsAlong(row));

const tapsAlong = ({ work }: CostRow): number[] =>
  (work[0]?.factors ?? []).filter(({ name }) => /^k[dhw]$/.test(name)).map(({ value }) => value);

const learned = ({ weights }: CostRow): bigint =>
  sum(Object.values(weights).flatMap(({ shape, learned: counts }) => (counts ? [elements(shape)] : [])));

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

/** A factor of its products, or 1. */
const factorOf = ({ work }: CostRow, name: string): bigint =>
  BigInt(work.flatMap(({ factors }) => factors).find((factor) => factor.name === name)?.value ?? 1);

/** The size of an axis of one of the inputs; the last input that there is stands for those that are not. */
const axisOf = ({ input }: CostRow, index: number, axis: number): bigint => BigInt(input[Math.min(index, input.length - 1)]?.at(axis) ?? 1);

/** Of a recurrent layer: its units, in all layers, directions and steps. */
const cells = ({ work }: CostRow): bigint =>
  sum(work.filter(({ each, factors }) => each.tanh !== undefined && factors.some(isStep)).map(points));

const isStep = ({ name }: Factor): boolean => name === 'steps';

/** Its products but those of a projection. */
const gateMacs = ({ work }: CostRow): bigint =>
  sum(work.filter(({ sums, factors }) => sums !== undefined && factors.some(({ name }) => name === 'gates')).map(points));

/** The same if it had no projection: states are then as wide as there are units. */
function unprojected(row: CostRow): bigint {
  const { operator, input, node } = row;
  if (operator !== 'recurrent') return 0n;
  const { projection: _, ...plain } = node.attributes as Recurrence;
  return sum(operators.recurrent.work(plain as never, [first(input)]).flatMap((term) => (term.sums === undefined ? [] : [points(term)])));
}

/** The parts of a Fourier transform, one for each axis. */
const transforms = ({ operator, node, input }: CostRow): readonly Products[] =>
  operator === 'fft' ? productsOf(node.attributes as Parameters<typeof productsOf>[0], first(input)) : [];

const floorOfLog = (value: number): bigint => BigInt(BigInt(value).toString(2).length - 1);

/** Elements that go into a Fourier transform, complex ones once. */
function fourierElements(row: CostRow): bigint {
  const [first] = transforms(row);
  return first === undefined ? 0n : elements(first.input) / BigInt(first.from);
}

/** Positions that a query of attention reaches: all keys, or a window of them. */
function reachOf(row: CostRow): bigint {
  const [keys, window] = [factorOf(row, 'keys'), attribute(row, 'window')];
  return typeof window === 'number' && window < keys ? BigInt(window) : keys;
}

/** Of its own parameters, those of a table that rows are looked up in. */
const lookedUp = ({ macs, parameters, weights, graph }: CostRow): bigint =>
  macs === 0n && Object.values(weights).some((weight) => networkFacts(graph).tables.has(weight.of ?? weight)) ? parameters : 0n;

/** Elements of weights that it multiplies with, and others look up. */
function tied({ macs, weights, graph }: CostRow): bigint {
  const { tables } = networkFacts(graph);
  const shared = Object.values(weights).filter((weight) => weight.learned && tables.has(weight.of ?? weight));
  return macs > 0n ? sum(shared.map(({ shape }) => elements(shape))) : 0n;
}

/** Positions of a plain convolution with the same window, which may come out below 1. */
function plainPositions(row: CostRow): bigint {
  const attributes = row.node.attributes as Partial<WindowAttributes>;
  if (attributes.kernel === undefined) return 1n;
  const axes = spatialWindow(
    row.operator,
    attributes as WindowAttributes,
    first(row.input),
    ({ size, before, after, span, stride }) => Math.floor((size + before + after - span) / stride) + 1,
  );
  return product(axes.map(({ out }) => out));
}

interface PoolAttributes extends WindowAttributes {
  readonly countpad?: boolean;
}

/** Elements in all windows of a pool: with padding if it counts, never what hangs over it. */
function inWindows(row: CostRow): bigint {
  const attributes = row.node.attributes as Partial<PoolAttributes>;
  const [terms] = row.work;
  if (attributes.kernel === undefined) return terms === undefined ? 0n : points(terms);
  const { kernel, stride = kernel, countpad = true } = attributes;
  const axes = windowAxes(row.operator, { ...attributes, kernel, stride }, first(row.input)).map((axis) =>
    countpad ? { ...axis, size: axis.size + axis.before + axis.after, before: 0 } : axis,
  );
  const taps = product(axes.flatMap(({ out, kernel: along }) => [out, along]));
  const outside = tapsOnPadding(
    axes,
    ({ out }) => out,
    ({ size }) => size,
  );
  return product(first(row.input).slice(0, MATRIX)) * (taps - outside);
}

/** The size of the kernel along one of its spatial axes, counted from the last if it is negative. */
const kernelAlong = (row: CostRow, axis: number): bigint => {
  const kernel = (attribute(row, 'kernel') ?? tapsAlong(row)) as number | readonly number[] | undefined;
  return BigInt(typeof kernel === 'object' ? (kernel.at(axis) ?? 1) : (kernel ?? 1));
};

/** The sizes that are asked for, multiplied out as they are written. */
function sizeAsked(row: CostRow): bigint {
  const size = attribute(row, 'size');
  return size === undefined ? 0n : Array.isArray(size) ? product(size) : BigInt(size as number);
}

/** What runs in vector units of their own, so that some count it apart. */
const TRANSCENDENTAL = ['exp', 'log', 'sqrt', 'tanh', 'erf', 'sin', 'cos', 'atan'] as const satisfies readonly Operation[];

const transcendental = (row: CostRow): bigint => sum(TRANSCENDENTAL.map((kind) => row.operations[kind] ?? 0n));

const all = ({ work }: CostRow): bigint => sum(Object.values(countOperations(work)));

/** Scalar operations by kind. */
const byKind = Object.fromEntries(
  OPERATIONS.map((kind) => [kind, { means: `scalar operations of the kind ${kind}`, of: ({ operations }) => operations[kind] ?? 0n }]),
) as Readonly<Record<Operation, Quantity>>;

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
  channels: { means: 'size of the second axis of the input', of: (row) => axisOf(row, 0, 1) },
  out_channels: { means: 'size of the second axis of the output', of: ({ output }) => BigInt(first(output)[1] ?? 1) },
  out_features: { means: 'size of the last axis of the output', of: ({ output }) => BigInt(first(output).at(-1) ?? 1) },
  features: { means: 'size of the last axis of the input', of: ({ input }) => BigInt(first(input).at(-1) ?? 1) },
  positions: {
    means: 'elements of the output in one channel of one of the batch',
    of: ({ output }) => product(first(output).slice(MATRIX)),
  },
  input_positions: {
    means: 'elements of the input in one channel of one of the batch',
    of: ({ input }) => product(first(input).slice(MATRIX)),
  },
  plain_positions: { means: 'the same of the output that a convolution with this window, not transposed, would have', of: plainPositions },
  queries: { means: 'positions that attend', of: (row) => factorOf(row, 'queries') },
  keys: { means: 'positions that are attended to', of: (row) => factorOf(row, 'keys') },
  reach: { means: 'of these, the most that one position attends to: a window, or all', of: reachOf },
  key_features: { means: 'size of the last axis of the second input, or the first if there is one', of: (row) => axisOf(row, 1, -1) },
  value_features: { means: 'size of the last axis of the third input, or the last of those there are', of: (row) => axisOf(row, 2, -1) },
  length: { means: 'size of the axis that it goes along, the last unless it says otherwise', of: alongAxis },
  axes: { means: 'number of spatial axes', of: ({ input }) => BigInt(Math.max(first(input).length - 2, 0)) },
  macs: { means: 'multiply-accumulates of convolutions, linear layers and matrix products', of: ({ macs }) => macs },
  projections: { means: 'multiply-accumulates with matrices of weights', of: projected },
  products: { means: 'multiply-accumulates of matrices that are both computed', of: multipliedTogether },
  scores: { means: 'elements that a softmax goes over', of: scores },
  operations: { means: 'scalar operations of all kinds', of: all },
  ...byKind,
  transcendental: { means: 'of these, exp, log, sqrt, tanh, erf, sin, cos and atan', of: transcendental },
  padded: {
    means: 'multiply-accumulates of which one factor is padding, or the product is cropped away',
    of: (row) => macsOnPadding([row]),
  },
  parameters: { means: 'elements of its learned weights', of: learned },
  own: { means: 'of these, those that no layer before it has', of: ({ parameters }) => parameters },
  active: {
    means: 'of its own parameters, those that a token goes through: all but those of other experts',
    of: ({ activeParameters }) => activeParameters,
  },
  looked_up: { means: 'of its own parameters, those of an embedding', of: lookedUp },
  tied: { means: 'elements of weights that it multiplies with and an embedding has too', of: tied },
  tokens: { means: 'ids that the network is given, in the whole batch', of: ({ graph }) => networkFacts(graph).tokens },
  width: { means: 'features of the embedding that ids are looked up in', of: ({ graph }) => networkFacts(graph).width },
  router: {
    means: '1 for a layer by which experts are chosen, else 0',
    of: ({ graph, node }) => truth(networkFacts(graph).routers.has(node)),
  },
  head: {
    means: '1 for the layer that gives a score for each word, else 0',
    of: ({ graph, node }) => truth(networkFacts(graph).head === node),
  },
  masked: { means: 'multiply-accumulates for pairs of positions that a mask makes useless', of: ({ masked }) => masked },
  bias: { means: '1 with a bias, else 0', of: ({ weights }) => truth(Object.keys(weights).some((role) => role.endsWith('bias'))) },
  affine: { means: '1 with a learned scale and shift, else 0', of: ({ weights }) => truth(weights.scale !== undefined) },
  kernel: { means: 'taps of the kernel', of: taps },
  kernel_first: { means: 'taps of the kernel along its first axis', of: (row) => kernelAlong(row, 0) },
  kernel_last: { means: 'taps of the kernel along its last axis', of: (row) => kernelAlong(row, -1) },
  windows: { means: 'elements in all windows of a pool, with the padding that counts', of: inWindows },
  stride: { means: 'positions that a stride skips: the strides of all axes multiplied', of: (row) => alongAxes(row, 'stride') },
  groups: { means: 'groups of a convolution', of: (row) => BigInt((attribute(row, 'groups') as number | undefined) ?? 1) },
  cells: { means: 'units of a recurrent layer, in each step, direction and layer', of: cells },
  gate_macs: { means: 'multiply-accumulates of its gates, without a projection', of: gateMacs },
  unprojected: { means: 'multiply-accumulates that a recurrent layer would have without its projection', of: unprojected },
  fourier_elements: { means: 'elements that go into a Fourier transform, complex ones once', of: fourierElements },
  fourier_axes: { means: 'axes of a Fourier transform', of: (row) => BigInt(transforms(row).length) },
  fourier_logs: {
    means: 'logarithms to base 2 of the lengths of a Fourier transform, each rounded down, multiplied',
    of: (row) => transforms(row).reduce((all, { length }) => all * floorOfLog(length), 1n),
  },
  gates: { means: 'gates of a recurrent cell', of: (row) => factorOf(row, 'gates') },
  heads: { means: 'heads of attention', of: (row) => factorOf(row, 'heads') },
  size: { means: 'sizes that are asked for, multiplied out; 0 where there are none', of: sizeAsked },
  lstm: { means: '1 for an LSTM, else 0', of: (row) => truth(attribute(row, 'cell') === 'lstm') },
  gru: { means: '1 for a GRU, else 0', of: (row) => truth(attribute(row, 'cell') === 'gru') },
  add_or_mul: {
    means: '1 where what it does is add or multiply, else 0',
    of: (row) => truth(['add', 'multiply'].includes((attribute(row, 'operation') as string | undefined) ?? row.operator)),
  },
  nearest: { means: '1 where it resizes to the nearest element, else 0', of: (row) => truth(attribute(row, 'mode') === 'nearest') },
  linear: { means: '1 where it resizes linearly, else 0', of: (row) => truth(attribute(row, 'mode') === 'linear') },
  cubic: { means: '1 where it resizes by cubics, else 0', of: (row) => truth(attribute(row, 'mode') === 'cubic') },
  ...writing,
} as const satisfies Readonly<Record<string, Quantity>>;

export type QuantityName = keyof typeof quantities;
export const quantityNames = Object.keys(quantities) as QuantityName[];
export const isQuantity = (name: string): name is QuantityName => Object.hasOwn(quantities, name);
