import * as z from 'zod/mini';
import { about, fraction, withDefault } from './kit/attributes.ts';
import { defineOperator } from './kit/operator.ts';

export const dropout = defineOperator({
  name: 'dropout',
  summary: 'Zero elements at random while training; does nothing at inference.',
  attributes: z.strictObject({ rate: about(withDefault(fraction, 0.5), 'Share of elements dropped in training.') }),
  rule: 'Free at inference: no operations.',
  source: 'Srivastava et al. 2014; torch.nn.Dropout',
  shape: (_, [x]) => x,
  inPlace: true,
  run: (_, [x]) => x,
});
