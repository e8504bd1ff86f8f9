import * as z from 'zod/mini';
import { eachPlace, offsetOf, type Place } from '../core/places.ts';
import type { Shape } from '../core/shape.ts';
import { elementOf, ZERO } from '../core/tensor.ts';
import { each, elementFactors, type Factor, factor, type Work } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, flag, oneOf, optional, perAxis, real, reals, scale, withDefault } from './kit/attributes.ts';
import { checkEither } from './kit/axes.ts';
import { inside } from './kit/edges.ts';
import { fill } from './kit/elements.ts';
import { addedUp, toInput } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { asFarAs, type Extent, type Reach, reached, upTo } from './kit/reach.ts';
import { along, checkSpatial, spatialAxes } from './kit/window.ts';

/** Where the centre of an output lies among the elements of an axis, as ONNX names it. */
const COORDINATES = [
  'half_pixel',
  'half_pixel_symmetric',
  'pytorch_half_pixel',
  'tf_half_pixel_for_nn',
  'align_corners',
  'asymmetric',
  'crop',
] as const;

const attributes = z.strictObject({
  scale: about(optional(scale), 'Factor for the size of each spatial axis, the result rounded down; either this or size.'),
  size: about(optional(perAxis), 'Size of each spatial axis of the output; either this or scale.'),
  mode: about(withDefault(oneOf('nearest', 'linear', 'cubic'), 'nearest'), 'How neighbours are mixed.'),
  coordinates: about(
    optional(oneOf(...COORDINATES)),
    'Where the centre of an output lies in the input; asymmetric for nearest and half_pixel for others unless given.',
  ),
  rounding: about(withDefault(oneOf('floor', 'ceil', 'prefer_floor', 'prefer_ceil'), 'floor'), 'Which neighbour is the nearest.'),
  swing: about(withDefault(real, -0.75), 'The coefficient of cubic convolution.'),
  exclude: about(withDefault(flag, false), 'Whether neighbours beyond the edges are left out of cubic.'),
  region: about(optional(reals), 'With crop, where each axis starts, then where each ends, as fractions.'),
  beyond: about(withDefault(real, 0), 'With crop, the value of outputs beyond the input.'),
});

/** How many neighbours along each axis an output element is mixed from; nearest only copies one. */
const TAPS = { nearest: 0, linear: 2, cubic: 4 } as const;

/** The shape of the output. */
function resized(a: Pick<Attributes, 'scale' | 'size'>, x: Shape): Shape {
  checkSpatial('upsample', x);
  checkEither('upsample', a, 'scale', 'size');
  const { scale: factors = 1, size: sizes } = a;
  const axes = x.length - 2;
  return x.map((size, axis) => {
    if (axis < 2) return size;
    if (sizes !== undefined) return along('size', sizes, axis - 2, axes);
    const times = along('scale', factors, axis - 2, axes);
    const out = Math.floor(size * times);
    if (out < 1) throw fail('CONTRADICTION', { message: `A scale of ${times} leaves nothing of ${size}. Use a larger one` }, 'scale');
    return out;
  });
}

/** By a factor, as long as the whole of an element is within the input. */
function reachOf({ scale: factors = 1, size: sizes }: Attributes, x: Shape): Extent {
  const axes = x.length - 2;
  const stretched = (size: number, axis: number): Reach =>
    sizes === undefined ? (place) => place + 1 <= size * along('scale', factors, axis, axes) : upTo(along('size', sizes, axis, axes));
  return [...asFarAs(x.slice(0, 2)), ...x.slice(2).map(stretched)];
}

/** An element that an output element is mixed from, and its share: both follow from positions alone. */
interface Neighbour {
  readonly place: number;
  readonly share: number;
}

type Attributes = z.infer<typeof attributes>;

/** One spatial axis. */
interface Axis {
  readonly size: number;
  readonly out: number;
  /** Between the centres of two outputs. */
  readonly step: number;
  /** The part that is taken, as fractions of the axis. */
  readonly region: readonly [start: number, end: number];
}

const halfway = (position: number, step: number): number => (position + 0.5) * step - 0.5;

/** From one end to the other. */
const stretched = (position: number, out: number, first: number, last: number): number =>
  out === 1 ? (first + last) / 2 : first + (position * (last - first)) / (out - 1);

