import { CountingAlu } from '../core/alu.ts';
import { elements, type Shape } from '../core/shape.ts';
import { numbersOf, type Tensor } from '../core/tensor.ts';

/** The elements of a tensor that need not be in memory as often as it has them: from `start` on, the numbers in their order, again and again. */
export interface Elements {
  readonly shape: Shape;
  readonly numbers: Float32Array;
  readonly start: number;
}

/** The elements in their order, in chunks that share their memory. */
export function* chunksOf({ shape, numbers, start }: Elements): Generator<Float32Array> {
  let from = start;
  for (let left = Number(elements(shape)); left > 0; from = 0) {
    const chunk = numbers.subarray(from, from + left);
    yield chunk;
    left -= chunk.length;
  }
}

/**
 * The tensor itself.
 * @throws ProblemError where there is no memory for it.
 */
export function tensorFrom(from: Elements): Tensor {
  const tensor = new CountingAlu().zeros(from.shape);
  const data = numbersOf(tensor);
  let filled = 0;
  for (const chunk of chunksOf(from)) {
    data.set(chunk, filled);
    filled += chunk.length;
  }
  return tensor;
}
