import { type Convention, TRAINING } from '../convention.ts';
import { everywhere } from './kit.ts';

/** What the Trainer of transformers logs as total_flos. */
export const hfTrainer: Convention = {
  name: 'hf-trainer',
  summary: 'total_flos of Hugging Face’s Trainer: 6 for each token and parameter that is in no nn.Embedding, all experts included.',
  unit: TRAINING,
  network: 'language',
  version: 'transformers 4.48, modeling_utils.py',
  source: 'https://github.com/huggingface/transformers',
  rules: everywhere({
    count: '6 * (own - looked_up) * tokens',
    says: '6 per parameter and token, without embeddings',
    where: 'modeling_utils.py, floating_point_ops, num_parameters(exclude_embeddings=True)',
  }),
};
