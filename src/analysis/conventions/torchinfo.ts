import { type Convention, each, MACS, NOTHING, type Rule, rulesFor } from './convention.ts';
import { movers } from './movers.ts';
import { uncounted } from './uncounted.ts';

const weightsPerItem: Rule = {
  count: 'batch * parameters if module or subclass else 0',
  says: 'its weights, once for each of the batch',
  where: 'layer_info.py, calculate_macs',
};

/** The weights of a module times its output positions. */
export const torchinfo: Convention = {
  name: 'torchinfo',
  summary: 'torchinfo’s mult-adds: the weights of each module, biases and norms included, times its output positions.',
  unit: MACS,
  version: 'torchinfo, commit 5c4164f',
  source: 'https://github.com/TylerYep/torchinfo',
  rules: rulesFor({
    conv: {
      count: 'parameters * batch * positions',
      says: 'weights and biases at each output position',
      where: 'layer_info.py, calculate_macs',
    },
    convtranspose: {
      count: 'parameters * batch * positions',
      says: 'weights and biases at each output position',
      where: 'layer_info.py, calculate_macs',
      bug: 'It is counted at output positions, and so too high by the stride squared.',
      bugIf: 'stride > 1',
    },
    deformconv: {
      count: 'parameters * batch * positions',
      says: 'weights and biases at each output position, as the class has "Conv" in its name',
      where: 'layer_info.py, calculate_macs',
    },
    linear: {
      count: 'parameters * (i // features) if module else 0',
      says: 'weights and biases at each position, of modules only',
      where: 'layer_info.py, calculate_macs',
    },
    matmul: NOTHING,
    ...each(NOTHING, 'einsum', 'dynamicconv'),
    recurrent: {
      count: 'parameters * (i // features) if module or subclass else 0',
      says: 'its weights and biases, once for each step',
      where: 'layer_info.py, calculate_macs',
    },
    attention: {
      count: '0',
      where: 'layer_info.py, calculate_macs',
      bug: 'Only leaves are summed, and nn.MultiheadAttention has a child that never runs.',
    },
    sdpa: NOTHING,

    ...each(weightsPerItem, 'batchnorm', 'groupnorm', 'instancenorm', 'rmsnorm'),
    layernorm: { ...weightsPerItem, says: 'its weights, once for each of the batch, whatever the number of positions' },
    l2norm: NOTHING,

    ...each(NOTHING, 'relu', 'relu6', 'leakyrelu', 'elu', 'gelu', 'silu', 'sigmoid', 'tanh', 'softmax', 'hardsigmoid', 'hardswish'),
    prelu: weightsPerItem,
    ...each(NOTHING, 'maxpool', 'avgpool', 'globalavgpool', 'globalmaxpool', 'adaptiveavgpool', 'adaptivemaxpool'),
    ...each(NOTHING, 'add', 'multiply', 'arithmetic', 'upsample'),
    ...uncounted,
    ...movers,
    embedding: { ...weightsPerItem, says: 'its whole table, once for each of the batch' },
  }),
};
