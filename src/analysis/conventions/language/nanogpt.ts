import { type Convention, NOTHING } from '../convention.ts';
import { palm } from './palm.ts';

/** PaLM’s rule, without the embeddings of positions. */
export const nanogpt: Convention = {
  ...palm,
  name: 'nanogpt',
  summary: 'nanoGPT’s estimate_mfu: PaLM’s rule without the parameters of learned positions.',
  version: 'karpathy/nanoGPT, model.py, estimate_mfu',
  source: 'https://github.com/karpathy/nanoGPT/blob/master/model.py',
  rules: { ...palm.rules, positions: { ...NOTHING, says: 'nothing', where: 'model.py, get_num_params(non_embedding=True)' } },
};
