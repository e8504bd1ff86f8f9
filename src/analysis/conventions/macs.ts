import { type Convention, each, MACS, NOTHING, type Rule } from './convention.ts';
import { movers } from './movers.ts';

const products: Rule = { count: 'macs', says: 'multiply-accumulates, no bias' };

/** What flopwise prints unless told otherwise. */
export const macs: Convention = {
  name: 'macs',
  summary: 'The default: one per multiply-accumulate of convolutions, linear layers and matrix products, nothing else.',
  unit: MACS,
  rules: {
    ...each(products, 'conv', 'convtranspose', 'linear', 'matmul', 'attention'),
    ...each(NOTHING, 'batchnorm', 'layernorm', 'groupnorm', 'instancenorm', 'l2norm'),
    ...each(
      NOTHING,
      'relu',
      'relu6',
      'leakyrelu',
      'prelu',
      'elu',
      'gelu',
      'silu',
      'sigmoid',
      'tanh',
      'softmax',
      'hardsigmoid',
      'hardswish',
    ),
    ...each(NOTHING, 'maxpool', 'avgpool', 'globalavgpool', 'globalmaxpool', 'adaptiveavgpool', 'adaptivemaxpool'),
    ...each(NOTHING, 'add', 'multiply', 'upsample'),
    ...movers,
  },
};
