import { type Convention, TRAINING } from '../convention.ts';
import { everywhere, PER_PARAMETER } from './kit.ts';

/** The rule of thumb of training: six for each parameter and token. */
export const sixNd: Convention = {
  name: '6nd',
  summary: 'The rule of thumb of training: 6 for each parameter and token; of experts, those that a token goes through.',
  unit: TRAINING,
  network: 'language',
  version: 'Kaplan et al. 2020, arXiv:2001.08361, section 2.1; Brown et al. 2020, arXiv:2005.14165, table D.1',
  source: 'https://arxiv.org/abs/2001.08361',
  rules: everywhere({ ...PER_PARAMETER, where: 'C = 6 N D' }),
};
