import { calflops, calflopsRecurrent } from './calflops.ts';
import type { Convention, Rule } from './convention.ts';

const product = (where: string): Rule => ({ count: '2 * macs', says: 'multiplies and adds, no bias', where: `profiler.py, ${where}` });

/** Patched functions, from which calflops has its own. */
export const deepspeed: Convention = {
  ...calflops,
  name: 'deepspeed',
  summary: 'DeepSpeed’s flops profiler: calflops’ rules, with products however they are written, and attention whole.',
  version: 'DeepSpeed, commit 127756f',
  source: 'https://github.com/deepspeedai/DeepSpeed',
  rules: {
    ...calflops.rules,
    matmul: {
      count: 'significant(2 * macs, 4) if einsum else 2 * macs',
      says: 'multiplies and adds; of an einsum four digits',
      where: 'profiler.py, _matmul_flops_compute, _einsum_flops_compute',
      bug: 'The count of an einsum is read from a text that prints four digits.',
      bugIf: 'einsum',
    },
    recurrent: { ...calflopsRecurrent, where: 'profiler.py, _rnn_forward_hook' },
    attention: product('_linear_flops_compute, _attn_flops_compute'),
    sdpa: product('_attn_flops_compute'),
    upsample: {
      count: 'size if size else o',
      says: '1 per output element; to a size, the size without batch and channels',
      where: 'profiler.py, _upsample_flops_compute',
      bug: 'A size is taken without batch and channels.',
      bugIf: 'size',
    },
  },
};
