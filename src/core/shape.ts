import { product } from './exact.ts';

/** Sizes of a tensor's axes, outermost first: an image batch is `[n, c, h, w]`. */
export type Shape = readonly number[];

/** An axis along which two of several shapes have sizes that do not go together. */
export interface Misfit {
  /** From the end, and so negative, where the shapes have different ranks. */
  readonly axis: number;
  /** Which two of the shapes. */
  readonly of: readonly [number, number];
  readonly sizes: readonly [number, number];
}

/** Number of elements of a tensor of this shape; 1 for a scalar. */
export const elements = (shape: Shape): bigint => product(shape);

/** The same as a number, for shapes that are in memory: exact below 2^53. */
export const elementCount = (shape: Shape): number => shape.reduce((total, size) => total * size, 1);

/** `1×64×112×112`; a scalar is `scalar`. */
export const formatShape = (shape: Shape): string => (shape.length === 0 ? 'scalar' : shape.join('×'));

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((size, axis) => size === b[axis]);

/**
 * The shape that tensors broadcast to, by NumPy's rule: align the last axes; sizes match or are 1.
 * `undefined` where they do not fit.
 */
export function broadcast(...shapes: readonly Shape[]): Shape | undefined {
  const rank = Math.max(0, ...shapes.map(({ length }) => length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    const missing = rank - shape.length;
    for (const [axis, size] of shape.entries()) {
      const there = result[missing + axis] as number;
      if (size !== there && size !== 1 && there !== 1) return undefined;
      if (size !== 1) result[missing + axis] = size;
    }
  }
  return result;
}
