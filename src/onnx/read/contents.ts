import type { Edge, Weight } from '../../graph/graph.ts';
import { numbersIn, type ReadValue } from './value.ts';

/** What weights and the tensors of constants are made of. Graphs themselves hold no elements: no count depends on them. */
const origins = new WeakMap<Weight | Edge, ReadValue>();

export function rememberOrigin(held: Weight | Edge, value: ReadValue): void {
  origins.set(held, value);
}

/**
 * The elements, in row-major order, of a weight or a constant of a graph that `translate` made; `undefined` where the file does not
 * have them, or they are no numbers. Where several layers hold one tensor, they are in the order of the first.
 */
export const contentsOf = (held: Weight | Edge): readonly number[] | undefined => numbersIn(origins.get(held));
