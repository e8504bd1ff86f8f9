import type { Shape } from '../../core/shape.ts';
import { merged, type Reach } from './reach.ts';
import { along, spatialAxes, type WindowAttributes, type WindowAxis } from './window.ts';

/**
 * Where kernels lay windows: found step by step, where `window.ts` works it out. Neither uses the other, so that a mistake in one is
 * seen when what ran is compared with what was predicted.
 */

/** How far the last tap is from the first. */
function reachOf(kernel: number, dilation: number): number {
  let reach = 0;
  for (let tap = 1; tap < kernel; tap++) reach += dilation;
  return reach;
}

/** Elements are added one by one, on one side and the other in turn, until a window fits at every multiple of the stride. */
function addedSides(size: number, stride: number, reach: number, startsAfter: boolean): [before: number, after: number] {
  let last = 0;
  while (last + stride < size) last += stride;
  const sides: [number, number] = [0, 0];
  let isAfter = startsAfter;
  while (sides[0] + sides[1] + size <= last + reach) {
    sides[isAfter ? 1 : 0]++;
    isAfter = !isAfter;
  }
  return sides;
}

function sidesOf({ padding = 0 }: WindowAttributes, index: number, axes: number, walk: Walk): [before: number, after: number] {
  if (padding === 'valid') return [0, 0];
  if (padding === 'same' || padding === 'same_lower') return addedSides(walk.size, walk.stride, walk.reach, padding === 'same');
  const sides = Array.isArray(padding) ? padding[index % axes] : padding;
  return typeof sides === 'number' ? [sides, sides] : (sides as [number, number]);
}

interface Walk {
  readonly size: number;
  readonly stride: number;
  readonly reach: number;
}

/** How often a window is laid down before it would go over the padding; with `ceil`, once more where some is left over for it. */
function laidDown({ size, stride, reach }: Walk, [before, after]: readonly [number, number], ceil: boolean): number {
  const end = size + after;
  let [count, start, covered] = [0, -before, -before];
  while (start + reach < end) {
    covered = start + reach + 1;
    start += stride;
    count++;
  }
  return ceil && covered < end && start < size ? count + 1 : count;
}

/** How many places products fall on, those that are cropped left out. */
function spreadOver({ size, stride, reach }: Walk, [before, after]: readonly [number, number], extra: number): number {
  let furthest = 0;
  for (let element = 0, place = 0; element < size; element++, place += stride) furthest = place + reach;
  let count = 0;
  for (let place = before; place <= furthest + extra - after; place++) count++;
  return count;
}

function walked(
  a: WindowAttributes,
  shape: Shape,
  outputs: (walk: Walk, sides: readonly [number, number], index: number) => number,
): WindowAxis[] {
  const names = spatialAxes(shape.length);
  return names.map(({ name, letter }, index) => {
    const size = shape[index + 2] as number;
    const kernel = along('kernel', a.kernel, index, names.length);
    const stride = along('stride', a.stride ?? 1, index, names.length);
    const dilation = along('dilation', a.dilation ?? 1, index, names.length);
    const reach = reachOf(kernel, dilation);
    const sides = sidesOf(a, index, names.length, { size, stride, reach });
    const [before, after] = sides;
    const out = outputs({ size, stride, reach }, sides, index);
    return { name, letter, size, kernel, stride, dilation, span: reach + 1, before, after, out };
  });
}

/** The axes of a window that slides over `[n, c, …]`. */
export const walkedAxes = (a: WindowAttributes, shape: Shape): WindowAxis[] =>
  walked(a, shape, (walk, sides) => laidDown(walk, sides, a.ceil ?? false));

/** The axes of a window that every element of `[n, c, …]` is spread by. */
export const spreadAxes = (a: WindowAttributes, extra: number | readonly number[], shape: Shape): WindowAxis[] =>
  walked(a, shape, (walk, sides, index) => spreadOver(walk, sides, along('outputpadding', extra, index, shape.length - 2)));

/** How far an axis reaches that is walked along when a place is first asked for: a walk takes as many steps as there are windows. */
const reachAlong = (shape: Shape, axes: () => readonly WindowAxis[]): Reach[] => {
  let found: readonly WindowAxis[] | undefined;
  return shape.slice(2).map((_, index): Reach => {
    return (place) => {
      found ??= axes();
      return place < (found[index] as WindowAxis).out;
    };
  });
};

/** Where a tap of an output lies along an axis; nowhere if on padding. */
export function placeOn({ stride, dilation, before, size }: WindowAxis, out: number, tap: number): number | undefined {
  const place = out * stride + tap * dilation - before;
  return place >= 0 && place < size ? place : undefined;
}

/** All positions of a sliding window taken as one axis. */
export function walkedPositions(a: WindowAttributes, shape: Shape): Reach {
  let within: Reach | undefined;
  return (place) => {
    within ??= merged(walkedAxes(a, shape).map(({ out }) => out));
    return within(place);
  };
}

/** How far the outputs of a sliding window reach. */
export const walkedReach = (a: WindowAttributes, shape: Shape): Reach[] => reachAlong(shape, () => walkedAxes(a, shape));

/** How far what a window spreads reaches. */
export const spreadReach = (a: WindowAttributes, extra: number | readonly number[], shape: Shape): Reach[] =>
  reachAlong(shape, () => spreadAxes(a, extra, shape));
