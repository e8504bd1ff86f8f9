import type { Alu } from '../../core/alu.ts';
import { type Element, elementOf, type Tensor, ZERO } from '../../core/tensor.ts';

/** Spreads places evenly over 0 to 1: the fractional parts of the multiples of the golden ratio. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** What an element is multiplied by: 0 for a share of all places, 1 / (1 − rate) for the others. It follows from the place alone. */
export const maskAt = (place: number, rate: number): Element =>
  ((place + 1) * GOLDEN) % 1 >= rate ? elementOf(rate === 1 ? 0 : 1 / (1 - rate)) : ZERO;

/**
 * Elements times a mask: one multiply each. Runs of so many elements have the same. Forward and backward have the same mask.
 */
export function masked({ shape, data }: Tensor, rate: number, run: number, alu: Alu): Tensor {
  if (rate === 0) return { shape, data };
  const y = alu.zeros(shape);
  for (let i = 0; i < data.length; i++) y.data[i] = alu.multiply(data[i], maskAt(Math.floor(i / run), rate));
  return y;
}
