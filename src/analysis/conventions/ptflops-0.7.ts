import { type Convention, each, MACS, NOTHING, type Rule, rulesFor } from './convention.ts';
import { movers } from './movers.ts';
import { ptflops, ptflopsAttention } from './ptflops.ts';
import { uncounted } from './uncounted.ts';

const once = (what: string): Rule => ({ count: 'i if module else 0', says: what, where: 'pytorch_ops.py, MODULES_MAPPING' });

/** Hooks on modules, by their exact class; no function is patched. */
export const ptflopsBefore: Convention = {
  name: 'ptflops-0.7',
  summary: 'ptflops before 0.7.1, which most papers quote: hooks on modules only, so that a ReLU or a pool counts once.',
  unit: MACS,
  version: 'ptflops 0.7',
  source: 'https://pypi.org/project/ptflops/0.7/',
  rules: rulesFor({
    conv: ptflops.rules.conv,
    convtranspose: ptflops.rules.convtranspose,
    linear: {
      count: '0 if not module else macs + out_features if bias else macs',
      says: 'multiply-accumulates of modules; biases once, whatever the number of positions',
      where: 'pytorch_ops.py, linear_flops_counter_hook',
      bug: 'The biases are added once, not at each position.',
      bugIf: 'module and bias and i > features',
    },
    matmul: NOTHING,
    ...each(NOTHING, 'einsum', 'dynamicconv', 'deformconv'),
    recurrent: ptflops.rules.recurrent,
    attention: ptflopsAttention,
    sdpa: NOTHING,

    ...each(ptflops.rules.batchnorm, 'batchnorm', 'instancenorm', 'groupnorm'),
    layernorm: ptflops.rules.layernorm,
    ...each(NOTHING, 'rmsnorm', 'l2norm'),

    ...each(once('1 per element'), 'relu', 'relu6', 'leakyrelu', 'prelu', 'elu', 'gelu'),
    ...each(NOTHING, 'silu', 'sigmoid', 'tanh', 'softmax', 'hardsigmoid', 'hardswish'),
    ...each(once('1 per input element'), 'maxpool', 'avgpool', 'globalavgpool', 'globalmaxpool', 'adaptiveavgpool', 'adaptivemaxpool'),
    ...each(NOTHING, 'add', 'multiply', 'arithmetic'),
    ...uncounted,
    upsample: { count: 'o if module else 0', says: '1 per output element', where: 'pytorch_ops.py, upsample_flops_counter_hook' },
    ...movers,
  }),
};
