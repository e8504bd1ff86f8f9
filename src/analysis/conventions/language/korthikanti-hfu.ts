import { type Convention, TRAINING } from '../convention.ts';
import { PER_WEIGHT, products } from './kit.ts';

/** Hardware FLOPs where attention alone is computed once more. */
export const korthikantiHfu: Convention = {
  name: 'korthikanti-hfu',
  summary: 'Hardware FLOPs of Korthikanti et al. with selective recomputation: products with weights three times, attention’s six times.',
  unit: TRAINING,
  network: 'language',
  version: 'Korthikanti et al. 2022, arXiv:2205.05198',
  source: 'https://arxiv.org/abs/2205.05198',
  rules: products(
    PER_WEIGHT,
    { count: '12 * products', says: 'all products of attention, six times' },
    '72 B L s h² (1 + s / 3h + V / 12hL)',
  ),
};
