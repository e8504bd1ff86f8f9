import { activation } from './elementwise.ts';

export const hardsigmoid = activation({
  name: 'hardsigmoid',
  summary: 'Squash every element to 0 to 1 by straight lines.',
  formula: 'min(max(x + 3, 0), 6) · ⅙',
  operations: { multiply: 1, add: 1, compare: 2 },
  source: 'Howard et al. 2019, arXiv:1905.02244, section 5.2; torch.nn.Hardsigmoid',
});
