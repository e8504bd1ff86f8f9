import { elementOf, ZERO } from '../core/tensor.ts';
import { activation } from './kit/elementwise.ts';

const SIX = elementOf(6);

export const relu6 = activation({
  name: 'relu6',
  summary: 'Clip every element to 0 to 6.',
  formula: 'min(max(x, 0), 6)',
  operations: { compare: 2 },
  compute(x, alu) {
    const least = alu.compare(x, ZERO) ? x : ZERO;
    return alu.compare(SIX, least) ? least : SIX;
  },
  derivative: {
    of: 'input',
    operations: { compare: 2 },
    compute(x, g, alu) {
      const [isAbove, isBelow] = [alu.compare(x, ZERO), alu.compare(SIX, x)];
      return isAbove && isBelow ? g : ZERO;
    },
  },
  source: 'Howard et al. 2017, arXiv:1704.04861; torch.nn.ReLU6',
});
