import { countOperations, each, factor } from '../../core/work.ts';
import type { Graph } from '../../graph/graph.ts';
import { type Counted, sum } from './counted.ts';

/**
 * Cross-entropy over the last axis, its mean over all rows. Forward: the greatest, differences, their exponentials and the sum; per row
 * its log, the difference at the target, and the sum over rows. Backward: shares less one at the target, by the number of rows.
 */
export function lossWork({ outputs }: Graph): Counted {
  return sum(
    outputs.map(({ shape }) => {
      const rows = shape.slice(0, -1).map((size, axis) => factor(`d${axis}`, size));
      const all = [...rows, factor('classes', shape.at(-1) as number)];
      const work = [each({ compare: 1, subtract: 2, exp: 2, add: 1, multiply: 1 }, all), each({ log: 1, subtract: 2, add: 1 }, rows)];
      return { macs: 0n, operations: countOperations(work) };
    }),
  );
}
