import * as z from 'zod/mini';
import { each, elementFactors } from '../core/work.ts';
import { integer, withDefault } from './attributes.ts';
import { axisOf } from './axes.ts';
import { defineOperator } from './operator.ts';

/** Per element: find the greatest, subtract it, exponentiate, sum up, divide by the sum. */
export const SOFTMAX = { add: 1, subtract: 1, divide: 1, compare: 1, exp: 1 } as const;

export const softmax = defineOperator({
  name: 'softmax',
  summary: 'Turn every vector along an axis, the last by default, into shares that add up to 1.',
  attributes: z.strictObject({ axis: withDefault(integer, -1) }),
  rule: 'exp(x − max) / Σ exp(x − max): one compare, one subtract, one exp, one add and one divide per element.',
  source: 'torch.nn.Softmax; ONNX operator Softmax',
  shape({ axis }, [x]) {
    axisOf(axis, x);
    return x;
  },
  work: (_, [x]) => [each(SOFTMAX, elementFactors(x))],
});
