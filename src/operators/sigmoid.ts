import { activation } from './elementwise.ts';

export const sigmoid = activation({
  name: 'sigmoid',
  summary: 'Squash every element to 0 to 1.',
  formula: '1 / (1 + exp(0 − x))',
  operations: { subtract: 1, exp: 1, add: 1, divide: 1 },
  source: 'torch.nn.Sigmoid; ONNX operator Sigmoid',
});
