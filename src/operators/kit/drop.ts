import type { Alu } from '../../core/alu.ts';
import { type Tensor, value, ZERO } from '../../core/tensor.ts';

/** Spreads places evenly over 0 to 1: the fractional parts of the multiples of the golden ratio. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Elements times a mask that is 0 for a share of them and 1 / (1 − rate) for the others: one multiply each. Runs of so many elements have
 * the same. The mask follows from the place alone, so that forward and backward have the same.
 */
export function masked({ shape, data }: Tensor, rate: number, run: number, alu: Alu): Tensor {
  if (rate === 0) return { shape, data };
  const y = alu.zeros(shape);
  const keeps = value(rate === 1 ? 0 : 1 / (1 - rate));
  for (let i = 0; i < data.length; i++) {
    const isKept = ((Math.floor(i / run) + 1) * GOLDEN) % 1 >= rate;
    y.data[i] = alu.multiply(data[i], isKept ? keeps : ZERO);
  }
  return y;
}
