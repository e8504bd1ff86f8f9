import { type Convention, TRAINING } from '../convention.ts';
import { products } from './kit.ts';

/** As table A4 has it: without embeddings and logits, contrary to its text. */
export const chinchilla: Convention = {
  name: 'chinchilla',
  summary:
    'Hoffmann et al., as their table A4 comes out: products of the layers, 3 per score for a softmax, times 3 for training; no embeddings, no logits.',
  unit: TRAINING,
  network: 'language',
  version: 'Hoffmann et al. 2022, arXiv:2203.15556, appendix F; nanoGPT, scaling_laws.ipynb',
  source: 'https://github.com/karpathy/nanoGPT/blob/master/scaling_laws.ipynb',
  rules: products(
    { count: '6 * projections * (1 - head)', says: '6 per weight of the layers and token' },
    { count: '6 * products + 9 * scores', says: 'all products of attention, and 9 per score for a softmax' },
    'appendix F; scaling_laws.ipynb, chinchilla_flops',
  ),
};
