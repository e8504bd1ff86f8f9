import { type Convention, TRAINING } from '../convention.ts';
import { CAUSAL_ATTENTION, PER_WEIGHT, products } from './kit.ts';

/** What verl divides by its time, for the utilisation of a machine. */
export const verl: Convention = {
  name: 'verl',
  summary: 'verl: products with weights, twice the size of the vocabulary times the width, and half of attention’s products, as causal.',
  unit: TRAINING,
  network: 'language',
  version: 'volcengine/verl, verl/utils/flops_counter.py, since pull request 4959',
  source: 'https://github.com/volcengine/verl/blob/main/verl/utils/flops_counter.py',
  rules: {
    ...products(PER_WEIGHT, CAUSAL_ATTENTION, 'flops_counter.py, _estimate_qwen2_flops and its like'),
    embedding: {
      count: '6 * parameters * tokens',
      says: '6 per element of the table and token',
      where: 'flops_counter.py, emd_and_lm_head_N',
      bug: 'The embedding only looks rows up, and is counted as a product.',
    },
  },
};
