import { product } from './exact.ts';

/** Sizes of a tensor's axes, outermost first: an image batch is `[n, c, h, w]`. */
export type Shape = readonly number[];

/** Number of elements of a tensor of this shape; 1 for a scalar. */
export const elements = (shape: Shape): bigint => product(shape);

/** The same as a number, for shapes that are in memory: exact below 2^53. */
export const countOf = (shape: Shape): number => shape.reduce((total, size) => total * size, 1);

/** `1×64×112×112`; a scalar is `scalar`. */
export const formatShape = (shape: Shape): string => (shape.length === 0 ? 'scalar' : shape.join('×'));

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((size, axis) => size === b[axis]);

/**
 * The shape two tensors broadcast to, by NumPy's rule: align the last axes; sizes match or one is 1.
 * `undefined` where they do not fit.
 */
export function broadcast(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const x = a[a.length - rank + axis] ?? 1;
    const y = b[b.length - rank + axis] ?? 1;
    if (x !== y && x !== 1 && y !== 1) return undefined;
    shape.push(x === 1 ? y : x);
  }
  return shape;
}
