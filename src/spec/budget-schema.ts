import * as z from 'zod/mini';
import { BUDGET_METRICS } from '../language/budget.ts';
import { about, described } from '../schema/words.ts';

/** The grammar of a budget, as zod schemas: in a spec under `budget:`, and in flopwise.config.yaml. */

const optional = z.optional;

const limit = described(
  z.union([z.int().check(z.minimum(0)), z.string()]),
  'a whole number of at least 0, or a limit such as "<= 4.2 GMAC", "<= 512 KiB" or "<= baseline + 2%"',
);

const share = about(
  optional(described(z.record(z.string(), limit), 'operators with limits, as in { softmax: <= 20 % }')),
  'What part of all scalar operations an operator may have.',
);

const byConvention = described(
  z.union([limit, z.strictObject({ total: about(optional(limit), 'What the convention counts.'), share })]),
  'a limit, as in "<= 4.2 GMAC", or a map of total and share',
);

const {
  parameters,
  activeParameters,
  cacheBytes,
  macs,
  flops,
  activations,
  weightBytes,
  peakActivationBytes,
  trainingMacs,
  trainingPeakBytes,
  depth,
  count,
} = BUDGET_METRICS;

/** What can be limited of a whole model and of parts of it. */
const limits = {
  [parameters.key]: about(optional(limit), 'Learned parameters.'),
  [activeParameters.key]: about(optional(limit), 'Parameters that a position goes through: of experts, the best.'),
  [macs.key]: about(optional(limit), 'Multiply-accumulates.'),
  [flops.key]: about(optional(limit), 'FLOPs: two for each multiply-accumulate.'),
  [activations.key]: about(optional(limit), 'Output elements of convolutions, linear layers and matrix products.'),
  [weightBytes.key]: about(optional(limit), 'Bytes of all weights, in fp32.'),
  [peakActivationBytes.key]: about(optional(limit), 'Most bytes of activations that are needed at once, in fp32.'),
  [cacheBytes.key]: about(optional(limit), 'Bytes that are kept for the next step, such as keys and values, in fp32.'),
  [trainingMacs.key]: about(optional(limit), 'Multiply-accumulates of a training step, forward and backward, all weights being trained.'),
  [trainingPeakBytes.key]: about(
    optional(limit),
    'Most bytes that are needed at once in a training step of a whole model, in fp32 with AdamW.',
  ),
  [depth.key]: about(optional(limit), 'Layers with weights on the longest way through the network.'),
  share,
  [count.key]: about(
    optional(described(z.record(z.string(), byConvention), 'conventions with limits, as in { fvcore: <= 4.2 GMAC }')),
    'What other counting conventions may count.',
  ),
  severity: about(
    optional(described(z.enum(['error', 'warning']), 'error, or warning')),
    'Whether a limit that is exceeded fails the check, or only warns.',
  ),
};

const part = described(z.strictObject(limits), 'limits, as in { macs: <= 1.1 GMAC }');

export const budgetSchema = described(
  z.strictObject({
    ...limits,
    stages: about(optional(described(z.record(z.string(), part), 'names of stages with limits')), 'Limits of single stages.'),
    layers: about(
      optional(described(z.record(z.string(), part), 'patterns of layers with limits, as in { "conv4_x/**": { macs: <= 1.5G } }')),
      'Limits of layers, by patterns of their paths.',
    ),
  }),
  'limits, as in { macs: <= 4.2 GMAC }',
);

export type BudgetKeys = z.output<typeof budgetSchema>;
export type PartKeys = z.output<typeof part>;
export type LimitValue = z.output<typeof limit>;
