import * as z from 'zod/mini';
import { fail } from '../core/problem.ts';
import { each, elementFactors } from '../core/work.ts';
import { flag, withDefault } from './attributes.ts';
import { defineOperator, held, learned } from './operator.ts';

export const batchnorm = defineOperator({
  name: 'batchnorm',
  summary: 'Normalise each channel of [n, c, …] by its running mean and variance.',
  attributes: z.strictObject({ affine: withDefault(flag, true) }),
  rule: 'One multiply and one add per element: at inference mean, variance, scale and shift fold into one factor and one offset per channel.',
  source: 'Ioffe and Szegedy 2015, arXiv:1502.03167, section 3.1',
  shape(_, [x]) {
    if (x.length < 2) throw fail('WRONG_RANK', { operator: 'batchnorm', expected: 'a batch and channels', shape: x });
    return x;
  },
  weights({ affine }, [x]) {
    const channels = [x[1] as number];
    const statistics = { mean: held(channels), variance: held(channels) };
    return affine ? { scale: learned(channels), shift: learned(channels), ...statistics } : statistics;
  },
  work: (_, [x]) => [each({ multiply: 1, add: 1 }, elementFactors(x))],
});
