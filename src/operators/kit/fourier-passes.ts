import type { Shape } from '../../core/shape.ts';
import type { Transform } from './fourier.ts';

/**
 * How a transform is carried out. A prediction works this out in closed form (`../fft.ts`); here places are gone through one by one, so
 * that a kernel finds by itself which products there are.
 */

export type Norm = 'backward' | 'forward' | 'ortho';

/** What a transform is asked for. */
export interface Asked {
  readonly axes: number | readonly number[];
  readonly inverse: boolean;
  readonly takes?: 'real' | 'complex' | undefined;
  readonly gives?: 'real' | 'complex' | undefined;
  readonly onesided: boolean;
  readonly length?: number | undefined;
  readonly norm: Norm;
}

/** What each sum is multiplied by. */
export const SCALES: Readonly<Record<Norm, (length: number, inverse: boolean) => number>> = {
  backward: (length, inverse) => (inverse ? 1 / length : 1),
  forward: (length, inverse) => (inverse ? 1 : 1 / length),
  ortho: (length) => 1 / Math.sqrt(length),
};

/** How many places there are from 0 on. */
function placesWhile(holds: (place: number) => boolean): number {
  let place = 0;
  while (holds(place)) place++;
  return place;
}

/** How many samples the half of a spectrum stands for: the first bin and the last are their own mirrors. */
function mirrored(bins: number): number {
  let samples = 0;
  for (let bin = 0; bin < bins; bin++) samples += bin === 0 || bin === bins - 1 ? 1 : 2;
  return samples;
}

/** Which numbers come in and go out, as far as nothing says so: spectra are complex. */
const pairs = (stated: 'real' | 'complex' | undefined, unless: boolean): 1 | 2 =>
  (stated === undefined ? unless : stated === 'complex') ? 2 : 1;

const withParts = (shape: Shape, parts: 1 | 2): Shape => (parts === 2 ? [...shape, 2] : shape);

/** How long the transform along an axis is, and how many samples and bins it goes through. */
function extentOf({ inverse, onesided, length: stated }: Asked, size: number, isLast: boolean) {
  const [isFolded, isHalf] = [onesided && !inverse && isLast, onesided && inverse && isLast];
  const length = (isLast ? stated : undefined) ?? (isHalf ? mirrored(size) : size);
  const samples = placesWhile((place) => place < size && (isHalf ? 2 * place <= length : place < length));
  return { length, samples, bins: placesWhile((bin) => (isFolded ? 2 * bin <= length : bin < length)), isHalf };
}

/** One pass for each axis: the last one first, the inverse goes back. */
export function passesOf(asked: Asked, x: Shape): readonly Transform[] {
  const { inverse, norm } = asked;
  let from = pairs(asked.takes, inverse);
  let shape = from === 2 ? x.slice(0, -1) : x;
  const named = typeof asked.axes === 'number' ? [asked.axes] : asked.axes;
  const todo = named.map((axis) => (axis < 0 ? axis + shape.length : axis));
  const last = todo.at(-1);
  const passes: Transform[] = [];
  for (;;) {
    const axis = inverse ? todo.shift() : todo.pop();
    if (axis === undefined) return passes;
    const extent = extentOf(asked, shape[axis] as number, axis === last);
    const to = todo.length > 0 ? 2 : pairs(asked.gives, !(inverse && asked.onesided));
    const input = withParts(shape, from);
    shape = shape.with(axis, extent.bins);
    passes.push({ ...extent, axis, from, to, inverse, factor: SCALES[norm](extent.length, inverse), input, output: withParts(shape, to) });
    from = to;
  }
}
