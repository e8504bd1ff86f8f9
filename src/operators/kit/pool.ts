import type { Alu } from '../../core/alu.ts';
import { eachPlace, placesOf } from '../../core/places.ts';
import { elementCount, type Shape } from '../../core/shape.ts';
import { type Element, type Elements, elementOf, LEAST, type Tensor, ZERO } from '../../core/tensor.ts';
import { each, elementFactors, type Factor, factor, type Work } from '../../core/work.ts';
import { fail } from '../../problems/problem.ts';
import { about, flag, optional, padding, perAxis, withDefault } from './attributes.ts';
import { fill } from './elements.ts';
import { type Alus, type Gradients, type Pass, type Saved, savedInput } from './gradient.ts';
import type { Inputs, Margins, Sight, Tensors, Weights, Window } from './operator.ts';
import { asFarAs, type Extent, upTo } from './reach.ts';
import { walkedAxes, walkedReach } from './walk.ts';
import {
  along,
  checkSpatial,
  marginsOf,
  sights,
  spatialAxes,
  type WindowAttributes,
  type WindowAxis,
  wholeWindow,
  windowAxes,
} from './window.ts';

/** The elements of a window, by their offsets; `OUTSIDE` is on padding. */
interface PooledWindow {
  readonly offsets: readonly number[];
  readonly elements: readonly Element[];
  /** How many of them count for the mean. */
  readonly count: number;
  /** No other window has an element of this one. */
  readonly isAlone: boolean;
}

/** How many elements become one. */
interface Reduction {
  /** In words, what is done for each element that goes in, and for each that comes out. */
  readonly perTap: string;
  readonly perOutput: string;
  work(taps: readonly Factor[], outputs: readonly Factor[]): Work;
  /** Where it starts, and what padding is taken for. */
  readonly start: Element;
  /** Takes one more element in. */
  next(result: Element, element: Element, alu: Alu): Element;
  /** Ends with the result of so many elements. */
  finish(result: Element, count: number, alu: Alu): Element;
  /** What is kept beside the input. */
  keeps(output: Shape): readonly Saved[];
  /** What each element that came out, and each tap, costs backward. */
  back(taps: readonly Factor[], outputs: readonly Factor[]): Work;
  /** Takes the gradient of one output back to the elements of its window. */
  spread(window: PooledWindow, g: Element, to: Elements, alu: Alu, kept: Alu): void;
}

/** The greatest: a compare for each element, the first included, from −∞. */
export const maximum: Reduction = {
  perTap: 'One compare per',
  perOutput: '',
  work: (taps) => [each({ compare: 1 }, taps)],
  start: LEAST,
  next: (greatest, element, alu) => (alu.compare(element, greatest) ? element : greatest),
  finish: (greatest) => greatest,
  // A gradient goes to the greatest, which may be so in several windows.
  keeps: (output) => [{ what: 'indices', shape: output, type: 'int64' }],
  back: (_, outputs) => [each({ add: 1 }, outputs)],
  spread({ offsets, elements }, g, to, alu, kept) {
    let [greatest, found] = [LEAST, offsets[0] as number];
    for (const [i, element] of elements.entries()) if (kept.compare(element, greatest)) [greatest, found] = [element, offsets[i] as number];
    to[found] = alu.add(to[found], g);
  },
};

/** The mean: an add for each element, the first included, from 0; then a divide. */
export const average: Reduction = {
  perTap: 'One add per',
  perOutput: ', and one divide per output element',
  work: (taps, outputs) => [each({ add: 1 }, taps), each({ divide: 1 }, outputs)],
  start: ZERO,
  next: (sum, element, alu) => alu.add(sum, element),
  finish: (sum, count, alu) => alu.divide(sum, elementOf(count)),
  keeps: () => [],
  back: (taps, outputs) => [each({ divide: 1 }, outputs), each({ add: 1 }, taps)],
  spread({ offsets, count, isAlone }, g, to, alu) {
    const share = alu.divide(g, elementOf(count));
    for (const offset of offsets)
      if (isAlone) to[offset] = share;
      else if (offset === OUTSIDE) alu.add(ZERO, share);
      else to[offset] = alu.add(to[offset], share);
  },
};

/** The gradient of a pool: torch keeps the input, of a mean too, whose shape alone is needed. */
const pooled = <A>(
  reduction: Reduction,
  outputOf: (a: A, x: Shape) => Shape,
  workWith: (a: A, x: Shape, work: Reduction['work']) => Work,
) => ({
  saves: (a: A, [x]: readonly Shape[]): readonly Saved[] => [savedInput(0), ...reduction.keeps(outputOf(a, x as Shape))],
  inputs: (a: A, [x]: readonly Shape[]): readonly Work[] => [workWith(a, x as Shape, reduction.back)],
});

