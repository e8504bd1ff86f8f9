import { type Convention, each, type Rule, TRAINING } from '../convention.ts';
import { CAUSAL_ATTENTION, products } from './kit.ts';

/** Of norms, only those within latent attention are counted. */
const LATENT_NORM: Rule = {
  count: '6 * parameters * tokens if rank == 3 and features < width else 0',
  says: '6 per parameter and token, of the norms of latents alone',
  where: 'training.py, q_lora_rank and kv_lora_rank',
};

/** What Megatron-LM logs as its throughput. */
export const megatron: Convention = {
  name: 'megatron',
  summary:
    'Megatron-LM, NeMo and Megatron Bridge: products with weights and logits, and half of attention’s, as causal; no embedding, no router.',
  unit: TRAINING,
  network: 'language',
  version: 'NVIDIA/Megatron-LM, megatron/training/training.py, since March 2025',
  source: 'https://github.com/NVIDIA/Megatron-LM/blob/main/megatron/training/training.py',
  rules: {
    ...products(
      { count: '6 * projections * (1 - router)', says: '6 per weight and token, without routers' },
      CAUSAL_ATTENTION,
      'training.py, num_floating_point_operations',
    ),
    ...each(LATENT_NORM, 'rmsnorm', 'layernorm'),
  },
};
