import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import { offsetOf, placesOf } from '../core/places.ts';
import { elementCount, type Shape } from '../core/shape.ts';
import { type Element, type Elements, elementOf, ONE, type Tensor, wholeOf, ZERO } from '../core/tensor.ts';
import { each, type Factor, factor, type Term } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, flag, oneOf, withDefault } from './kit/attributes.ts';
import { around, inside, mirrored } from './kit/edges.ts';

import { type Alus, GradientSum, type Gradients, inputSums, type Pass, savedInput } from './kit/gradient.ts';
import { linearTaps, type Tap } from './kit/linear-taps.ts';
import { defineOperator } from './kit/operator.ts';
import { asFarAs } from './kit/reach.ts';
import { checkSpatial, spatialAxes } from './kit/window.ts';
import { rounded } from './pointwise.ts';

const attributes = z.strictObject({
  mode: about(withDefault(oneOf('nearest', 'linear', 'cubic'), 'linear'), 'How neighbours are mixed.'),
  padding: about(withDefault(oneOf('zeros', 'border', 'reflection'), 'zeros'), 'What lies beyond the edges of the input.'),
  corners: about(withDefault(flag, false), 'Whether −1 and 1 are the centres of the outermost elements, not their outer edges.'),
});

type Attributes = z.infer<typeof attributes>;

/** How elements are mixed along one axis. */
interface Mode {
  readonly taps: number;
  /** What is done for each coordinate: to make a place of it, and shares of that. */
  readonly perCoordinate: Term['each'];
  tapsAt(place: Element, alu: Alu): readonly Tap[];
  /** What is done for each coordinate to know how the shares of its taps change with its place. */
  readonly slopes: Term['each'];
  slopesAt(place: Element, alu: Alu, kept: Alu): readonly Element[];
}

const TWO = elementOf(2);

/** How far a cubic curve swings over. */
const SWING = -0.75;

const near = (distance: Element, alu: Alu): Element => {
  const inner = alu.subtract(alu.multiply(elementOf(SWING + 2), distance), elementOf(SWING + 3));
  return alu.add(alu.multiply(alu.multiply(inner, distance), distance), ONE);
};

const far = (distance: Element, alu: Alu): Element => {
  const inner = alu.subtract(alu.multiply(elementOf(SWING), distance), elementOf(5 * SWING));
  const middle = alu.add(alu.multiply(inner, distance), elementOf(8 * SWING));
  return alu.subtract(alu.multiply(middle, distance), elementOf(4 * SWING));
};

/** The slopes of these curves: 3(a + 2)d² − 2(a + 3)d, and 3a·d² − 10a·d + 8a. */
const nearSlope = (distance: Element, alu: Alu): Element =>
  alu.multiply(alu.subtract(alu.multiply(elementOf(3 * (SWING + 2)), distance), elementOf(2 * (SWING + 3))), distance);

const farSlope = (distance: Element, alu: Alu): Element => {
  const inner = alu.subtract(alu.multiply(elementOf(3 * SWING), distance), elementOf(10 * SWING));
  return alu.add(alu.multiply(inner, distance), elementOf(8 * SWING));
};

const MODES: { readonly [M in Attributes['mode']]: Mode } = {
  nearest: {
    taps: 1,
    perCoordinate: { multiply: 1, add: 2, subtract: 1 },
    tapsAt: (place, alu) => [{ place: wholeOf(rounded(place, alu)), share: ONE }],
    slopes: {},
    slopesAt: () => [ZERO],
  },
  linear: {
    taps: 2,
    perCoordinate: { multiply: 1, add: 2, subtract: 3 },
    tapsAt: linearTaps,
    slopes: {},
    slopesAt: () => [elementOf(-1), ONE],
  },
  cubic: {
    taps: 4,
    perCoordinate: { multiply: 13, add: 7, subtract: 10 },
    tapsAt(place, alu) {
      const floor = alu.floor(place);
      const [first, rest] = [wholeOf(floor), alu.subtract(place, floor)];
      return [
        { place: first - 1, share: far(alu.add(rest, ONE), alu) },
        { place: first, share: near(rest, alu) },
        { place: first + 1, share: near(alu.subtract(ONE, rest), alu) },
        { place: first + 2, share: far(alu.subtract(TWO, rest), alu) },
      ];
    },
    slopes: { multiply: 8, add: 3, subtract: 8 },
    slopesAt(place, alu, kept) {
      const rest = kept.subtract(place, kept.floor(place));
      return [
        farSlope(alu.add(rest, ONE), alu),
        nearSlope(rest, alu),
        alu.subtract(ZERO, nearSlope(alu.subtract(ONE, rest), alu)),
        alu.subtract(ZERO, farSlope(alu.subtract(TWO, rest), alu)),
      ];
    },
  },
};

/** Mirrored half an element beyond the ends. */
function mirroredBeyond(place: number, size: number): number {
  const there = around(place, 2 * size);
  return there < size ? there : 2 * size - 1 - there;
}

