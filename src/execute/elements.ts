import { CountingAlu } from '../core/alu.ts';
import type { Shape } from '../core/shape.ts';
import { numbersOf, type Tensor } from '../core/tensor.ts';

/** The elements of a tensor that need not be in memory as often as it has them: from `start` on, the numbers in their order, again and again. */
export interface Elements {
  readonly shape: Shape;
  readonly numbers: Float32Array;
  readonly start: number;
}

/**
 * The tensor itself.
 * @throws ProblemError where there is no memory for it.
 */
export function tensorFrom({ shape, numbers, start }: Elements): Tensor {
  const tensor = new CountingAlu().zeros(shape);
  const data = numbersOf(tensor);
  let filled = Math.min(numbers.length - start, data.length);
  data.set(numbers.subarray(start, start + filled));
  while (filled < data.length) {
    const more = numbers.subarray(0, data.length - filled);
    data.set(more, filled);
    filled += more.length;
  }
  return tensor;
}
