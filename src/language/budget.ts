/** What a budget can limit: names, units and where they are written. */

export type LimitUnit = 'count' | 'bytes' | 'percent';

interface MetricRule {
  /** Its key in a budget. */
  readonly key: string;
  /** As reports call it. */
  readonly label: string;
  readonly unit: LimitUnit;
  /** Words that may stand after a number and its prefix, as the MAC of GMAC. */
  readonly symbols: readonly string[];
}

/**
 * The metrics of budgets. `count` is what a convention counts; `share` is the part that an operator has of all scalar
 * operations, or of what a convention counts. Bytes are those of fp32.
 */
export const BUDGET_METRICS = {
  parameters: { key: 'parameters', label: 'parameters', unit: 'count', symbols: ['parameters', 'params'] },
  activeParameters: { key: 'active_parameters', label: 'active parameters', unit: 'count', symbols: ['parameters', 'params'] },
  macs: { key: 'macs', label: 'MACs', unit: 'count', symbols: ['MAC', 'MACs'] },
  flops: { key: 'flops', label: 'FLOPs', unit: 'count', symbols: ['FLOP', 'FLOPs'] },
  activations: { key: 'activations', label: 'activations', unit: 'count', symbols: ['activations'] },
  weightBytes: { key: 'weight_bytes', label: 'weight bytes', unit: 'bytes', symbols: [] },
  peakActivationBytes: { key: 'peak_activation_bytes', label: 'peak activation bytes', unit: 'bytes', symbols: [] },
  cacheBytes: { key: 'cache_bytes', label: 'cache bytes', unit: 'bytes', symbols: [] },
  trainingMacs: { key: 'training_macs', label: 'training MACs', unit: 'count', symbols: ['MAC', 'MACs'] },
  trainingPeakBytes: { key: 'training_peak_bytes', label: 'training peak bytes', unit: 'bytes', symbols: [] },
  depth: { key: 'depth', label: 'depth', unit: 'count', symbols: ['layers'] },
  count: { key: 'conventions', label: 'count', unit: 'count', symbols: ['MAC', 'MACs', 'FLOP', 'FLOPs', 'OP', 'OPs'] },
  share: { key: 'share', label: 'share', unit: 'percent', symbols: [] },
} as const satisfies Readonly<Record<string, MetricRule>>;

export type BudgetMetric = keyof typeof BUDGET_METRICS;

/** Metrics that a model has one total of, whatever the budget. */
export const TOTAL_METRICS = [
  'parameters',
  'macs',
  'flops',
  'activations',
  'weightBytes',
  'peakActivationBytes',
  'depth',
  'activeParameters',
  'cacheBytes',
] as const satisfies readonly BudgetMetric[];

export type TotalMetric = (typeof TOTAL_METRICS)[number];

/** What can be limited of a whole model; baselines keep only the totals. */
export const LIMITED_METRICS = [...TOTAL_METRICS, 'trainingMacs', 'trainingPeakBytes'] as const satisfies readonly BudgetMetric[];

export type LimitedMetric = (typeof LIMITED_METRICS)[number];

/** What may be done about growth that no budget limits. */
export const GROWTHS = ['allow', 'warn', 'refuse'] as const;
export type Growth = (typeof GROWTHS)[number];