/** What sliding pools have in common. The stride is the kernel where it is not given. */
export const slidingAttributes = {
  kernel: about(perAxis, 'Size of the window.'),
  stride: about(optional(perAxis), 'Step between two positions of the window; the kernel unless given.'),
  padding: about(withDefault(padding, 0), 'Added at the edges.'),
  ceil: about(withDefault(flag, false), 'Whether a last window that only partly fits counts.'),
};

type SlidingAttributes = WindowAttributes & { readonly countpad?: boolean };

/** Windows of a pool stand side by side unless said otherwise. */
const sliding = (a: WindowAttributes): WindowAttributes => ({ ...a, stride: a.stride ?? a.kernel });

/** Checks the input and names every quantity of a sliding pool. */
function slidingGeometry(operator: string, a: WindowAttributes, x: Shape) {
  const axes = windowAxes(operator, sliding(a), x);
  for (const { name, span, before, after } of axes) {
    const widest = Math.max(before, after);
    if (widest >= span) {
      const message = `${widest} of padding along the ${name} would hold a whole window of ${span}, which then has nothing to pool. Use less padding or a larger kernel`;
      throw fail('CONTRADICTION', { message }, 'padding');
    }
  }
  const [n, channels] = x as [number, number];
  return { axes, output: [n, channels, ...axes.map((axis) => axis.out)] };
}

/** Where a kernel lays the window of a pool. */
export const poolAxes = (a: WindowAttributes, x: Shape): WindowAxis[] => walkedAxes(sliding(a), x);

/** Where the taps of a window stand along one axis. */
interface Taps {
  readonly places: readonly number[];
  /** How many of them count for the mean. */
  readonly counted: number;
}

/** Along one axis, the taps of every output. */
type TapsAlong = readonly Taps[];

/** Taps on padding stand outside of the axis. Those beyond the padding, as ceil mode has them, never count for the mean. */
const slidingTaps = ({ size, kernel, stride, dilation, before, after, out }: WindowAxis, countsPadding: boolean): TapsAlong =>
  Array.from({ length: out }, (_, position) => {
    const places = Array.from({ length: kernel }, (__, tap) => position * stride + tap * dilation - before);
    const [from, to] = countsPadding ? [-before, size + after] : [0, size];
    return { places, counted: places.filter((place) => place >= from && place < to).length };
  });

/** Pools `[n, c, …]` by windows: each output from all elements where a tap of every axis stands. */
function reduce(x: Tensor, axes: readonly TapsAlong[], { start, next, finish }: Reduction, alu: Alu): Tensor {
  const [n, channels, ...spatial] = x.shape as [number, number, ...number[]];
  return fill([n, channels, ...axes.map((taps) => taps.length)], alu, ([image, channel, ...at]) => {
    const taps = axes.map((along, axis) => along[at[axis] as number] as Taps);
    const first = (image as number) * channels + (channel as number);
    let result = start;
    for (const offset of tapOffsets(first, taps, spatial)) result = next(result, offset === OUTSIDE ? start : x.data[offset], alu);
    const counted = taps.reduce((total, along) => total * along.counted, 1);
    return finish(result, counted, alu);
  });
}

/** The greatest, and where it stands among all elements; the last axis counts first, or the first spatial one. */
export function placesOfGreatest(a: SlidingAttributes, x: Tensor, columns: boolean, alu: Alu): [Tensor, Tensor] {
  const axes = poolAxes(a, x.shape);
  const taps = axes.map((axis) => slidingTaps(axis, true));
  const [n, channels, ...spatial] = x.shape as [number, number, ...number[]];
  const output = [n, channels, ...axes.map(({ out }) => out)];
  const [y, places] = [alu.zeros(output), alu.zeros(output)];
  const size = elementCount(spatial);
  const placeOf = (offset: number): number => (columns ? Math.floor(offset / size) * size + turned(offset % size, spatial) : offset);
  placesOf(output).forEach(([image, channel, ...at], index) => {
    let [greatest, found] = [LEAST, 0];
    const along = taps.map((tap, axis) => tap[at[axis] as number] as Taps);
    for (const offset of tapOffsets((image as number) * channels + (channel as number), along, spatial)) {
      const element = offset === OUTSIDE ? LEAST : x.data[offset];
      if (alu.compare(element, greatest)) [greatest, found] = [element, offset];
    }
    y.data[index] = greatest;
    places.data[index] = elementOf(placeOf(found));
  });
  return [y, places];
}

/** The place of an element if the first axis were the innermost. */
function turned(offset: number, shape: Shape): number {
  let [rest, place] = [offset, 0];
  for (const [axis, size] of [...shape.entries()].toReversed()) {
    place += (rest % size) * elementCount(shape.slice(0, axis));
    rest = Math.floor(rest / size);
  }
  return place;
}

