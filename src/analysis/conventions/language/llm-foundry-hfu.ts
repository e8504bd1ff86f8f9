import { type Convention, TRAINING } from '../convention.ts';
import { parametersAndAttention } from './kit.ts';

/** Hardware FLOPs where all activations are checkpointed. */
export const llmFoundryHfu: Convention = {
  name: 'llm-foundry-hfu',
  summary: 'Hardware FLOPs of LLM Foundry, with checkpointing: as palm, with the forward pass once more.',
  unit: TRAINING,
  network: 'language',
  recomputes: true,
  version: 'mosaicml/llm-foundry, scripts/train/benchmarking, commit 061f2c7',
  source: 'https://github.com/mosaicml/llm-foundry/tree/main/scripts/train/benchmarking',
  rules: parametersAndAttention(
    { count: '8 * active * tokens', says: '8 per parameter and token' },
    { count: '8 * products', says: 'all products of attention, four times' },
    'README.md, hfu = 4 * flops_per_seq + 4 * attn_flops_per_seq',
  ),
};
