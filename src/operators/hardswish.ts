import { hardSigmoid } from './hardsigmoid.ts';
import { activation } from './kit/elementwise.ts';

export const hardswish = activation({
  name: 'hardswish',
  summary: 'Multiply every element by its hard sigmoid.',
  formula: 'x · min(max(x + 3, 0), 6) · ⅙',
  operations: { multiply: 2, add: 1, compare: 2 },
  compute: (x, alu) => alu.multiply(x, hardSigmoid(x, alu)),
  source: 'Howard et al. 2019, arXiv:1905.02244, section 5.2; torch.nn.Hardswish',
});
