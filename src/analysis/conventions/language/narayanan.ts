import { type Convention, TRAINING } from '../convention.ts';
import { products } from './kit.ts';

/** With every layer computed once more before its gradients. */
export const narayanan: Convention = {
  name: 'narayanan',
  summary: 'Narayanan et al.: products of the layers four times, as activations are recomputed, and logits three times.',
  unit: TRAINING,
  network: 'language',
  recomputes: true,
  version: 'Narayanan et al. 2021, arXiv:2104.04473, appendix',
  source: 'https://arxiv.org/abs/2104.04473',
  rules: products(
    { count: '(6 if head else 8) * projections', says: '8 per weight of the layers and token, 6 of the logits' },
    { count: '8 * products', says: 'all products of attention, four times' },
    'appendix, 96 B s l h² (1 + s / 6h + V / 16lh)',
  ),
};