const CENTRES: { readonly [C in (typeof COORDINATES)[number]]: (position: number, axis: Axis) => number } = {
  half_pixel: (position, { step }) => halfway(position, step),
  // Where the output is cut to whole elements, what is cut off is the same on both sides.
  half_pixel_symmetric: (position, { step, size, out }) => halfway(position, step) + (size - out * step) / 2,
  pytorch_half_pixel: (position, { step, out }) => (out === 1 ? 0 : halfway(position, step)),
  tf_half_pixel_for_nn: (position, { step }) => (position + 0.5) * step,
  align_corners: (position, { size, out }) => (out === 1 ? 0 : stretched(position, out, 0, size - 1)),
  asymmetric: (position, { step }) => position * step,
  crop: (position, { size, out, region: [start, end] }) => stretched(position, out, start * (size - 1), end * (size - 1)),
};

const ROUNDINGS: { readonly [R in Attributes['rounding']]: (centre: number) => number } = {
  floor: Math.floor,
  ceil: Math.ceil,
  prefer_floor: (centre) => Math.ceil(centre - 0.5),
  prefer_ceil: (centre) => Math.floor(centre + 0.5),
};

type NeighboursOf = (centre: number, size: number, a: Attributes) => readonly Neighbour[];

/** The share of a neighbour at a distance, by cubic convolution: Keys 1981. The curve swings over by so much. */
function cubicShare(distance: number, swing: number): number {
  const d = Math.abs(distance);
  return d <= 1 ? (swing + 2) * d ** 3 - (swing + 3) * d ** 2 + 1 : swing * (d ** 3 - 5 * d ** 2 + 8 * d - 4);
}

/** Along one axis, the neighbours of a centre. */
const NEIGHBOURS: { readonly [M in keyof typeof TAPS]: NeighboursOf } = {
  nearest: (centre, size, { rounding }) => [{ place: inside(ROUNDINGS[rounding](centre), size), share: 1 }],
  linear(centre, size) {
    const first = Math.floor(centre);
    return [
      { place: inside(first, size), share: 1 - (centre - first) },
      { place: inside(first + 1, size), share: centre - first },
    ];
  },
  /** Those beyond the end are those at the end, or have no share, which the others then have. */
  cubic(centre, size, { swing, exclude }) {
    const first = Math.floor(centre);
    const taps = [-1, 0, 1, 2].map((tap) => {
      const isOut = first + tap < 0 || first + tap >= size;
      return { place: inside(first + tap, size), share: exclude && isOut ? 0 : cubicShare(centre - first - tap, swing) };
    });
    const all = exclude ? taps.reduce((sum, { share }) => sum + share, 0) : 1;
    return taps.map(({ place, share }) => ({ place, share: share / all }));
  },
};

/** For every output along an axis, the element that is nearest. */
export const nearestAlong = (coordinates: (typeof COORDINATES)[number], rounding: Attributes['rounding'], axis: Axis): number[] =>
  Array.from({ length: axis.out }, (_, position) => inside(ROUNDINGS[rounding](CENTRES[coordinates](position, axis)), axis.size));

/** For every output along an axis, its neighbours; nothing where it lies beyond the axis, which only a crop does. */
function neighboursAlong(a: Attributes, axis: Axis): (readonly Neighbour[] | undefined)[] {
  const coordinates = a.coordinates ?? (a.mode === 'nearest' ? 'asymmetric' : 'half_pixel');
  return Array.from({ length: axis.out }, (_, position) => {
    const centre = CENTRES[coordinates](position, axis);
    const isBeyond = coordinates === 'crop' && (centre < 0 || centre > axis.size - 1);
    return isBeyond ? undefined : NEIGHBOURS[a.mode](centre, axis.size, a);
  });
}

/** All is computed alike, whether it lies beyond or not. */
const NOWHERE: Neighbour = { place: 0, share: 0 };

/** The neighbours along all axes together, by their offset in the whole tensor. */
function combined(shape: Shape, first: readonly number[], axes: readonly (readonly Neighbour[])[]): readonly Neighbour[] {
  let result: readonly Neighbour[] = [{ place: offsetOf(shape.slice(0, 2), first), share: 1 }];
  axes.forEach((neighbours, axis) => {
    const size = shape[axis + 2] as number;
    result = result.flatMap((one) => neighbours.map(({ place, share }) => ({ place: one.place * size + place, share: one.share * share })));
  });
  return result;
}

