import { each, NOTHING } from './convention.ts';
import { movers } from './movers.ts';
import { uncounted } from './uncounted.ts';

/** Every operator that multiplies no matrices, for conventions that count products only: nothing for each. */
export const withoutProducts = {
  ...each(NOTHING, 'batchnorm', 'layernorm', 'groupnorm', 'instancenorm', 'rmsnorm', 'l2norm'),
  ...each(NOTHING, 'relu', 'relu6', 'leakyrelu', 'prelu', 'elu', 'gelu', 'silu', 'sigmoid', 'tanh', 'softmax', 'hardsigmoid', 'hardswish'),
  ...each(NOTHING, 'maxpool', 'avgpool', 'globalavgpool', 'globalmaxpool', 'adaptiveavgpool', 'adaptivemaxpool'),
  ...each(NOTHING, 'add', 'multiply', 'arithmetic', 'upsample'),
  ...uncounted,
  ...movers,
};
