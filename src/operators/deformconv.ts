import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import { placesOf } from '../core/places.ts';
import { elementCount, type Shape } from '../core/shape.ts';
import { type Element, elementOf, ONE, type Tensor, ZERO } from '../core/tensor.ts';
import { each, type Factor, factor, macs, type Work } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { withBias } from './conv.ts';
import { about, flag, padding, perAxis, positive, withDefault } from './kit/attributes.ts';
import { checkDivides, checkGroups } from './kit/axes.ts';
import { type Alus, GradientSum, type Gradients, inputSums, type Pass, savedInput, weightGradients, weightSum } from './kit/gradient.ts';
import { linearTaps } from './kit/linear-taps.ts';
import { defineOperator, learned } from './kit/operator.ts';
import { asFarAs } from './kit/reach.ts';
import { walkedAxes, walkedReach } from './kit/walk.ts';
import { type WindowAxis, windowAxes } from './kit/window.ts';

const attributes = z.strictObject({
  out: about(positive, 'Output channels: how many filters there are.'),
  kernel: about(perAxis, 'Size of the filters.'),
  stride: about(withDefault(perAxis, 1), 'Step between two positions of the filters.'),
  padding: about(withDefault(padding, 0), 'Zeros added at the edges.'),
  dilation: about(withDefault(perAxis, 1), 'Distance between neighbouring taps of a filter before they are moved.'),
  groups: about(withDefault(positive, 1), 'Parts that the channels are split into, each with its own filters.'),
  offsetgroups: about(withDefault(positive, 1), 'Parts that the input channels are split into, each with its own offsets.'),
  bias: about(withDefault(flag, true), 'Whether a learned bias is added to each output channel.'),
});

type Attributes = z.infer<typeof attributes>;

/** Height, then width. */
const AXES = 2;
/** Of a place between elements. */
const NEIGHBOURS = 4;

/** Checks the inputs and names every quantity. */
function geometry(a: Attributes, [x, offsets, mask]: readonly (Shape | undefined)[]) {
  const input = x as Shape;
  if (input.length !== 4)
    throw fail('WRONG_RANK', { operator: 'deformconv', expected: 'a batch, channels, height and width', shape: input });
  const [n, channels] = input as [number, number];
  const axes = windowAxes('deformconv', a, input) as [WindowAxis, WindowAxis];
  checkGroups(channels, a.out, a.groups);
  checkDivides('input channels', channels, 'offsetgroups', a.offsetgroups);
  const [height, width] = axes;
  const taps = height.kernel * width.kernel;
  const moved = a.offsetgroups * taps;
  for (const [what, given, own] of [
    ['offsets', offsets, AXES * moved],
    ['mask', mask, moved],
  ] as const) {
    const wanted = [n, own, height.out, width.out];
    if (given !== undefined && given.join() !== wanted.join()) {
      const rule = `the ${what} must be ${wanted.join('×')}: ${what === 'mask' ? 'one' : 'a row and a column'} for each tap of ${a.offsetgroups === 1 ? 'the kernel' : 'each offset group'}, at each position`;
      throw fail('SHAPES_DO_NOT_FIT', { operator: 'deformconv', rule, shapes: [input, given] });
    }
  }
  return { n, channels, height, width, taps, output: [n, a.out, height.out, width.out] as const };
}

/** All factors that its work is a product of. */
function factorsOf(a: Attributes, inputs: readonly Shape[]) {
  const { n, channels, height, width, taps, output } = geometry(a, inputs);
  const [batch, out] = [factor('n', n), factor('out', a.out)];
  const positions = [factor('oh', height.out), factor('ow', width.out)];
  const points = [batch, factor('offset groups', a.offsetgroups), factor('taps', taps), ...positions];
  return {
    products: [batch, factor('kh', height.kernel), factor('kw', width.kernel), factor('in/groups', channels / a.groups), ...positions, out],
    biases: [batch, ...positions, out],
    coordinates: [...points, factor('coordinates', AXES)],
    shares: [...points, factor('neighbours', NEIGHBOURS)],
    slopes: [...points, factor('coordinates', AXES), factor('neighbours', NEIGHBOURS)],
    samples: [batch, factor('c', channels), factor('taps', taps), ...positions],
    mixed: [batch, factor('c', channels), factor('taps', taps), ...positions, factor('neighbours', NEIGHBOURS)],
    sampled: [n, channels * taps, height.out, width.out],
    output,
  } satisfies Record<string, readonly Factor[] | Shape>;
}

