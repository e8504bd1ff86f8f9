import { calflops, transposedMacs } from './calflops.ts';
import { type Convention, each, MACS, NOTHING, rulesFor } from './convention.ts';
import { withoutProducts } from './without-products.ts';

/** Of what calflops counts, the products. */
export const calflopsMacs: Convention = {
  ...calflops,
  name: 'calflops-macs',
  summary: 'calflops’ MACs: products of convolutions, linear layers and torch.matmul.',
  unit: MACS,
  rules: rulesFor({
    conv: { count: 'macs', says: 'multiply-accumulates, no bias', where: 'pytorch_ops.py, _conv_flops_compute' },
    convtranspose: {
      ...calflops.rules.convtranspose,
      count: transposedMacs,
      says: 'multiply-accumulates at input positions, divided by the groups once more',
    },
    dynamicconv: { count: 'macs', says: 'multiply-accumulates, no bias', where: 'pytorch_ops.py, _conv_flops_compute' },
    linear: { count: 'macs', says: 'multiply-accumulates, no bias', where: 'pytorch_ops.py, _linear_flops_compute' },
    matmul: {
      count: 'macs if function else 0',
      says: 'multiply-accumulates of torch.matmul; einsum, @ and bmm nothing',
      where: 'pytorch_ops.py, _matmul_flops_compute',
    },
    einsum: NOTHING,
    recurrent: { count: '0', says: 'nothing', where: 'pytorch_ops.py, _rnn_forward_hook, which counts FLOPs only' },
    attention: { ...calflops.rules.attention, count: 'projections', says: 'multiply-accumulates of the projections' },
    ...each(NOTHING, 'sdpa', 'deformconv'),
    ...withoutProducts,
  }),
};
