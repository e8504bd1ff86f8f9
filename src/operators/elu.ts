import * as z from 'zod/mini';
import { elementOf, ONE, ZERO } from '../core/tensor.ts';
import { about, real, withDefault } from './kit/attributes.ts';
import { activation } from './kit/elementwise.ts';

export const elu = activation({
  name: 'elu',
  summary: 'Bend what is negative towards −alpha.',
  attributes: z.strictObject({ alpha: about(withDefault(real, 1), 'Scale of the part below zero, which approaches −alpha.') }),
  formula: 'x > 0 ? x : alpha·(exp(x) − 1), both arms computed',
  operations: { compare: 1, exp: 1, subtract: 1, multiply: 1 },
  compute(x, alu, { alpha }) {
    const bent = alu.multiply(elementOf(alpha), alu.subtract(alu.exp(x), ONE));
    return alu.compare(x, ZERO) ? x : bent;
  },
  derivative: {
    of: 'input',
    operations: { compare: 1, exp: 1, multiply: 2 },
    compute(x, g, alu, { alpha }) {
      const bent = alu.multiply(alu.multiply(elementOf(alpha), alu.exp(x)), g);
      return alu.compare(x, ZERO) ? g : bent;
    },
  },
  source: 'Clevert et al. 2015, arXiv:1511.07289; torch.nn.ELU',
});