function workOf(a: Attributes, inputs: readonly Shape[]): Work {
  const factors = factorsOf(a, inputs);
  return [
    macs(factors.products, factors.output),
    each({ add: 2, subtract: 3 }, factors.coordinates),
    each({ multiply: 1 }, factors.shares),
    each({ multiply: 1, add: 1 }, factors.mixed),
    ...(inputs.length > 2 ? [each({ multiply: 1 }, factors.samples)] : []),
    ...(a.bias ? [each({ add: 1 }, factors.biases)] : []),
  ];
}

/** A neighbour of a place: its offset in the image, nowhere if beyond; its share, and the shares along each axis. */
interface Neighbour {
  readonly at: number | undefined;
  readonly share: Element;
  readonly along: readonly [Element, Element];
}

/** A tap at a position, for the channels of one offset group. */
interface Point {
  readonly image: number;
  /** Channels from the first up to the last, not included. */
  readonly first: number;
  readonly last: number;
  readonly tap: number;
  readonly position: number;
  /** Where its row, its column and its mask are among the inputs. */
  readonly row: number;
  readonly column: number;
  readonly mask: number;
  readonly neighbours: readonly Neighbour[];
}

/** Whose neighbour it is along the axes: before or after. */
const CORNERS = placesOf([2, 2]) as [0 | 1, 0 | 1][];

/** Where all taps lie once they are moved. */
function* pointsOf(a: Attributes, x: Shape, offsets: Tensor, alu: Alu): Generator<Point> {
  const [height, width] = walkedAxes(a, x) as [WindowAxis, WindowAxis];
  const [n, channels] = x as [number, number];
  const [taps, positions] = [height.kernel * width.kernel, height.out * width.out];
  const perGroup = channels / a.offsetgroups;
  const placeAlong = ({ stride, dilation, before }: WindowAxis, out: number, tap: number, offset: Element): Element =>
    alu.add(elementOf(out * stride + tap * dilation - before), offset);
  const all = placesOf([n, a.offsetgroups, height.kernel, width.kernel, height.out, width.out]) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ][];
  for (const [image, group, kh, kw, oh, ow] of all) {
    const [tap, position] = [kh * width.kernel + kw, oh * width.out + ow];
    const moved = (image * a.offsetgroups + group) * taps + tap;
    const [row, column] = [2 * moved * positions + position, (2 * moved + 1) * positions + position];
    const down = linearTaps(placeAlong(height, oh, kh, offsets.data[row]), alu);
    const across = linearTaps(placeAlong(width, ow, kw, offsets.data[column]), alu);
    const neighbours = CORNERS.map(([i, j]): Neighbour => {
      const [line, place] = [down[i], across[j]];
      const isInside = line.place >= 0 && line.place < height.size && place.place >= 0 && place.place < width.size;
      return {
        at: isInside ? line.place * width.size + place.place : undefined,
        share: alu.multiply(line.share, place.share),
        along: [line.share, place.share],
      };
    });
    const first = group * perGroup;
    yield { image, first, last: first + perGroup, tap, position, row, column, mask: moved * positions + position, neighbours };
  }
}

/** The mix of the neighbours of a point in one channel; beyond the edges are zeros. */
function mixed(x: Tensor, plane: number, neighbours: readonly Neighbour[], alu: Alu): Element {
  let sum = ZERO;
  for (const { at, share } of neighbours) sum = alu.add(sum, alu.multiply(at === undefined ? ZERO : x.data[plane + at], share));
  return sum;
}

/** What the filters see: `[n, c · taps, positions]`, without a mask. */
function sampledBy(a: Attributes, x: Tensor, offsets: Tensor, positions: number, taps: number, alu: Alu): Tensor {
  const [n, channels, ...sizes] = x.shape as [number, number, ...number[]];
  const columns = alu.zeros([n, channels * taps, positions]);
  for (const { image, first, last, tap, position, neighbours } of pointsOf(a, x.shape, offsets, alu))
    for (let channel = first; channel < last; channel++) {
      const plane = image * channels + channel;
      columns.data[(plane * taps + tap) * positions + position] = mixed(x, plane * elementCount(sizes), neighbours, alu);
    }
  return columns;
}

/** The same, each times its mask. */
function masked(a: Attributes, columns: Tensor, mask: Tensor | undefined, channels: number, taps: number, alu: Alu): Tensor {
  if (mask === undefined) return columns;
  const [n, , positions] = columns.shape as [number, number, number];
  const y = alu.zeros(columns.shape);
  for (const [image, channel, i] of placesOf([n, channels, taps * positions]) as [number, number, number][]) {
    const group = Math.floor(channel / (channels / a.offsetgroups));
    const at = (image * channels + channel) * taps * positions + i;
    y.data[at] = alu.multiply(columns.data[at], mask.data[(image * a.offsetgroups + group) * taps * positions + i]);
  }
  return y;
}

