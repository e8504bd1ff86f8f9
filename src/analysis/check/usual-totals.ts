import { TOTAL_METRICS, type TotalMetric } from '../../language/budget.ts';
import type { ModelRecord } from './result.ts';

export type Totals = ModelRecord['totals'];

/** Totals that few networks have, and what they are for the others: a baseline does without, and nobody is told when they grow with others. */
export const USUAL: Partial<Record<TotalMetric, (totals: Totals) => bigint>> = {
  activeParameters: ({ parameters }) => parameters,
  cacheBytes: () => 0n,
};

/** Whether a total is not what it usually is. */
export const isTold = (metric: TotalMetric, totals: Totals): boolean => totals[metric] !== USUAL[metric]?.(totals);

/** The totals with those that are as usual. */
export const withUsual = (totals: Partial<Totals>): Totals =>
  Object.fromEntries(TOTAL_METRICS.map((metric) => [metric, totals[metric] ?? USUAL[metric]?.(totals as Totals)])) as Totals;
