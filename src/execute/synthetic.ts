import { CountingAlu } from '../core/alu.ts';
import { elements, type Shape } from '../core/shape.ts';
import { numbersOf, type Tensor } from '../core/tensor.ts';
import type { Weight } from '../graph/graph.ts';

/** Input and weights that are made up: the same for the same seed, on every machine. */

/** A prime, so that a layer's rows do not all start at the same number. */
const NUMBERS = 65_521;

/** Numbers from −1 to 1, by the generator mulberry32. */
function randomNumbers(seed: number): Float32Array {
  let state = seed | 0;
  return Float32Array.from({ length: NUMBERS }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), 61 | bits);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 31 - 1;
  });
}

/** Far apart, so that the tensors of neighbours share few numbers. */
const STEP = 7919;

/** Makes tensors up. Those with different numbers differ. */
export class Synthesis {
  readonly #numbers: Float32Array;

  constructor(seed: number) {
    this.#numbers = randomNumbers(seed);
  }

  /** Elements from `around − spread` to `around + spread`. */
  tensor(shape: Shape, number: number, around: number, spread: number): Tensor {
    const tensor = new CountingAlu().zeros(shape);
    const data = numbersOf(tensor);
    let next = (number * STEP) % NUMBERS;
    for (let i = 0; i < data.length; i++) {
      data[i] = around + spread * (this.#numbers[next] as number);
      next = next + 1 === NUMBERS ? 0 : next + 1;
    }
    return tensor;
  }

  /** A weight such as keeps what flows through a network of a size. */
  weight({ shape, around }: Weight, number: number): Tensor {
    return this.tensor(shape, number, around, spreadOf(shape));
  }

  /** The elements of the same weight, a chunk at a time. Chunks share their memory. */
  *weightInChunks({ shape, around }: Weight, number: number): Generator<Float32Array> {
    let left = Number(elements(shape));
    // The numbers come again and again in the same order.
    const cycle = numbersOf(this.tensor([Math.min(left, NUMBERS)], number, around, spreadOf(shape)));
    for (; left > 0; left -= cycle.length) yield left < cycle.length ? cycle.subarray(0, left) : cycle;
  }
}

/** Vectors are factors and offsets; a matrix adds up so many products as it has columns, which have a variance of ⅓ each. */
const spreadOf = (shape: Shape): number =>
  shape.length < 2 ? 0.25 : Math.sqrt(3 / shape.slice(1).reduce((total, size) => total * size, 1));