/** The pairs of a filter and what it sees: where its weight, its sample and its output are. */
function eachProduct(
  a: Attributes,
  [n, channels]: readonly [number, number],
  taps: number,
  positions: number,
  visit: (weight: number, sample: number, output: number) => void,
): void {
  const perGroup = channels / a.groups;
  for (const [image, out, position] of placesOf([n, a.out, positions]) as [number, number, number][]) {
    const first = image * channels + Math.floor(out / (a.out / a.groups)) * perGroup;
    for (let i = 0; i < perGroup * taps; i++)
      visit(out * perGroup * taps + i, (first * taps + i) * positions + position, (image * a.out + out) * positions + position);
  }
}

/** What the gradients of the inputs are made from, and where they add up. */
interface Flow {
  readonly toX: GradientSum;
  readonly toOffsets: GradientSum;
  readonly toMask: GradientSum;
  /** What is sampled, before the mask. */
  readonly seen: Tensor;
  /** The gradients of what the filters see, and of what is sampled. */
  readonly toSeen: Tensor;
  readonly unmasked: Tensor;
}

/** The gradients of what one point samples, where it samples, and how it is masked. */
function pointBack(point: Point, x: Tensor, { toX, toOffsets, toMask, seen, toSeen, unmasked }: Flow, taps: number, alu: Alu): void {
  const [, channels, ...sizes] = x.shape as [number, number, ...number[]];
  const [size, positions] = [elementCount(sizes), seen.shape[2] as number];
  const weighed = new GradientSum([NEIGHBOURS], toOffsets.isAsked, alu);
  for (let channel = point.first; channel < point.last; channel++) {
    const plane = point.image * channels + channel;
    const sample = (plane * taps + point.tap) * positions + point.position;
    toMask.scaled(point.mask, toSeen.data[sample], seen.data[sample]);
    const one = unmasked.data[sample];
    for (const [i, { at, share }] of point.neighbours.entries()) {
      const place = plane * size + (at ?? 0);
      toX.scaled(place, one, at === undefined ? ZERO : share);
      weighed.scaled(i, one, at === undefined ? ZERO : x.data[place]);
    }
  }
  if (toOffsets.tensor === undefined || weighed.tensor === undefined) return;
  for (const [axis, at] of [point.row, point.column].entries())
    toOffsets.tensor.data[at] = slopeAlong(axis as 0 | 1, point.neighbours, weighed.tensor, alu);
}

/** The gradients of everything: first those of what filters see, which those of the inputs share. */
function deformedBack(a: Attributes, pass: Pass, { inputs: alu, weights: own, kept }: Alus): Gradients {
  const [x, offsets, mask] = pass.inputs as [Tensor, Tensor, Tensor | undefined];
  const [g, kernel] = [pass.gradients[0], pass.weights.kernel] as [Tensor, Tensor];
  const { n, channels, taps, output } = geometry(
    a,
    pass.inputs.map(({ shape }) => shape),
  );
  const positions = elementCount(output.slice(2));
  const seen = sampledBy(a, x, offsets, positions, taps, kept);
  const kernelSees = masked(a, seen, mask, channels, taps, kept);
  const [toX, toOffsets, toMask = new GradientSum([], false, alu)] = inputSums(pass, alu) as [GradientSum, GradientSum, GradientSum?];
  const [toKernel, toBias] = [weightSum(pass, 'kernel', own), weightSum(pass, 'bias', own)];
  const toSeen = new GradientSum(seen.shape, pass.needs.inputs.includes(true), alu);
  eachProduct(a, [n, channels], taps, positions, (weight, sample, out) => {
    toSeen.product(sample, g.data[out], kernel.data[weight]);
    toKernel.product(weight, g.data[out], kernelSees.data[sample]);
  });
  for (const [i, [, channel]] of placesOf([n, a.out, positions]).entries()) toBias.add(channel as number, g.data[i]);
  const gradients = { inputs: [toX, toOffsets, toMask].slice(0, pass.inputs.length), weights: { kernel: toKernel, bias: toBias } };
  const asResult = (): Gradients => ({ inputs: gradients.inputs.map(({ tensor }) => tensor), weights: weightGradients(gradients.weights) });
  if (toSeen.tensor === undefined) return asResult();
  const unmasked = toX.isAsked || toOffsets.isAsked ? masked(a, toSeen.tensor, mask, channels, taps, alu) : toSeen.tensor;
  const flow = { toX, toOffsets, toMask, seen, toSeen: toSeen.tensor, unmasked };
  for (const point of pointsOf(a, x.shape, offsets, kept)) pointBack(point, x, flow, taps, alu);
  return asResult();
}

