import type { Alu } from '../core/alu.ts';
import { type Element, ONE, ZERO } from '../core/tensor.ts';
import { activation } from './kit/elementwise.ts';

export const sigmoidOf = (x: Element, alu: Alu): Element => alu.divide(ONE, alu.add(ONE, alu.exp(alu.subtract(ZERO, x))));

export const sigmoid = activation({
  name: 'sigmoid',
  summary: 'Squash every element to 0 to 1.',
  formula: '1 / (1 + exp(0 − x))',
  operations: { subtract: 1, exp: 1, add: 1, divide: 1 },
  compute: sigmoidOf,
  derivative: {
    of: 'output',
    operations: { multiply: 2, subtract: 1 },
    compute: (y, g, alu) => alu.multiply(g, alu.multiply(y, alu.subtract(ONE, y))),
  },
  source: 'torch.nn.Sigmoid; ONNX operator Sigmoid',
});
