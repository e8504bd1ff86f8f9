import { type Convention, each, MACS, NOTHING, type Rule, rulesFor } from './convention.ts';
import { movers } from './movers.ts';
import { patchedLrn, uncounted } from './uncounted.ts';

const twice = (what: string): Rule => ({
  count: '2 * i if module else i if function else 0',
  says: `${what} as a module, 1 as a function`,
  where: 'pytorch_ops.py, MODULES_MAPPING and FUNCTIONAL_MAPPING',
  bug: 'A module calls the function of its name, and both are counted.',
  bugIf: 'module',
});
const joined: Rule = {
  count: 'o if function and add_or_mul else 0',
  says: '1 per output element, written as torch.add, torch.mul or a method of that name',
  where: 'pytorch_ops.py, _elementwise_tensor_flops_hook',
};
const norm: Rule = {
  count: '0 if not module else 2 * i if affine else i',
  says: '2 per element, 1 without scale and shift',
  where: 'pytorch_ops.py, bn_flops_counter_hook',
};

/** Per step and unit: the gates' sums, and what is done to the states. */
const ptflopsRecurrent: Rule = {
  count: '0 if not module else gate_macs + (10 if lstm else 7 if gru else 1) * cells + 2 * gates * cells * bias',
  says: 'multiply-accumulates, both biases, and per unit and step 10 for an LSTM, 7 for a GRU, 1 for a plain cell',
  where: 'pytorch_ops.py, rnn_flops_counter_hook',
  bug: 'The projection of an LSTM is not counted.',
  bugIf: 'module and macs != gate_macs',
};

/** The hook of nn.MultiheadAttention. Where keys or values have other features, it takes their projections for square. */
const hooked = (beside: string): string =>
  [
    `macs + scores${beside} + batch * (2 * queries + (queries + 2 * keys) * bias) * features`,
    'if key_features == features and value_features == features',
    'else batch * (queries * features * (1 + features) + keys * (key_features * key_features + value_features * value_features)',
    '+ (queries + 2 * keys) * features * bias + queries * value_features * (value_features + 1)',
    `+ heads * queries * keys * (features // heads + 1 + value_features // heads))${beside}`,
  ].join(' ');

export const ptflopsAttention: Rule = {
  count: hooked(''),
  says: 'multiply-accumulates, biases, the scale of the query and 1 per score',
  where: 'pytorch_ops.py, multihead_attention_counter_hook',
  bug: 'The bias of the last projection is counted even where there is none.',
  bugIf: 'not bias',
};

/** Hooks on modules, by their exact class, and patched functions. */
export const ptflops: Convention = {
  name: 'ptflops',
  summary: 'ptflops with its backend pytorch: hooks on modules and patched functions, biases included.',
  unit: MACS,
  version: 'ptflops, commit d612c75, backend pytorch',
  source: 'https://github.com/sovrasov/flops-counter.pytorch',
  rules: rulesFor({
    conv: {
      count: 'macs + o if bias else macs',
      says: 'multiply-accumulates and biases',
      where: 'pytorch_ops.py, conv_flops_counter_hook',
    },
    convtranspose: {
      count: 'macs + o if bias else macs',
      says: 'multiply-accumulates at input positions, and biases',
      where: 'pytorch_ops.py, conv_flops_counter_hook',
    },
    linear: {
      count: '0 if not module else macs + o if bias else macs',
      says: 'multiply-accumulates and biases, of modules only',
      where: 'pytorch_ops.py, linear_flops_counter_hook',
    },
    matmul: {
      count: 'macs if function else 0',
      says: 'multiply-accumulates of torch.matmul and the like; @ and einsum nothing',
      where: 'pytorch_ops.py, _matmul_tensor_flops_hook',
    },
    ...each(NOTHING, 'einsum', 'dynamicconv', 'deformconv'),
    recurrent: ptflopsRecurrent,
    attention: {
      count: hooked(' + products + scores'),
      says: 'multiply-accumulates, biases, the scale of the query and 1 per score; the products and the scores once more',
      where: 'pytorch_ops.py, multihead_attention_counter_hook, torch.bmm and F.softmax',
      bug: 'The module calls torch.bmm and F.softmax, and its hook counts them too; it counts the bias of the last projection even where there is none.',
    },
    sdpa: NOTHING,

    ...each(norm, 'batchnorm', 'instancenorm', 'groupnorm'),
    layernorm: {
      ...norm,
      count: 'i if module else 0',
      says: '1 per element',
      bug: 'A layer norm has no attribute "affine", so it counts as one without scale and shift.',
      bugIf: 'module and affine',
    },
    rmsnorm: NOTHING,
    l2norm: NOTHING,

    ...each(twice('2 per element'), 'relu', 'gelu', 'elu', 'prelu'),
    ...each(
      { count: 'i if module or function else 0', says: '1 per element', where: 'pytorch_ops.py, relu_flops_counter_hook' },
      'relu6',
      'leakyrelu',
      'silu',
    ),
    ...each(NOTHING, 'sigmoid', 'tanh', 'hardsigmoid', 'hardswish'),
    softmax: { count: 'i', says: '1 per element', where: 'pytorch_ops.py, F.softmax in FUNCTIONAL_MAPPING' },

    ...each(twice('2 per input element'), 'maxpool', 'avgpool', 'globalavgpool', 'globalmaxpool', 'adaptiveavgpool', 'adaptivemaxpool'),

    ...each(joined, 'add', 'multiply', 'arithmetic'),
    ...uncounted,
    lrn: patchedLrn('pytorch_ops.py, torch.Tensor.mul, torch.Tensor.add and F.avg_pool3d'),
    upsample: {
      count: '2 * o if module else o if function else 0',
      says: '2 per output element as a module, 1 as a function',
      where: 'pytorch_ops.py, upsample_flops_counter_hook and _interpolate_functional_flops_hook',
      bug: 'A module calls the function of its name, and both are counted.',
      bugIf: 'module',
    },
    ...movers,
  }),
};
