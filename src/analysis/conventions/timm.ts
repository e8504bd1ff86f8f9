import type { Convention } from './convention.ts';
import { fvcore } from './fvcore.ts';

/** timm publishes what fvcore counts. */
export const timm: Convention = {
  ...fvcore,
  name: 'timm',
  summary: 'The GMACs of timm’s tables (infer_gmacs): fvcore’s count in billions, with two decimals.',
  version: 'timm, results/benchmark-infer-*.csv',
  source: 'https://github.com/huggingface/pytorch-image-models',
  decimals: 2,
};
