import { elementCount, type Shape } from '../core/shape.ts';
import type { Weight } from '../graph/graph.ts';
import type { Elements } from './elements.ts';

/** Random input and weights: the same for the same seed, on every machine. */

/**
 * A prime, so that a layer's rows do not all start at the same number; few enough to be made in no time, and to stay in a
 * processor's cache.
 */
const NUMBERS = 4093;

/** Numbers from −1 to 1, by the generator mulberry32. */
function randomNumbers(seed: number): Float32Array {
  const numbers = new Float32Array(NUMBERS);
  let state = seed | 0;
  for (let i = 0; i < NUMBERS; i++) {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), 61 | bits);
    numbers[i] = ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 31 - 1;
  }
  return numbers;
}

/** A number from −1 to 1 as an id below `bound`, which single precision holds. */
function idFrom(one: number, bound: number): number {
  const id = Math.fround(Math.floor(((one + 1) / 2) * bound));
  return id < bound ? id : 0;
}

/** Far apart, so that the tensors of neighbours share few numbers. */
const STEP = 7919;

/** Makes tensors up. Those with different numbers differ. */
export class Synthesis {
  readonly #numbers: Float32Array;
  /** The numbers around others with another spread, or as ids: layers of the same size share them. */
  readonly #scaled = new Map<string, Float32Array>();

  constructor(seed: number) {
    this.#numbers = randomNumbers(seed);
  }

  /** Elements from `around − spread` to `around + spread`. */
  elements(shape: Shape, number: number, around: number, spread: number): Elements {
    return { shape, numbers: this.#scaledTo(around, spread), start: (number * STEP) % NUMBERS };
  }

  /** Whole numbers from 0 to below `bound`. */
  ids(shape: Shape, number: number, bound: number): Elements {
    return { shape, numbers: this.#made(`ids ${bound}`, (one) => idFrom(one, bound)), start: (number * STEP) % NUMBERS };
  }

  /** What an input holds: ids where there is a bound for them. */
  input(shape: Shape, number: number, bound: number | undefined): Elements {
    return bound === undefined ? this.elements(shape, number, 0, 1) : this.ids(shape, number, bound);
  }

  #scaledTo(around: number, spread: number): Float32Array {
    return this.#made(`${around} ${spread}`, (one) => around + spread * one);
  }

  #made(key: string, from: (one: number) => number): Float32Array {
    const there = this.#scaled.get(key);
    if (there !== undefined) return there;
    const made = this.#numbers.map(from);
    this.#scaled.set(key, made);
    return made;
  }

  /** A weight such as keeps what flows through a network of a size. */
  weight({ shape, around, copies }: Weight, number: number): Elements {
    return this.elements(shape, number, around, spreadOf(copies === undefined ? shape : shape.slice(1)));
  }
}

/** Vectors are factors and offsets; a matrix adds up so many products as it has columns, which have a variance of ⅓ each. */
const spreadOf = (shape: Shape): number => (shape.length < 2 ? 0.25 : Math.sqrt(3 / elementCount(shape.slice(1))));
