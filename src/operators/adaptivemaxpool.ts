import * as z from 'zod/mini';
import { about, perAxis } from './kit/attributes.ts';
import { defineOperator } from './kit/operator.ts';
import { adaptivePool, maximum } from './kit/pool.ts';

export const adaptivemaxpool = defineOperator({
  name: 'adaptivemaxpool',
  summary: 'Take the greatest elements of windows that are laid over [n, c, …] so as to give an output of a given size.',
  attributes: z.strictObject({ size: about(perAxis, 'Height and width of the output, whatever those of the input.') }),
  source: 'torch.nn.AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d',
  ...adaptivePool('adaptivemaxpool', maximum),
});
