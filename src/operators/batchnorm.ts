import * as z from 'zod/mini';
import { each, elementFactors } from '../core/work.ts';
import { flag, withDefault } from './attributes.ts';
import { checkChannels } from './axes.ts';
import { defineOperator, held, learned } from './operator.ts';

export const batchnorm = defineOperator({
  name: 'batchnorm',
  summary: 'Normalise each channel of [n, c, …] by its running mean and variance.',
  attributes: z.strictObject({ affine: withDefault(flag, true) }),
  rule: 'One multiply and one add per element: at inference mean, variance, scale and shift fold into one factor and one offset per channel.',
  source: 'Ioffe and Szegedy 2015, arXiv:1502.03167, section 3.1; torch.nn.BatchNorm1d, BatchNorm2d, BatchNorm3d',
  shape(_, [x]) {
    checkChannels('batchnorm', x);
    return x;
  },
  weights({ affine }, [x]) {
    const channels = [x[1] as number];
    const mean = held(channels);
    const variance = held(channels);
    return affine ? { scale: learned(channels), shift: learned(channels), mean, variance } : { mean, variance };
  },
  work: (_, [x]) => [each({ multiply: 1, add: 1 }, elementFactors(x))],
  inPlace: true,
});