/** The element that stands for one that may be beyond the axis; −1 where none does. */
const PADDINGS: { readonly [P in Attributes['padding']]: (place: number, size: number, corners: boolean) => number } = {
  zeros: (place, size) => (place >= 0 && place < size ? place : -1),
  border: inside,
  reflection: (place, size, corners) => (corners ? mirrored : mirroredBeyond)(place, size),
};

/** Checks that the grid has places for the first input, and gives the shape of what is sampled. */
function sampled(x: Shape, grid: Shape): Shape {
  checkSpatial('gridsample', x);
  if (grid.length !== x.length || grid[0] !== x[0] || grid.at(-1) !== x.length - 2) {
    const rule = 'of an input [n, c, …] the grid must be [n, …, coordinates], with one coordinate for each spatial axis';
    throw fail('SHAPES_DO_NOT_FIT', { operator: 'gridsample', rule, shapes: [x, grid] });
  }
  return [...x.slice(0, 2), ...grid.slice(1, -1)];
}

/** An element of an image, by its offset there, and its share. */
type Neighbour = readonly [offset: number | undefined, share: Element];

/** The elements that are mixed at one point of the grid, the last axis first in its coordinates. */
function neighboursAt({ mode, padding, corners }: Attributes, coordinates: readonly Element[], spatial: Shape, alu: Alu): Neighbour[] {
  const along = spatial.map((size, axis) => {
    // From −1 to 1: between the centres of the last elements, or between their outer ends.
    const [scale, middle] = [elementOf((corners ? size - 1 : size) / 2), elementOf((size - 1) / 2)];
    const place = alu.add(alu.multiply(coordinates[spatial.length - 1 - axis], scale), middle);
    return MODES[mode].tapsAt(place, alu).map((tap) => ({ ...tap, place: PADDINGS[padding](tap.place, size, corners) }));
  });
  return placesOf(along.map(({ length }) => length)).map((at) => {
    const taps = at.map((tap, axis) => along[axis]?.[tap] as Tap);
    const offset = taps.some(({ place }) => place < 0)
      ? undefined
      : offsetOf(
          spatial,
          taps.map(({ place }) => place),
        );
    const [first, ...others] = taps.map(({ share }) => share);
    return [offset, mode === 'nearest' ? ONE : others.reduce((share, other) => alu.multiply(share, other), first)];
  });
}

/** The gradients of the elements and of the grid. */
function sampledBack(a: Attributes, pass: Pass, { inputs: alu, kept }: Alus): Gradients {
  const [x, grid, { data: gradient }] = [pass.inputs[0], pass.inputs[1], pass.gradients[0]] as [Tensor, Tensor, Tensor];
  const [n, channels, ...spatial] = x.shape as [number, number, ...number[]];
  const [toX, toGrid] = inputSums(pass, alu) as [GradientSum, GradientSum];
  const [size, axes] = [elementCount(spatial), spatial.length];
  const points = grid.data.length / (n * axes);
  for (const [image, point] of placesOf([n, points]) as [number, number][]) {
    const start = (image * points + point) * axes;
    const coordinates = spatial.map((_, axis) => grid.data[start + axis]);
    const neighbours = neighboursAt(a, coordinates, spatial, kept);
    // Of each neighbour, the sum over channels of its elements times the gradients.
    const weighed = new GradientSum([neighbours.length], toGrid.isAsked, alu);
    for (const [channel, [i, [offset, share]]] of pairs(channels, neighbours)) {
      const plane = image * channels + channel;
      const one = gradient[plane * points + point];
      // What lies beyond takes part with nothing.
      const [place, factor] = offset === undefined ? [plane * size, ZERO] : [plane * size + offset, share];
      if (a.mode === 'nearest') toX.add(place, offset === undefined ? ZERO : one);
      else toX.scaled(place, one, factor);
      weighed.scaled(i, one, offset === undefined ? ZERO : x.data[place]);
    }
    if (toGrid.tensor === undefined || weighed.tensor === undefined) continue;
    const slopes = slopesOf(a, coordinates, spatial, weighed.tensor.data, alu, kept);
    for (const [axis, slope] of slopes.entries()) toGrid.tensor.data[start + axis] = slope;
  }
  return { inputs: [toX.tensor, toGrid.tensor], weights: {} };
}

/** Every neighbour of every channel. */
const pairs = (channels: number, neighbours: readonly Neighbour[]): [channel: number, [number: number, neighbour: Neighbour]][] =>
  Array.from({ length: channels }, (_, channel) =>
    [...neighbours.entries()].map((one): [number, [number, Neighbour]] => [channel, one]),
  ).flat();

