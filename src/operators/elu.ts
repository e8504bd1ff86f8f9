import * as z from 'zod/mini';
import { real, withDefault } from './attributes.ts';
import { activation } from './elementwise.ts';

export const elu = activation({
  name: 'elu',
  summary: 'Bend what is negative towards −alpha.',
  attributes: z.strictObject({ alpha: withDefault(real, 1) }),
  formula: 'x > 0 ? x : alpha·(exp(x) − 1), both arms computed',
  operations: { compare: 1, exp: 1, subtract: 1, multiply: 1 },
  source: 'Clevert et al. 2015, arXiv:1511.07289; torch.nn.ELU',
});
