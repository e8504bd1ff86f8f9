import type { Weight } from '../../graph/graph.ts';
import type { Analysis, CostRow } from '../cost.ts';

/** Products of whole numbers that add up to a total of the walker. */
export type NumberProducts = readonly (readonly number[])[];

/** A batch of one is left out, as on paper. */
const macProducts = (row: CostRow): NumberProducts =>
  row.work
    .filter((term) => term.sums !== undefined)
    .map(({ factors }) => factors.filter(({ name, value }) => name !== 'n' || value !== 1).map(({ value }) => value));

/** Shapes of the learned weights, shared ones where they first occur. */
function parameterProducts({ rows }: Analysis): NumberProducts {
  const weights = new Set<Weight>(rows.flatMap((row) => Object.values(row.weights)));
  return [...weights].filter(({ learned }) => learned).map(({ shape }) => shape);
}

/** The totals that are sums of products, and the products of each. */
export const productsOf = {
  macs: ({ rows }: Analysis): NumberProducts => rows.flatMap(macProducts),
  parameters: parameterProducts,
} as const satisfies Readonly<Record<string, (analysis: Analysis) => NumberProducts>>;

export type FactoredMetric = keyof typeof productsOf;
