import { type Convention, TRAINING } from '../convention.ts';
import { parametersAndAttention, WINDOWED_ATTENTION } from './kit.ts';

/** What torchtitan logs. */
export const torchtitan: Convention = {
  name: 'torchtitan',
  summary:
    'torchtitan: 6 for each token and parameter but the embedding’s, unless logits share it; all of attention’s products, masked ones too.',
  unit: TRAINING,
  network: 'language',
  version: 'pytorch/torchtitan, torchtitan/models/utils.py, commit 01c01c8',
  source: 'https://github.com/pytorch/torchtitan/blob/main/torchtitan/models/utils.py',
  rules: parametersAndAttention(
    { count: '6 * (active - looked_up + tied) * tokens', says: '6 per parameter and token, without embeddings' },
    WINDOWED_ATTENTION,
    'models/utils.py, get_nparams_and_active_nparams, quadratic_attention_flops_per_token',
  ),
};
