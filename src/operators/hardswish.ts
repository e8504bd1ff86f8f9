import { elementOf, ZERO } from '../core/tensor.ts';
import { hardSigmoid } from './hardsigmoid.ts';
import { activation } from './kit/elementwise.ts';

const THIRD = elementOf(1 / 3);
const HALF = elementOf(0.5);

export const hardswish = activation({
  name: 'hardswish',
  summary: 'Multiply every element by its hard sigmoid.',
  formula: 'x · min(max(x + 3, 0), 6) · ⅙',
  operations: { multiply: 2, add: 1, compare: 2 },
  compute: (x, alu) => alu.multiply(x, hardSigmoid(x, alu)),
  derivative: {
    of: 'input',
    operations: { compare: 2, multiply: 2, add: 1 },
    compute(x, g, alu) {
      const bent = alu.multiply(g, alu.add(alu.multiply(x, THIRD), HALF));
      const [isAbove, isWhole] = [alu.compare(x, elementOf(-3)), alu.compare(x, elementOf(3))];
      if (isWhole) return g;
      return isAbove ? bent : ZERO;
    },
  },
  source: 'Howard et al. 2019, arXiv:1905.02244, section 5.2; torch.nn.Hardswish',
});
