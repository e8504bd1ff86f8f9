import type { Convention } from '../convention.ts';
import { CAUSAL_ATTENTION, PER_WEIGHT, products } from './kit.ts';
import { megatron } from './megatron.ts';

/** What MaxText logs, since its pull request 1988. */
export const maxtext: Convention = {
  ...megatron,
  name: 'maxtext',
  summary: 'MaxText since its pull request 1988: as Megatron counts, routers included.',
  version: 'AI-Hypercomputer/maxtext, maxtext_utils.py, since pull request 1988',
  source: 'https://github.com/AI-Hypercomputer/maxtext/pull/1988',
  rules: products(PER_WEIGHT, CAUSAL_ATTENTION, 'maxtext_utils.py, calculate_tflops_training_per_device'),
};
