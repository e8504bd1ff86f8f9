import { sameShape } from '../core/shape.ts';
import type { Weight } from './graph.ts';

/** Weights whose elements are there once, whoever holds them and in whatever shape. A key stands for the elements. */
export class SharedWeights<Key> {
  readonly #made = new Map<Key, Weight[]>();

  /** The first weight with these elements, where there is one. */
  first(key: Key): Weight | undefined {
    return this.#made.get(key)?.[0];
  }

  /** The weight with these elements and this shape, which must have as many elements as those before. */
  of(key: Key, wanted: Weight): Weight {
    const made = this.#made.get(key) ?? [];
    const there = made.find(({ shape, learned }) => sameShape(shape, wanted.shape) && learned === wanted.learned);
    if (there !== undefined) return there;
    const weight = { ...wanted, ...(made[0] !== undefined && { of: made[0] }) };
    this.#made.set(key, [...made, weight]);
    return weight;
  }
}
