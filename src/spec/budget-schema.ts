import * as z from 'zod/mini';
import { once } from '../core/once.ts';
import { BUDGET_METRICS } from '../language/budget.ts';
import { described, optional } from '../operators/kit/attributes.ts';

/** The grammar of a budget, as zod schemas: in a spec under `budget:`, and in flopwise.config.yaml. */

export const budgetSchema = once(() => {
  const limit = described(
    z.union([z.int().check(z.minimum(0)), z.string()]),
    'a whole number of at least 0, or a limit such as "<= 4.2 GMAC", "<= 512 KiB" or "<= baseline + 2%"',
  );

  const share = optional(described(z.record(z.string(), limit), 'operators with limits, as in { softmax: <= 20 % }'));

  const byConvention = described(
    z.union([limit, z.strictObject({ total: optional(limit), share })]),
    'a limit, as in "<= 4.2 GMAC", or a map of total and share',
  );

  const { parameters, macs, flops, activations, weightBytes, peakActivationBytes, depth, count } = BUDGET_METRICS;

  /** What can be limited of a whole model and of parts of it. */
  const limits = {
    [parameters.key]: optional(limit),
    [macs.key]: optional(limit),
    [flops.key]: optional(limit),
    [activations.key]: optional(limit),
    [weightBytes.key]: optional(limit),
    [peakActivationBytes.key]: optional(limit),
    [depth.key]: optional(limit),
    share,
    [count.key]: optional(described(z.record(z.string(), byConvention), 'conventions with limits, as in { fvcore: <= 4.2 GMAC }')),
    severity: optional(described(z.enum(['error', 'warning']), 'error, or warning')),
  };

  const part = described(z.strictObject(limits), 'limits, as in { macs: <= 1.1 GMAC }');

  return described(
    z.strictObject({
      ...limits,
      stages: optional(described(z.record(z.string(), part), 'names of stages with limits')),
      layers: optional(described(z.record(z.string(), part), 'patterns of layers with limits, as in { "conv4_x/**": { macs: <= 1.5G } }')),
    }),
    'limits, as in { macs: <= 4.2 GMAC }',
  );
});