/** How the weighed sum of the neighbours changes with each coordinate: along one axis by the slopes, along the others by the shares. */
function slopesOf(
  { mode, corners }: Attributes,
  coordinates: readonly Element[],
  spatial: Shape,
  weighed: Elements,
  alu: Alu,
  kept: Alu,
): Element[] {
  const along = spatial.map((size, axis) => {
    const [scale, middle] = [elementOf((corners ? size - 1 : size) / 2), elementOf((size - 1) / 2)];
    const place = kept.add(kept.multiply(coordinates[spatial.length - 1 - axis], scale), middle);
    return { scale, taps: MODES[mode].tapsAt(place, kept), slopes: MODES[mode].slopesAt(place, alu, kept) };
  });
  const at = placesOf(along.map(({ taps }) => taps.length));
  return coordinates.map((_, coordinate) => {
    const own = spatial.length - 1 - coordinate;
    let sum = ZERO;
    for (const [i, taps] of at.entries()) {
      const factors = taps.map((tap, axis) => (axis === own ? along[axis]?.slopes[tap] : along[axis]?.taps[tap]?.share));
      const slope = factors.reduce((product, one) => alu.multiply(product, one), weighed[i]);
      sum = alu.add(sum, slope);
    }
    return alu.multiply(sum, along[own]?.scale);
  });
}

export const gridsample = defineOperator({
  name: 'gridsample',
  summary:
    'Sample [n, c, …] at the points of a grid [n, …, coordinates], from −1 at the start of an axis to 1 at its end, the last axis first: nearest, linear or cubic.',
  attributes,
  rule: 'Per coordinate: nearest one multiply, two adds and one subtract; linear one multiply, two adds and three subtracts; cubic 13 multiplies, seven adds and ten subtracts. Per point and neighbour, 2 along each axis for linear and 4 for cubic, one multiply for each axis after the first; per output element and neighbour one multiply and one add. Nearest then only moves elements.',
  source: 'torch.nn.functional.grid_sample; ONNX operator GridSample',
  inputs: { min: 2, max: 2 },
  shape: (_, [x, grid]) => sampled(x, grid as Shape),
  reach: (_, [x, grid]) => asFarAs([...x.slice(0, 2), ...(grid as Shape).slice(1, -1)]),
  work({ mode }, [x, grid]) {
    const [n, channels, ...points] = sampled(x, grid as Shape) as [number, number, ...number[]];
    const { taps, perCoordinate } = MODES[mode];
    const [batch, axes] = [factor('n', n), points.length];
    const grids = points.map((size, axis) => factor((spatialAxes(x.length)[axis] as { letter: string }).letter, size));
    const perPoint = each(perCoordinate, [batch, factor('coordinates', axes), ...grids]);
    if (mode === 'nearest') return [perPoint];
    const neighbours: Factor[] = spatialAxes(x.length).map(({ letter }) => factor(`taps ${letter}`, taps));
    const mixed = each({ multiply: 1, add: 1 }, [batch, ...neighbours, factor('c', channels), ...grids]);
    return axes === 1 ? [perPoint, mixed] : [perPoint, each({ multiply: axes - 1 }, [batch, ...neighbours, ...grids]), mixed];
  },
  window: () => 'apart',
  gradient: {
    saves: () => [savedInput(0), savedInput(1)],
    /** To the elements by their shares. To the grid, which moves nothing to the nearest: by how each share changes with a coordinate. */
    inputs({ mode }, [x, grid]) {
      const { taps, slopes } = MODES[mode];
      const [n, channels, ...points] = sampled(x as Shape, grid as Shape) as [number, number, ...number[]];
      const [batch, axes] = [factor('n', n), points.length];
      const places = points.map((size, axis) => factor(`d${axis}`, size));
      const neighbours = factor('taps', taps ** axes);
      const all = [batch, neighbours, factor('c', channels), ...places];
      if (mode === 'nearest') return [[each({ add: 1 }, all)], 'none'];
      return [
        [each({ multiply: 1, add: 1 }, all)],
        [
          each({ multiply: 1, add: 1 }, all),
          each(slopes, [batch, factor('coordinates', axes), ...places]),
          each({ multiply: axes, add: 1 }, [batch, neighbours, factor('coordinates', axes), ...places]),
          each({ multiply: 1 }, [batch, factor('coordinates', axes), ...places]),
        ],
      ];
    },
    run: sampledBack,
  },
  run(a, [x, second], _, alu) {
    const grid = second as Tensor;
    const [n, channels, ...spatial] = x.shape as [number, number, ...number[]];
    const y = alu.zeros(sampled(x.shape, grid.shape));
    const [size, axes] = [elementCount(spatial), spatial.length];
    const points = grid.data.length / (n * axes);
    for (let image = 0; image < n; image++)
      for (let point = 0; point < points; point++) {
        const coordinates = spatial.map((__, axis) => grid.data[(image * points + point) * axes + axis]);
        const neighbours = neighboursAt(a, coordinates, spatial, alu);
        for (let channel = 0; channel < channels; channel++) {
          const plane = image * channels + channel;
          const elements = neighbours.map(([offset]) => (offset === undefined ? ZERO : x.data[plane * size + offset]));
          let sum = elements[0];
          if (a.mode !== 'nearest') {
            sum = ZERO;
            for (const [i, [, share]] of neighbours.entries()) sum = alu.add(sum, alu.multiply(elements[i], share));
          }
          y.data[plane * points + point] = sum;
        }
      }
    return y;
  },
});
