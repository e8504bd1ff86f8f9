import * as z from 'zod/mini';
import { perAxis, withDefault } from './attributes.ts';
import { defineOperator } from './operator.ts';
import { maximum, slidingAttributes, slidingPool } from './pool.ts';

export const maxpool = defineOperator({
  name: 'maxpool',
  summary: 'Take the greatest element of a window that slides over [n, c, …]; the stride is the kernel unless given.',
  attributes: () => z.strictObject({ ...slidingAttributes(), dilation: withDefault(perAxis(), 1) }),
  source: 'torch.nn.MaxPool1d, MaxPool2d, MaxPool3d; ONNX operator MaxPool',
  ...slidingPool('maxpool', maximum),
});