/** The gradients of `reduce`: those of outputs go back to the elements of their windows. */
function reduceBack(
  x: Tensor,
  gradient: Tensor,
  axes: readonly TapsAlong[],
  { start, spread }: Reduction,
  isAlone: boolean,
  alus: Alus,
): Tensor {
  const [n, channels, ...spatial] = x.shape as [number, number, ...number[]];
  const { inputs: alu, kept } = alus;
  const to = alu.zeros(x.shape);
  eachPlace([n, channels, ...axes.map((taps) => taps.length)], ([image, channel, ...at], output) => {
    const taps = axes.map((along, axis) => along[at[axis] as number] as Taps);
    const offsets = tapOffsets((image as number) * channels + (channel as number), taps, spatial);
    const elements = offsets.map((offset) => (offset === OUTSIDE ? start : x.data[offset]));
    const count = taps.reduce((total, along) => total * along.counted, 1);
    spread({ offsets, elements, count, isAlone }, gradient.data[output], to.data, alu, kept);
  });
  return to;
}

/** The kernel of a pool whose windows follow from attributes and the shape of the input. */
const pooledBack =
  <A>(reduction: Reduction, tapsOf: (a: A, x: Shape) => readonly TapsAlong[], isAlone = false) =>
  (a: A, { inputs: [x], gradients: [g] }: Pass, alus: Alus): Gradients => ({
    inputs: [reduceBack(x as Tensor, g as Tensor, tapsOf(a, (x as Tensor).shape), reduction, isAlone, alus)],
    weights: {},
  });

const OUTSIDE = -1;

/** The offsets of all combinations of taps; `OUTSIDE` where one of them stands outside of its axis. */
function tapOffsets(first: number, taps: readonly Taps[], spatial: Shape): number[] {
  let offsets = [first];
  taps.forEach(({ places }, axis) => {
    const size = spatial[axis] as number;
    const longer: number[] = [];
    for (const offset of offsets)
      for (const place of places) longer.push(offset === OUTSIDE || place < 0 || place >= size ? OUTSIDE : offset * size + place);
    offsets = longer;
  });
  return offsets;
}

const slidingTapsOf = (a: SlidingAttributes, x: Shape): TapsAlong[] => poolAxes(a, x).map((axis) => slidingTaps(axis, a.countpad ?? true));

/** Pools by a window that slides over `[n, c, …]`. */
export const slidingPool = (operator: string, reduction: Reduction) => {
  const workWith = (a: WindowAttributes, x: Shape, work: Reduction['work']): Work => {
    const { axes, output } = slidingGeometry(operator, a, x);
    const [batch, ...outputs] = elementFactors(output) as [Factor, ...Factor[]];
    const taps = axes.map((axis) => factor(`k${axis.letter}`, axis.kernel));
    return work([batch, ...taps, ...outputs], [batch, ...outputs]);
  };
  return {
    givesMap: true,
    margins: (a: WindowAttributes, [x]: Inputs): Margins => marginsOf(slidingGeometry(operator, a, x).axes, poolAxes(a, x)),
    rule: `${reduction.perTap} output element and kernel tap, taps on padding included${reduction.perOutput}.`,
    shape: (a: WindowAttributes, [x]: Inputs) => slidingGeometry(operator, a, x).output,
    reach: (a: WindowAttributes, [x]: Inputs): Extent => [...asFarAs(x.slice(0, 2)), ...walkedReach(sliding(a), x)],
    window: (a: WindowAttributes, [x]: Inputs): Window => sights(slidingGeometry(operator, a, x).axes),
    work: (a: WindowAttributes, [x]: Inputs): Work => workWith(a, x, reduction.work),
    gradient: {
      ...pooled(reduction, (a: WindowAttributes, x) => slidingGeometry(operator, a, x).output, workWith),
      run: pooledBack(reduction, slidingTapsOf),
    },
    run: (a: SlidingAttributes, [x]: Tensors, _: Weights, alu: Alu): Tensor => reduce(x, slidingTapsOf(a, x.shape), reduction, alu),
  };
};

/** One window along each axis. */
const wholeTaps = (x: Shape): TapsAlong[] => x.slice(2).map((size) => [{ places: [...new Array(size).keys()], counted: size }]);

