import { type Convention, FLOPS } from '../convention.ts';
import { everywhere } from './kit.ts';

/** The rule of thumb of inference: two for each parameter and token. */
export const twoN: Convention = {
  name: '2n',
  summary: 'The rule of thumb of inference: 2 for each parameter and token; of experts, those that a token goes through.',
  unit: FLOPS,
  network: 'language',
  version: 'Kaplan et al. 2020, arXiv:2001.08361, section 2.1',
  source: 'https://arxiv.org/abs/2001.08361',
  rules: everywhere({ count: '2 * active * tokens', says: '2 per parameter and token', where: 'C = 2 N' }),
};
