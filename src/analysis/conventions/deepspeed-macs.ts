import { calflopsMacs } from './calflops-macs.ts';
import type { Convention } from './convention.ts';
import { deepspeed } from './deepspeed.ts';

/** Of what DeepSpeed counts, the products. */
export const deepspeedMacs: Convention = {
  ...calflopsMacs,
  name: 'deepspeed-macs',
  summary: 'DeepSpeed’s MACs: products of convolutions, linear layers, matrix products and attention.',
  version: deepspeed.version as string,
  source: deepspeed.source as string,
  rules: {
    ...calflopsMacs.rules,
    matmul: {
      count: '0 if einsum else macs',
      says: 'multiply-accumulates; einsum nothing',
      where: 'profiler.py, _matmul_flops_compute',
    },
    sdpa: { count: 'macs', says: 'multiply-accumulates of its products', where: 'profiler.py, _attn_flops_compute' },
    attention: {
      count: 'macs',
      says: 'multiply-accumulates of projections and products',
      where: 'profiler.py, _linear_flops_compute, _attn_flops_compute',
    },
  },
};