/** What each output is mixed of, and whether it lies beyond the input. */
function sourcesAlong(
  a: Attributes,
  x: Shape,
  output: Shape,
): (at: Place) => { readonly neighbours: readonly Neighbour[]; readonly isBeyond: boolean } {
  const axes = x.slice(2).map((size, index) => {
    const out = output[index + 2] as number;
    const step = a.scale === undefined ? size / out : 1 / along('scale', a.scale, index, x.length - 2);
    const region = [a.region?.[index] ?? 0, a.region?.[index + x.length - 2] ?? 1] as const;
    return neighboursAlong(a, { size, out, step, region });
  });
  return ([image, channel, ...at]) => {
    const whole = axes.map((positions, axis) => positions[at[axis] as number]);
    const known = whole.map((neighbours) => neighbours ?? new Array<Neighbour>(Math.max(1, TAPS[a.mode])).fill(NOWHERE));
    return { neighbours: combined(x, [image as number, channel as number], known), isBeyond: whole.includes(undefined) };
  };
}

/** What goes forward to each output from its neighbours comes back to them. */
const mixedBack = (a: Attributes, x: Shape): Work => (a.mode === 'nearest' ? addedUp(resized(a, x)) : mixing(a, x));

/** One multiply and one add for each neighbour of each output. */
function mixing(a: Attributes, x: Shape): Work {
  const taps = TAPS[a.mode];
  if (taps === 0) return [];
  const [batch, ...elements] = elementFactors(resized(a, x)) as [Factor, ...Factor[]];
  const neighbours = spatialAxes(x.length).map(({ letter }) => factor(`taps ${letter}`, taps));
  return [each({ multiply: 1, add: 1 }, [batch, ...neighbours, ...elements])];
}

export const upsample = defineOperator({
  name: 'upsample',
  summary:
    'Resize the spatial axes of [n, c, …] by a scale or to a size: nearest, linear (bilinear for images) or cubic. Where outputs lie among elements no count depends on: coordinates, asymmetric for nearest and half_pixel for others if not given, and rounding to the nearest; swing and exclude of cubic; of crop the region, as a fraction of each axis where it starts and where it ends, and what is beyond.',
  attributes,
  rule: 'One multiply and one add per output element and neighbour: 2 along each axis for linear, 4 for cubic; nearest only moves elements. The weights of the neighbours come from positions alone.',
  source: 'torch.nn.Upsample; ONNX operator Resize',
  shape: (a, [x]) => resized(a, x),
  reach: (a, [x]) => reachOf(a, x),
  work: (a, [x]) => mixing(a, x),
  window(a, [x]) {
    const output = resized(a, x);
    return x.slice(2).map((size, axis) => ({ span: Math.max(1, TAPS[a.mode]), stride: size / (output[axis + 2] as number) }));
  },
  gradient: {
    inputs: (a, [x]) => [mixedBack(a, x as Shape)],
    run: toInput((a, { x: { shape }, g }, alu) => {
      const to = alu.zeros(shape);
      const output = resized(a, shape);
      const sourcesOf = sourcesAlong(a, shape, output);
      eachPlace(output, (at, offset) => {
        const { neighbours, isBeyond } = sourcesOf(at);
        const gradient = isBeyond ? ZERO : g.data[offset];
        for (const { place, share } of neighbours)
          to.data[place] = alu.add(to.data[place], a.mode === 'nearest' ? gradient : alu.multiply(gradient, elementOf(share)));
      });
      return to;
    }),
  },
  run(a, [x], _, alu) {
    const output = reached(reachOf(a, x.shape));
    const sourcesOf = sourcesAlong(a, x.shape, output);
    return fill(output, alu, (at) => {
      const { neighbours, isBeyond } = sourcesOf(at);
      if (a.mode === 'nearest') return isBeyond ? elementOf(a.beyond) : x.data[(neighbours[0] as Neighbour).place];
      let sum = ZERO;
      for (const { place, share } of neighbours) sum = alu.add(sum, alu.multiply(x.data[place], elementOf(share)));
      return isBeyond ? elementOf(a.beyond) : sum;
    });
  },
});
