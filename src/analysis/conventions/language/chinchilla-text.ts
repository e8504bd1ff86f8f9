import { type Convention, TRAINING } from '../convention.ts';
import { PER_WEIGHT, products } from './kit.ts';

/** As the text of appendix F says: with embeddings and logits as products. */
export const chinchillaText: Convention = {
  name: 'chinchilla-text',
  summary: 'Hoffmann et al. as their text says: embeddings, as a product with one-hot vectors, and logits are counted too.',
  unit: TRAINING,
  network: 'language',
  version: 'Hoffmann et al. 2022, arXiv:2203.15556, appendix F',
  source: 'https://arxiv.org/abs/2203.15556',
  rules: {
    ...products(
      PER_WEIGHT,
      { count: '6 * products + 9 * scores', says: 'all products of attention, and 9 per score for a softmax' },
      'appendix F',
    ),
    embedding: { count: '6 * parameters * tokens', says: '6 per element of the table and token', where: 'appendix F, embeddings' },
  },
};
