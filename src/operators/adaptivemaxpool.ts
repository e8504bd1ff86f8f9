import * as z from 'zod/mini';
import { perAxis } from './attributes.ts';
import { defineOperator } from './operator.ts';
import { adaptivePool, maximum } from './pool.ts';

export const adaptivemaxpool = defineOperator({
  name: 'adaptivemaxpool',
  summary: 'Take the greatest elements of windows that are laid over [n, c, …] so as to give an output of a given size.',
  attributes: () => z.strictObject({ size: perAxis() }),
  source: 'torch.nn.AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d',
  ...adaptivePool('adaptivemaxpool', maximum),
});
