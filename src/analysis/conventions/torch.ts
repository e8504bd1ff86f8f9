import { type Convention, each, FLOPS, NOTHING } from './convention.ts';
import { macs } from './macs.ts';

const doubled = (where: string) => ({
  count: '2 * macs',
  says: 'multiplies and adds, no bias',
  where: `torch/utils/flop_counter.py, ${where}`,
});

/** The framework’s own counter. */
export const torch: Convention = {
  ...macs,
  name: 'torch',
  summary: 'PyTorch’s own FlopCounterMode: twice the multiply-accumulates of convolutions and matrix products.',
  unit: FLOPS,
  version: 'torch 2, torch.utils.flop_counter',
  source: 'https://docs.pytorch.org/docs/stable/utils.html',
  rules: {
    ...macs.rules,
    conv: doubled('conv_flop'),
    convtranspose: doubled('conv_flop_count, transposed'),
    dynamicconv: doubled('conv_flop'),
    linear: doubled('addmm_flop, mm_flop'),
    matmul: doubled('mm_flop, bmm_flop'),
    einsum: { count: '2 * multiply', says: '2 per product', where: 'torch/utils/flop_counter.py, bmm_flop' },
    ...each(NOTHING, 'fft', 'deformconv'),
    recurrent: doubled('addmm_flop, mm_flop, where the framework runs it by matrix products'),
    attention: doubled('addmm_flop, bmm_flop, sdpa_flop'),
    sdpa: doubled('sdpa_flop'),
    combine: doubled('mm_flop, bmm_flop'),
    deltarule: doubled('mm_flop, bmm_flop'),
  },
};
