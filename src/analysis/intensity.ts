import { elements } from '../core/shape.ts';
import type { CostRow } from './cost.ts';
import { ELEMENT_BYTES, type MemoryOptions, weightBytes } from './memory.ts';

/**
 * Bytes that a layer moves at least: what it reads, what it holds and what it writes, each once.
 * Source: Williams, Waterman and Patterson 2009, Roofline: an insightful visual performance model for multicore architectures.
 */
export function bytesMoved({ input, output, node }: CostRow, options: MemoryOptions = {}): bigint {
  const bytes = ELEMENT_BYTES[options.dtype ?? 'fp32'];
  const tensors = [...input, ...output].reduce((sum, shape) => sum + elements(shape), 0n);
  return tensors * bytes + weightBytes([node], options);
}

/** Multiply-accumulates for each byte that a layer moves; `undefined` where it has none of either. */
export function intensityOf(row: CostRow, options: MemoryOptions = {}): number | undefined {
  const bytes = bytesMoved(row, options);
  return row.macs === 0n || bytes === 0n ? undefined : Number((row.macs * 1_000_000n) / bytes) / 1e6;
}
