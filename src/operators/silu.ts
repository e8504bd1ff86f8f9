import { ONE } from '../core/tensor.ts';
import { activation } from './kit/elementwise.ts';
import { sigmoidOf } from './sigmoid.ts';

export const silu = activation({
  name: 'silu',
  summary: 'Multiply every element by its sigmoid; also called swish.',
  formula: 'x · 1 / (1 + exp(0 − x))',
  operations: { multiply: 1, add: 1, subtract: 1, divide: 1, exp: 1 },
  compute: (x, alu) => alu.multiply(x, sigmoidOf(x, alu)),
  derivative: {
    of: 'input',
    operations: { multiply: 3, add: 2, subtract: 2, divide: 1, exp: 1 },
    compute(x, g, alu) {
      const share = sigmoidOf(x, alu);
      return alu.multiply(g, alu.multiply(share, alu.add(ONE, alu.multiply(x, alu.subtract(ONE, share)))));
    },
  },
  source: 'Ramachandran et al. 2017, arXiv:1710.05941; torch.nn.SiLU',
});
