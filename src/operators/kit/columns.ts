import { product } from '../../core/exact.ts';
import { eachPlace, offsetOf } from '../../core/places.ts';
import type { Shape } from '../../core/shape.ts';
import { placeOn } from './walk.ts';
import { threeAxes, type WindowAxis } from './window.ts';

/** Images as columns: `[n, c · taps, positions]`, all that a sliding window sees at a position in one column. */

/** How many elements a window of one channel has. */
export const tapsOf = (axes: readonly WindowAxis[]): number => Number(product(axes.map(({ kernel }) => kernel)));

/** The columns of an image `[n, c, …]`. */
export const columnsShape = ([n, channels]: Shape, axes: readonly WindowAxis[]): Shape => [
  n as number,
  (channels as number) * tapsOf(axes),
  Number(product(axes.map(({ out }) => out))),
];

/** Visits all elements of the columns: where each is, and where in the image; nowhere if on padding. */
export function eachInColumns(
  [n, channels]: Shape,
  axes: readonly WindowAxis[],
  visit: (column: number, place: number | undefined) => void,
): void {
  const [depth, height, width] = threeAxes(axes);
  const taps = [depth.kernel, height.kernel, width.kernel];
  const image = [n as number, channels as number, depth.size, height.size, width.size];
  eachPlace([n as number, channels as number, ...taps, depth.out, height.out, width.out], ([i, c, kd, kh, kw, od, oh, ow], column) => {
    const d = placeOn(depth, od as number, kd as number);
    const h = placeOn(height, oh as number, kh as number);
    const w = placeOn(width, ow as number, kw as number);
    const isInside = d !== undefined && h !== undefined && w !== undefined;
    visit(column, isInside ? offsetOf(image, [i as number, c as number, d, h, w]) : undefined);
  });
}
