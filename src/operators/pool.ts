import { fail } from '../core/problem.ts';
import type { Shape } from '../core/shape.ts';
import { each, elementFactors, type Factor, factor, type Work } from '../core/work.ts';
import { flag, optional, padding, perAxis, withDefault } from './attributes.ts';
import type { Inputs, Sight, Window } from './operator.ts';
import { along, checkSpatial, sights, spatialAxes, type WindowAttributes, wholeWindow, windowAxes } from './window.ts';

/** How many elements become one. */
interface Reduction {
  /** In words, what is done for each element that goes in, and for each that comes out. */
  readonly perTap: string;
  readonly perOutput: string;
  work(taps: readonly Factor[], outputs: readonly Factor[]): Work;
}

/** The greatest: a compare for each element, the first included, from −∞. */
export const maximum: Reduction = {
  perTap: 'One compare per',
  perOutput: '',
  work: (taps) => [each({ compare: 1 }, taps)],
};

/** The mean: an add for each element, the first included, from 0; then a divide. */
export const average: Reduction = {
  perTap: 'One add per',
  perOutput: ', and one divide per output element',
  work: (taps, outputs) => [each({ add: 1 }, taps), each({ divide: 1 }, outputs)],
};

/** What sliding pools have in common. The stride is the kernel where it is not given. */
export const slidingAttributes = {
  kernel: perAxis,
  stride: optional(perAxis),
  padding: withDefault(padding, 0),
  ceil: withDefault(flag, false),
};

/** Checks the input and names every quantity of a sliding pool. */
function slidingGeometry(operator: string, a: WindowAttributes, x: Shape) {
  const axes = windowAxes(operator, { ...a, stride: a.stride ?? a.kernel }, x);
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

/** Pools by a window that slides over `[n, c, …]`. */
export const slidingPool = (operator: string, { perTap, perOutput, work }: Reduction) => ({
  rule: `${perTap} output element and kernel tap, taps on padding included${perOutput}.`,
  shape: (a: WindowAttributes, [x]: Inputs) => slidingGeometry(operator, a, x).output,
  window: (a: WindowAttributes, [x]: Inputs): Window => sights(slidingGeometry(operator, a, x).axes),
  work(a: WindowAttributes, [x]: Inputs): Work {
    const { axes, output } = slidingGeometry(operator, a, x);
    const [batch, ...outputs] = elementFactors(output) as [Factor, ...Factor[]];
    const taps = axes.map((axis) => factor(`k${axis.letter}`, axis.kernel));
    return work([batch, ...taps, ...outputs], [batch, ...outputs]);
  },
});

/** Pools every channel of `[n, c, …]` to one element. */
export const globalPool = (operator: string, { perTap, perOutput, work }: Reduction) => ({
  rule: `${perTap} input element${perOutput}.`,
  shape(_: unknown, [x]: Inputs) {
    checkSpatial(operator, x);
    return x.map((size, axis) => (axis < 2 ? size : 1));
  },
  window: (_: unknown, [x]: Inputs): Window => wholeWindow(x),
  work(_: unknown, [x]: Inputs): Work {
    const elements = elementFactors(x);
    return work(elements, elements.slice(0, 2));
  },
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

/** Pools `[n, c, …]` to a given size. */
export const adaptivePool = (operator: string, { perTap, perOutput, work }: Reduction) => ({
  rule: `${perTap} element of each window${perOutput}; along each axis window i runs from floor(i·in/out) to ceil((i+1)·in/out).`,
  shape: (a: AdaptiveAttributes, [x]: Inputs) => adaptiveGeometry(operator, a, x).output,
  window: (a: AdaptiveAttributes, [x]: Inputs): Window =>
    adaptiveGeometry(operator, a, x)
      .output.slice(2)
      .map((to, axis) => adaptiveSight(x[axis + 2] as number, to)),
  work(a: AdaptiveAttributes, [x]: Inputs): Work {
    const { output, taps } = adaptiveGeometry(operator, a, x);
    const outputs = elementFactors(output);
    return work([...outputs.slice(0, 1), ...taps, ...outputs.slice(1, 2)], outputs);
  },
});
