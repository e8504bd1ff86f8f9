import * as z from 'zod/mini';
import { about, fraction } from './kit/attributes.ts';
import { defineOperator } from './kit/operator.ts';

export const stochasticdepth = defineOperator({
  name: 'stochasticdepth',
  summary: 'Drop a whole branch at random while training; does nothing at inference.',
  attributes: z.strictObject({ rate: about(fraction, 'Share of inputs for which the branch is dropped in training.') }),
  rule: 'Free at inference: no operations.',
  source: 'Huang et al. 2016, arXiv:1603.09382; torchvision.ops.StochasticDepth',
  shape: (_, [x]) => x,
  inPlace: true,
  run: (_, [x]) => x,
});