/** Pools every channel of `[n, c, …]` to one element. */
export const globalPool = (operator: string, reduction: Reduction) => ({
  givesMap: true,
  rule: `${reduction.perTap} input element${reduction.perOutput}.`,
  shape(_: unknown, [x]: Inputs) {
    checkSpatial(operator, x);
    return x.map((size, axis) => (axis < 2 ? size : 1));
  },
  reach: (_: unknown, [x]: Inputs): Extent => x.map((size, axis) => upTo(axis < 2 ? size : 1)),
  window: (_: unknown, [x]: Inputs): Window => wholeWindow(x),
  work(_: unknown, [x]: Inputs): Work {
    const elements = elementFactors(x);
    return reduction.work(elements, elements.slice(0, 2));
  },
  // Each element is in one window: nothing is added up.
  gradient: {
    ...pooled(
      reduction,
      (_: unknown, x) => x.slice(0, 2),
      () => [],
    ),
    inputs: (_: unknown, [x]: readonly Shape[]): readonly Work[] => [
      reduction.back([], elementFactors(x as Shape).slice(0, 2)).slice(0, 1),
    ],
    run: pooledBack(reduction, (_: unknown, x) => wholeTaps(x), true),
  },
  run: (_: unknown, [x]: Tensors, __: Weights, alu: Alu): Tensor => reduce(x, wholeTaps(x.shape), reduction, alu),
});

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

interface AdaptiveAttributes {
  readonly size: number | readonly number[];
}

/** Checks the input and names every quantity of an adaptive pool. */
function adaptiveGeometry(operator: string, { size }: AdaptiveAttributes, x: Shape) {
  checkSpatial(operator, x);
  const [n, channels, ...spatial] = x as [number, number, ...number[]];
  const names = spatialAxes(x.length);
  const sizes = spatial.map((_, axis) => along('size', size, axis, spatial.length));
  const output = [n, channels, ...sizes];
  // Window i runs from floor(i·in/out) to ceil((i+1)·in/out). All windows together hold in + out − gcd elements: of
  // the out − 1 borders between two windows, gcd − 1 fall between elements, each other one on an element that both hold.
  const taps = spatial.map((from, axis) => {
    const to = sizes[axis] as number;
    const total = from + to - greatestCommonDivisor(from, to);
    if (total > Number.MAX_SAFE_INTEGER) throw fail('DIMENSION_TOO_LARGE', { shape: output }, 'size');
    return factor(`taps ${names[axis]?.letter}`, total);
  });
  return { output, taps };
}

/**
 * The widest window, `ceil((i+1)·from/to) − floor(i·from/to)`; neighbours stand `from / to` apart. i·from mod to takes
 * every multiple of the greatest common divisor below `to`, and the last of them gives the widest.
 */
const adaptiveSight = (from: number, to: number): Sight => ({
  span: 1 + Math.ceil((from - greatestCommonDivisor(from, to)) / to),
  stride: from / to,
});

/** Along one axis, windows that give so many outputs. */
const adaptiveTaps = (size: number, out: number): TapsAlong =>
  Array.from({ length: out }, (_, i) => {
    const [from, to] = [Math.floor((i * size) / out), Math.ceil(((i + 1) * size) / out)];
    return { places: Array.from({ length: to - from }, (__, tap) => from + tap), counted: to - from };
  });

function adaptiveWork(operator: string, a: AdaptiveAttributes, x: Shape, work: Reduction['work']): Work {
  const { output, taps } = adaptiveGeometry(operator, a, x);
  const outputs = elementFactors(output);
  return work([...outputs.slice(0, 1), ...taps, ...outputs.slice(1, 2)], outputs);
}

const adaptiveTapsOf = ({ size }: AdaptiveAttributes, x: Shape): TapsAlong[] =>
  x.slice(2).map((from, axis) => adaptiveTaps(from, along('size', size, axis, x.length - 2)));

/** Pools `[n, c, …]` to a given size. */
export const adaptivePool = (operator: string, reduction: Reduction) => ({
  givesMap: true,
  rule: `${reduction.perTap} element of each window${reduction.perOutput}; along each axis window i runs from floor(i·in/out) to ceil((i+1)·in/out).`,
  shape: (a: AdaptiveAttributes, [x]: Inputs) => adaptiveGeometry(operator, a, x).output,
  reach: ({ size }: AdaptiveAttributes, [x]: Inputs): Extent =>
    x.map((own, axis) => upTo(axis < 2 ? own : along('size', size, axis - 2, x.length - 2))),
  window: (a: AdaptiveAttributes, [x]: Inputs): Window =>
    adaptiveGeometry(operator, a, x)
      .output.slice(2)
      .map((to, axis) => adaptiveSight(x[axis + 2] as number, to)),
  work: (a: AdaptiveAttributes, [x]: Inputs): Work => adaptiveWork(operator, a, x, reduction.work),
  gradient: {
    ...pooled(
      reduction,
      (a: AdaptiveAttributes, x) => adaptiveGeometry(operator, a, x).output,
      (a, x, work) => adaptiveWork(operator, a, x, work),
    ),
    run: pooledBack(reduction, adaptiveTapsOf),
  },
  run: (a: AdaptiveAttributes, [x]: Tensors, _: Weights, alu: Alu): Tensor => reduce(x, adaptiveTapsOf(a, x.shape), reduction, alu),
});
