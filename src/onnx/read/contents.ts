import type { Tensor, Weight } from '../../graph/graph.ts';
import { numbersIn, type Value } from './value.ts';

/** What weights and the tensors of constants are made of. Graphs themselves hold no elements: no count depends on them. */
const origins = new WeakMap<Weight | Tensor, Value>();

export function rememberOrigin(held: Weight | Tensor, value: Value): void {
  origins.set(held, value);
}

/**
 * The elements, in row-major order, of a weight or a constant of a graph that `translate` made; `undefined` where the file does not
 * have them, or they are no numbers. Where several layers hold one tensor, they are in the order of the first.
 */
export const contentsOf = (held: Weight | Tensor): readonly number[] | undefined => numbersIn(origins.get(held));
