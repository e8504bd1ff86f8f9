import type { Analysis, CostRow } from '../../analysis/cost.ts';
import { elements } from '../../core/shape.ts';
import type { Weight } from '../../graph/graph.ts';

const heldBy = ({ weights }: CostRow): Weight[] =>
  Object.values(weights)
    .filter(({ learned }) => learned)
    .map((weight) => weight.of ?? weight);

/** Of some layers, the parameters that a layer before them, and not among them, holds too: they count there. */
export function sharedParameters({ rows }: Analysis): (some: readonly CostRow[]) => bigint {
  const first = new Map<Weight, CostRow>();
  for (const row of rows) for (const weight of heldBy(row)) if (!first.has(weight)) first.set(weight, row);
  return (some) => {
    const inside = new Set(some);
    const shared = new Set(some.flatMap(heldBy).filter((weight) => !inside.has(first.get(weight) as CostRow)));
    return [...shared].reduce((sum, { shape }) => sum + elements(shape), 0n);
  };
}
