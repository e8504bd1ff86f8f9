import type { Alu } from '../core/alu.ts';
import { type Element, elementOf, LEAST, ONE, type Tensor, ZERO } from '../core/tensor.ts';
import { countOperations, each, factor } from '../core/work.ts';
import type { Graph } from '../graph/graph.ts';
import { type Counted, sum } from './counted.ts';

/**
 * Cross-entropy over the last axis, its mean over all rows. Forward: the greatest, differences, their exponentials and the sum; per row
 * its log, the difference at the target, and the sum over rows. Backward: shares less one at the target, by the number of rows.
 */
export function lossWork({ outputs }: Pick<Graph, 'outputs'>): Counted {
  return sum(
    outputs.map(({ shape }) => {
      const rows = shape.slice(0, -1).map((size, axis) => factor(`d${axis}`, size));
      const all = [...rows, factor('classes', shape.at(-1) as number)];
      const work = [each({ compare: 1, subtract: 2, exp: 2, add: 1, multiply: 1 }, all), each({ log: 1, subtract: 2, add: 1 }, rows)];
      return { macs: 0n, operations: countOperations(work) };
    }),
  );
}

/** The sum over rows of the cross-entropy of an output, and the gradient of its mean. The target of row i is class i. */
export function lossOf({ shape, data }: Tensor, alu: Alu): { readonly total: Element; readonly gradient: Tensor } {
  const classes = shape.at(-1) as number;
  const rows = data.length / classes;
  const gradient = alu.zeros(shape);
  const share = elementOf(1 / rows);
  let total = ZERO;
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    const target = row % classes;
    let greatest = LEAST;
    for (let i = 0; i < classes; i++) greatest = alu.compare(data[start + i], greatest) ? data[start + i] : greatest;
    let powers = ZERO;
    const differences = Array.from({ length: classes }, (_, i) => {
      const difference = alu.subtract(data[start + i], greatest);
      powers = alu.add(powers, alu.exp(difference));
      return difference;
    });
    const log = alu.log(powers);
    for (const [i, difference] of differences.entries()) {
      const logOfShare = alu.subtract(difference, log);
      const one = alu.exp(logOfShare);
      if (i === target) total = alu.add(total, alu.subtract(ZERO, logOfShare));
      gradient.data[start + i] = alu.multiply(i === target ? alu.subtract(one, ONE) : one, share);
    }
  }
  return { total, gradient };
}
