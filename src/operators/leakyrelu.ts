import * as z from 'zod/mini';
import { elementOf, ZERO } from '../core/tensor.ts';
import { about, real, withDefault } from './kit/attributes.ts';
import { activation } from './kit/elementwise.ts';

export const leakyrelu = activation({
  name: 'leakyrelu',
  summary: 'Multiply what is negative by a small slope.',
  attributes: z.strictObject({ slope: about(withDefault(real, 0.01), 'Factor for elements below zero.') }),
  formula: 'x > 0 ? x : slope·x, both arms computed',
  operations: { compare: 1, multiply: 1 },
  compute(x, alu, { slope }) {
    const scaled = alu.multiply(elementOf(slope), x);
    return alu.compare(x, ZERO) ? x : scaled;
  },
  derivative: {
    of: 'input',
    operations: { compare: 1, multiply: 1 },
    compute(x, g, alu, { slope }) {
      const scaled = alu.multiply(elementOf(slope), g);
      return alu.compare(x, ZERO) ? g : scaled;
    },
  },
  source: 'Maas et al. 2013; torch.nn.LeakyReLU',
});
