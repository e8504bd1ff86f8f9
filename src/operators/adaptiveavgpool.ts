import * as z from 'zod/mini';
import { about, perAxis } from './kit/attributes.ts';
import { defineOperator } from './kit/operator.ts';
import { adaptivePool, average } from './kit/pool.ts';

export const adaptiveavgpool = defineOperator({
  name: 'adaptiveavgpool',
  summary: 'Take the means of windows that are laid over [n, c, …] so as to give an output of a given size.',
  attributes: z.strictObject({ size: about(perAxis, 'Height and width of the output, whatever those of the input.') }),
  source: 'torch.nn.AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d',
  ...adaptivePool('adaptiveavgpool', average),
});
