import { each, NOTHING, type Rule } from './convention.ts';

/** Functions and searches that most tools have no rule for, and count as nothing. */
export const uncounted = each(
  NOTHING,
  'fft',
  'pointwise',
  'glu',
  'reduce',
  'cumsum',
  'scan',
  'deltarule',
  'topk',
  'lrn',
  'gridsample',
  'nms',
  'scatter',
  'fold',
  'roialign',
  'rope',
  'combine',
);

/**
 * nn.LocalResponseNorm has no rule, but calls three methods of tensors and a pool over the channels, padded by one less than
 * its window, which tools that patch functions count.
 */
export const patchedLrn = (where: string): Rule => ({
  count: '4 * i + i // channels * (size - 1)',
  says: '1 per element for the square, the factor and the sum each, and 1 per element of the padded squares',
  where,
});
