import { ONE } from '../core/tensor.ts';
import { activation } from './kit/elementwise.ts';

export const tanh = activation({
  name: 'tanh',
  summary: 'Squash every element to −1 to 1.',
  formula: 'tanh(x)',
  operations: { tanh: 1 },
  compute: (x, alu) => alu.tanh(x),
  derivative: {
    of: 'output',
    operations: { multiply: 2, subtract: 1 },
    compute: (y, g, alu) => alu.multiply(g, alu.subtract(ONE, alu.multiply(y, y))),
  },
  source: 'torch.nn.Tanh; ONNX operator Tanh',
});
