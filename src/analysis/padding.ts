import { sum } from '../core/exact.ts';
import { operatorOf } from '../operators/registry.ts';
import type { CostRow } from './cost.ts';

/** Of the multiply-accumulates of some layers, how many only padding needs. Worked out when it is asked for. */
export const macsOnPadding = (rows: readonly CostRow[]): bigint =>
  sum(rows.map(({ operator, input, node }) => operatorOf(operator).padding(node.attributes, input)));
