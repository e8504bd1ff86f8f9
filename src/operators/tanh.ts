import { activation } from './kit/elementwise.ts';

export const tanh = activation({
  name: 'tanh',
  summary: 'Squash every element to −1 to 1.',
  formula: 'tanh(x)',
  operations: { tanh: 1 },
  compute: (x, alu) => alu.tanh(x),
  source: 'torch.nn.Tanh; ONNX operator Tanh',
});
