import { type Convention, TRAINING } from '../convention.ts';
import { CAUSAL_ATTENTION, PER_WEIGHT, products } from './kit.ts';

/** What Megatron-LM logs as its throughput. */
export const megatron: Convention = {
  name: 'megatron',
  summary:
    'Megatron-LM, NeMo and Megatron Bridge: products with weights and logits, and half of attention’s, as causal; no embedding, no router.',
  unit: TRAINING,
  network: 'language',
  version: 'NVIDIA/Megatron-LM, megatron/training/training.py, since March 2025',
  source: 'https://github.com/NVIDIA/Megatron-LM/blob/main/megatron/training/training.py',
  rules: products(PER_WEIGHT, CAUSAL_ATTENTION, 'training.py, num_floating_point_operations'),
};
