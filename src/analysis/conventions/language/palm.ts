import { type Convention, TRAINING } from '../convention.ts';
import { PER_PARAMETER, parametersAndAttention, WHOLE_ATTENTION } from './kit.ts';

/** What a model needs, for its utilisation of a machine. */
export const palm: Convention = {
  name: 'palm',
  summary:
    'Model FLOPs of PaLM, as LLM Foundry has them: 6 for each parameter and token, and all of attention’s products, masked ones too.',
  unit: TRAINING,
  network: 'language',
  version: 'Chowdhery et al. 2022, arXiv:2204.02311, appendix B; mosaicml/llm-foundry, scripts/train/benchmarking',
  source: 'https://github.com/mosaicml/llm-foundry/tree/main/scripts/train/benchmarking',
  rules: parametersAndAttention(PER_PARAMETER, WHOLE_ATTENTION, 'appendix B, 6N + 12LHQT'),
};
