import { type Convention, FLOPS } from '../convention.ts';
import { products } from './kit.ts';

/** The forward pass, without embeddings and logits. */
export const kaplan: Convention = {
  name: 'kaplan',
  summary:
    'The forward pass of Kaplan et al.: 2 for each weight of the layers and token, and 2 for each score and feature; no embeddings, no logits.',
  unit: FLOPS,
  network: 'language',
  version: 'Kaplan et al. 2020, arXiv:2001.08361, table 1',
  source: 'https://arxiv.org/abs/2001.08361',
  rules: products(
    { count: '2 * projections * (1 - head)', says: '2 per weight of the layers and token' },
    { count: 'products', says: 'half of the products of attention' },
    'table 1, C_forward = 2 N + 2 n_layer n_ctx d_attn',
  ),
};
