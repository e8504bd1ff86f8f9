import * as z from 'zod/mini';
import { each, elementFactors } from '../core/work.ts';
import { flag, withDefault } from './attributes.ts';
import { checkChannels } from './axes.ts';
import { scaleAndShift } from './normalise.ts';
import { defineOperator, held } from './operator.ts';

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
    return { ...scaleAndShift(affine, channels), mean: held(channels), variance: held(channels) };
  },
  work: (_, [x]) => [each({ multiply: 1, add: 1 }, elementFactors(x))],
});
