import { type Convention, each, FLOPS, NOTHING, type Rule, rulesFor } from './convention.ts';
import { movers } from './movers.ts';
import { patchedLrn, uncounted } from './uncounted.ts';

const norm: Rule = {
  count: '5 * i if affine else 4 * i',
  says: '5 per element, 4 without scale and shift',
  where: 'pytorch_ops.py, _layer_norm_flops_compute and its like',
};
const pool: Rule = { count: '0 if mean else i', says: '1 per input element', where: 'pytorch_ops.py, _pool_flops_compute' };
const once = (where: string): Rule => ({ count: 'i', says: '1 per element', where: `pytorch_ops.py, ${where}` });
const joined: Rule = {
  count: 'o if function and add_or_mul else 0',
  says: '1 per output element, written as torch.add, torch.mul or a method of that name',
  where: 'pytorch_ops.py, _elementwise_flops_compute',
};

/** Multiply-accumulates of a transposed convolution, as it has them. */
export const transposedMacs = 'batch * kernel * channels * (out_channels // groups // groups) * input_positions';

/** A hook on the module: of each sum one add less than multiplies. */
export const calflopsRecurrent: Rule = {
  count: '0 if not module else 2 * gate_macs - 2 * gates * cells + (10 if lstm else 7 if gru else 1) * cells + 2 * gates * cells * bias',
  says: 'multiplies and adds, both biases, and per unit and step 10 for an LSTM, 7 for a GRU, 1 for a plain cell',
  where: 'pytorch_ops.py, _rnn_forward_hook',
  bug: 'The projection of an LSTM is not counted.',
  bugIf: 'module and macs != gate_macs',
};

/** Patched functions. */
export const calflops: Convention = {
  name: 'calflops',
  summary: 'calflops’ FLOPs: multiplies and adds apart, and what is not a product by its elements.',
  unit: FLOPS,
  version: 'calflops, commit 29ca584',
  source: 'https://github.com/MrYxJ/calculate-flops.pytorch',
  rules: rulesFor({
    conv: {
      count: '2 * macs + o if bias else 2 * macs',
      says: 'multiplies, adds and biases',
      where: 'pytorch_ops.py, _conv_flops_compute',
    },
    convtranspose: {
      count: `2 * ${transposedMacs} + out_channels // groups * batch * plain_positions * bias`,
      says: 'multiplies and adds at input positions, the output channels of a group divided by the groups once more; biases of one group at the positions of a plain convolution',
      where: 'pytorch_ops.py, _conv_trans_flops_compute',
      bug: 'The weights have the output channels of a group already, and are divided by the groups again, rounded down. The output is taken for that of a convolution that is not transposed.',
      bugIf: 'groups > 1 or bias',
    },
    dynamicconv: {
      count: '2 * macs + o if inputs > 2 else 2 * macs',
      says: 'multiplies, adds and biases',
      where: 'pytorch_ops.py, _conv_flops_compute',
    },
    linear: { count: '2 * macs', says: 'multiplies and adds, no bias', where: 'pytorch_ops.py, _linear_flops_compute' },
    matmul: {
      count: '2 * macs if function else significant(2 * macs, 4) if einsum else 0',
      says: 'multiplies and adds of torch.matmul and, to four digits, einsum; @ and bmm nothing',
      where: 'pytorch_ops.py, _matmul_flops_compute, _einsum_flops_compute',
      bug: 'The count of an einsum is read from a text that prints four digits.',
      bugIf: 'einsum',
    },
    einsum: {
      count: 'significant(multiply + add, 4)',
      says: 'multiplies and adds, four digits of them',
      where: 'pytorch_ops.py, _einsum_flops_compute',
      bug: 'The count of an einsum is read from a text that prints four digits.',
    },
    recurrent: calflopsRecurrent,
    attention: {
      count: '2 * projections + scores',
      says: 'multiplies and adds of the projections, 1 per score',
      where: 'pytorch_ops.py, _linear_flops_compute, _softmax_flops_compute',
      bug: 'The products of queries with keys, and of scores with values, do not go through a function that it knows.',
    },
    ...each(NOTHING, 'sdpa', 'deformconv'),

    batchnorm: {
      count: '2 * i if affine else i',
      says: '2 per element, 1 without scale and shift',
      where: 'pytorch_ops.py, _batch_norm_flops_compute',
    },
    ...each(norm, 'layernorm', 'groupnorm', 'instancenorm'),
    rmsnorm: NOTHING,
    l2norm: NOTHING,

    relu: once('_relu_flops_compute'),
    relu6: {
      count: 'i if function else 0',
      says: '1 per element as a function; as a module nothing',
      where: 'pytorch_ops.py, _relu6_flops_compute',
      bug: 'nn.ReLU6 calls F.hardtanh, which is not patched.',
      bugIf: 'module',
    },
    leakyrelu: once('_leaky_relu_flops_compute'),
    prelu: once('_prelu_flops_compute'),
    elu: once('_elu_flops_compute'),
    gelu: once('_gelu_flops_compute'),
    silu: once('_silu_flops_compute'),
    ...each(NOTHING, 'sigmoid', 'tanh', 'hardsigmoid', 'hardswish'),
    softmax: once('_softmax_flops_compute'),

    ...each(pool, 'maxpool', 'avgpool', 'globalavgpool', 'globalmaxpool', 'adaptiveavgpool', 'adaptivemaxpool'),
    ...each(joined, 'add', 'multiply', 'arithmetic'),
    ...uncounted,
    lrn: patchedLrn('pytorch_ops.py, torch.Tensor.mul, torch.Tensor.add and F.avg_pool3d'),
    upsample: {
      count: 'size if size else i',
      says: '1 per input element; to a size, the size without batch and channels',
      where: 'pytorch_ops.py, _upsample_flops_compute',
      bug: 'The product with the scale is computed and dropped; a size is taken without batch and channels.',
    },
    ...movers,
  }),
};
