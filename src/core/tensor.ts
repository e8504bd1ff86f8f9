import type { Shape } from './shape.ts';

declare const opaque: unique symbol;

/**
 * An element of a tensor. A number when it runs, but not by type: kernels can hand it to the counting arithmetic and store
 * it, and nothing else, so that they cannot compute anything in silence. `undefined` stands for what an index could miss.
 */
export type Element = { readonly [opaque]: never } | undefined;

/** The elements of a tensor, the last axis innermost: a `Float32Array` when it runs. */
export interface Elements {
  readonly length: number;
  [index: number]: Element;
}

/** A shape and its elements. */
export interface Tensor {
  readonly shape: Shape;
  readonly data: Elements;
}

/** A number that is known beforehand as an element. There is no way back. */
export const elementOf = (number: number): Element => number as unknown as Element;

export const ZERO = elementOf(0);
export const ONE = elementOf(1);
/**
 * An element that says where another is, as a whole number: indices are no arithmetic that counts, and what is made of them is the
 * place of an element, or another whole number.
 */
export function wholeOf(element: Element): number {
  const number = element as unknown as number;
  return Number.isFinite(number) ? Math.trunc(number) : 0;
}

/** An element that says whether something holds. */
export const isTrue = (element: Element): boolean => (element as unknown as number) !== 0;

/** Less than every other: where a search for the greatest starts. */
export const LEAST = elementOf(Number.NEGATIVE_INFINITY);
/** More than every other. */
export const MOST = elementOf(Number.POSITIVE_INFINITY);

/** A tensor of these numbers. */
export const tensorOf = (shape: Shape, numbers: Float32Array | readonly number[]): Tensor => ({
  shape,
  data: Float32Array.from(numbers) as unknown as Elements,
});

/** The numbers of a tensor that was computed. */
export const numbersOf = ({ data }: Tensor): Float32Array => data as unknown as Float32Array;