/** How the weighed sum of the neighbours changes with a coordinate: those before have less of it, those after more. */
function slopeAlong(axis: 0 | 1, neighbours: readonly Neighbour[], weighed: Tensor, alu: Alu): Element {
  let sum = ZERO;
  for (const [i, { along }] of neighbours.entries()) {
    const sign = CORNERS[i]?.[axis] === 0 ? elementOf(-1) : ONE;
    sum = alu.add(sum, alu.multiply(alu.multiply(weighed.data[i], sign), along[axis === 0 ? 1 : 0]));
  }
  return sum;
}

export const deformconv = defineOperator({
  name: 'deformconv',
  summary:
    'A convolution of images [n, c, h, w] whose taps are moved by the second input: offsets [n, 2 · offsetgroups · taps, h, w] of rows and columns. A third input, a mask [n, offsetgroups · taps, h, w], weighs what is sampled there.',
  attributes,
  rule: 'One multiply-accumulate per output element, input channel of its group and kernel tap, as a convolution; a bias adds once per output element. Samples as gridsample does, in linear mode, without its scale: per coordinate of a tap two adds and three subtracts; per tap and neighbour, of which there are four, one multiply, and per channel one multiply and one add more. A mask multiplies once per channel and tap.',
  source: 'Dai et al. 2017, arXiv:1703.06211; Zhu et al. 2018, arXiv:1811.11168; torchvision.ops.deform_conv2d; ONNX operator DeformConv',
  inputs: { min: 2, max: 3 },
  shape: (a, inputs) => geometry(a, inputs).output,
  reach: (a, [x]) => [...asFarAs([x[0] as number, a.out]), ...walkedReach(a, x)],
  weights(a, inputs) {
    const { channels, height, width } = geometry(a, inputs);
    const kernel = learned([a.out, channels / a.groups, height.kernel, width.kernel]);
    return a.bias ? { kernel, bias: learned([a.out]) } : { kernel };
  },
  givesMap: true,
  window: () => 'apart',
  work: workOf,
  gradient: {
    saves: (_, inputs) => inputs.map((__, index) => savedInput(index)),
    inputs(a, inputs) {
      const factors = factorsOf(a, inputs);
      const mixes = each({ multiply: 1, add: 1 }, factors.mixed);
      const slopes = each({ multiply: 2, add: 1 }, factors.slopes);
      return [[mixes], [mixes, slopes], [each({ multiply: 1, add: 1 }, factors.samples)]].slice(0, inputs.length);
    },
    weights(a, inputs) {
      const { channels, height, width } = geometry(a, inputs);
      const factors = factorsOf(a, inputs);
      const kernel = [macs(factors.products, [a.out, channels / a.groups, height.kernel, width.kernel])];
      return { kernel, ...(a.bias && { bias: [each({ add: 1 }, factors.biases)] }) };
    },
    /** Of what the filters see, before and behind the mask. */
    between(a, inputs, { inputs: needed }) {
      if (!needed.includes(true)) return [];
      const factors = factorsOf(a, inputs);
      const isMasked = inputs.length > 2 && (needed[0] === true || needed[1] === true);
      return [macs(factors.products, factors.sampled), ...(isMasked ? [each({ multiply: 1 }, factors.samples)] : [])];
    },
    run: deformedBack,
  },
  run(a, [x, ...others], { kernel, bias }, alu) {
    const [offsets, mask] = others as unknown as [Tensor, Tensor | undefined];
    const [height, width] = walkedAxes(a, x.shape) as [WindowAxis, WindowAxis];
    const [n, channels] = x.shape as [number, number];
    const [taps, positions] = [height.kernel * width.kernel, height.out * width.out];
    const columns = masked(a, sampledBy(a, x, offsets, positions, taps, alu), mask, channels, taps, alu);
    const y = alu.zeros([n, a.out, height.out, width.out]);
    eachProduct(a, [n, channels], taps, positions, (weight, sample, out) => {
      y.data[out] = alu.multiplyAdd(y.data[out], columns.data[sample], (kernel as Tensor).data[weight]);
    });
    for (const [i, [, channel]] of placesOf([n, a.out, positions]).entries()) y.data[i] = withBias(y.data[i], bias, channel as number, alu);
    return y;
  },
});
