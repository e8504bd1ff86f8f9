import type { Shape } from '../../core/shape.ts';

/**
 * How far an operation reaches, by its definition: it is asked of one place after another along each axis of its outputs whether
 * there is an element, until there is none. Formulas of operators work shapes out at once. Neither uses the other, so that a
 * mistake in one is seen when the two are compared.
 */

/** Whether an output has an element at a place along one of its axes. */
export type Reach = (place: number) => boolean;

/** Of every axis of an output. */
export type Extent = readonly Reach[];

/** As far as an axis of an input does, or as an attribute states. */
export const upTo =
  (size: number): Reach =>
  (place) =>
    place < size;

/** As far as a tensor, along every axis. */
export const asFarAs = (shape: Shape): Extent => shape.map(upTo);

/** Wherever each of the inputs has an element, or repeats its only one, and any has one of its own: NumPy's broadcasting. */
export function jointly(shapes: readonly Shape[]): Extent {
  const rank = Math.max(0, ...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, axis): Reach => {
    const sizes = shapes.flatMap((shape) => shape[shape.length - rank + axis] ?? []);
    return (place) => sizes.every((size) => size === 1 || place < size) && sizes.some((size) => place < size);
  });
}

/** One axis after another taken as one: as far as the outermost, for each that are within. */
export const merged = ([outer = 1, ...inner]: Shape): Reach => {
  const within = inner.reduce((all, size) => all * size, 1);
  return (place) => within > 0 && Math.floor(place / within) < outer;
};

/** The shape, found place by place. */
export const reached = (extent: Extent): Shape =>
  extent.map((has) => {
    let size = 0;
    while (has(size)) size++;
    return size;
  });
