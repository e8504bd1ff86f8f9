import { ZERO } from '../core/tensor.ts';
import { activation } from './kit/elementwise.ts';

export const relu = activation({
  name: 'relu',
  summary: 'Replace what is negative by 0.',
  formula: 'max(x, 0)',
  operations: { compare: 1 },
  compute: (x, alu) => (alu.compare(x, ZERO) ? x : ZERO),
  derivative: { of: 'output', operations: { compare: 1 }, compute: (y, g, alu) => (alu.compare(y, ZERO) ? g : ZERO) },
  source: 'Nair and Hinton 2010; torch.nn.ReLU',
});
