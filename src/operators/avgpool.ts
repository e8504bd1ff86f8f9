import * as z from 'zod/mini';
import { about, flag, withDefault } from './kit/attributes.ts';
import { defineOperator } from './kit/operator.ts';
import { average, slidingAttributes, slidingPool } from './kit/pool.ts';

export const avgpool = defineOperator({
  name: 'avgpool',
  summary:
    'Take the mean of a window that slides over [n, c, …]; the stride is the kernel unless given, and countpad: false leaves padding out of the divisor.',
  attributes: z.strictObject({
    ...slidingAttributes,
    countpad: about(withDefault(flag, true), 'Whether padding counts in the divisor of the mean.'),
  }),
  source: 'torch.nn.AvgPool1d, AvgPool2d, AvgPool3d; ONNX operator AveragePool',
  ...slidingPool('avgpool', average),
});
