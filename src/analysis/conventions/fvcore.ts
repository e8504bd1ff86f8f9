import { type Convention, each, MACS, type Rule, rulesFor } from './convention.ts';
import { movers } from './movers.ts';

const norm: Rule = {
  count: '5 * i if affine else 4 * i',
  says: '5 per element, 4 without scale and shift',
  where: 'nn/jit_handles.py, norm_flop_counter',
};
const listed: Rule = { count: '0', listed: true, where: 'nn/flop_count.py, not in _DEFAULT_SUPPORTED_OPS' };

/** The product of the operator's traced call. */
export const fvcore: Convention = {
  name: 'fvcore',
  summary: 'fvcore’s FlopCountAnalysis: multiply-accumulates, and norms and adaptive pools by their elements.',
  unit: MACS,
  version: 'fvcore, commit 3378afe',
  source: 'https://github.com/facebookresearch/fvcore',
  rules: rulesFor({
    conv: { count: 'macs', says: 'multiply-accumulates, no bias', where: 'nn/jit_handles.py, conv_flop_jit' },
    convtranspose: { count: 'macs', says: 'multiply-accumulates at input positions, no bias', where: 'nn/jit_handles.py, conv_flop_count' },
    dynamicconv: { count: 'macs', says: 'multiply-accumulates, no bias', where: 'nn/jit_handles.py, conv_flop_jit' },
    linear: { count: 'macs', says: 'multiply-accumulates, no bias', where: 'nn/jit_handles.py, linear_flop_jit' },
    matmul: {
      count: 'significant(2 * macs, 4) // 2 if einsum else macs',
      says: 'multiply-accumulates; of an einsum four digits',
      where: 'nn/jit_handles.py, matmul_flop_jit, bmm_flop_jit, einsum_flop_jit',
      bug: 'The count of an einsum is read from a text that prints four digits.',
      bugIf: 'einsum',
    },
    einsum: {
      count: 'significant(multiply + add, 4) // 2',
      says: 'half of the multiplies and adds, four digits of them',
      where: 'nn/jit_handles.py, einsum_flop_jit',
      bug: 'The count of an einsum is read from a text that prints four digits.',
    },
    ...each(listed, 'deformconv', 'recurrent'),
    attention: {
      count: 'macs',
      says: 'multiply-accumulates of projections and products',
      where: 'nn/jit_handles.py, linear_flop_jit, bmm_flop_jit',
    },
    sdpa: listed,

    batchnorm: {
      count: '2 * i if affine else i',
      says: '2 per element, 1 without scale and shift',
      where: 'nn/jit_handles.py, batchnorm_flop_jit',
    },
    ...each(norm, 'layernorm', 'groupnorm', 'instancenorm'),
    ...each(listed, 'rmsnorm', 'l2norm'),

    relu: { count: '0', where: 'nn/flop_count.py, _IGNORED_OPS' },
    ...each(listed, 'glu', 'relu6', 'leakyrelu', 'prelu', 'elu', 'gelu', 'silu', 'sigmoid', 'tanh', 'softmax', 'hardsigmoid', 'hardswish'),

    ...each(listed, 'maxpool', 'avgpool', 'globalmaxpool', 'adaptivemaxpool'),
    ...each(
      {
        count: '0 if mean else i if axes == 2 else 0',
        says: '1 per input element, of images and not written as a mean',
        where: 'nn/flop_count.py, aten::adaptive_avg_pool2d',
      },
      'globalavgpool',
      'adaptiveavgpool',
    ),

    ...each(
      listed,
      'add',
      'multiply',
      'arithmetic',
      'fft',
      'pointwise',
      'reduce',
      'cumsum',
      'scan',
      'deltarule',
      'topk',
      'lrn',
      'nms',
      'scatter',
      'fold',
      'roialign',
      'rope',
      'combine',
    ),
    upsample: {
      count: '0 if axes != 2 else o if nearest else 4 * o if linear else 0',
      says: '1 per output element, bilinear 4',
      where: 'nn/flop_count.py, aten::upsample_nearest2d, aten::upsample_bilinear2d',
    },
    gridsample: {
      count: '4 * o',
      says: '4 per output element, whatever the mode',
      where: 'nn/flop_count.py, aten::grid_sampler',
    },
    ...movers,
  }),
};
