import { type Convention, each, MACS, NOTHING, rulesFor } from './convention.ts';
import { withoutProducts } from './without-products.ts';

/** Only the products that reach the tensor library. */
export const ptflopsAten: Convention = {
  name: 'ptflops-aten',
  summary: 'ptflops with its backend aten: convolutions and matrix products as the tensor library runs them, biases included.',
  unit: MACS,
  version: 'ptflops, commit d612c75, backend aten',
  source: 'https://github.com/sovrasov/flops-counter.pytorch',
  rules: rulesFor({
    ...each(
      { count: 'macs + o if bias else macs', says: 'multiply-accumulates and biases', where: 'aten_ops.py, conv_flop_jit' },
      'conv',
      'convtranspose',
    ),
    dynamicconv: {
      count: 'macs + o if inputs > 2 else macs',
      says: 'multiply-accumulates and biases',
      where: 'aten_ops.py, conv_flop_jit',
    },
    linear: {
      count: 'macs + o if bias and rank <= 3 else macs',
      says: 'multiply-accumulates and biases; no bias with more than three axes',
      where: 'aten_ops.py, addmm_flop, mm_flop',
      bug: 'The framework runs a linear layer on more than three axes as a product and an addition, and the addition is not counted.',
      bugIf: 'bias and rank > 3',
    },
    matmul: { count: 'macs', says: 'multiply-accumulates', where: 'aten_ops.py, bmm_flop' },
    einsum: { count: 'multiply', says: '1 per product', where: 'aten_ops.py, bmm_flop' },
    recurrent: {
      count: 'macs + 2 * gates * cells * bias',
      says: 'multiply-accumulates and both biases',
      where: 'aten_ops.py, addmm_flop, mm_flop',
    },
    attention: {
      count: 'macs + 2 * batch * (queries + keys) * features * bias',
      says: 'multiply-accumulates and biases',
      where: 'aten_ops.py, addmm_flop, bmm_flop',
    },
    ...each(NOTHING, 'sdpa', 'deformconv'),

    ...withoutProducts,
  }),
};
