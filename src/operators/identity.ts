import { NO_ATTRIBUTES } from './kit/attributes.ts';
import { defineOperator } from './kit/operator.ts';

export const identity = defineOperator({
  name: 'identity',
  summary: 'Pass its input on.',
  attributes: NO_ATTRIBUTES,
  rule: 'Free: no operations.',
  source: 'torch.nn.Identity; ONNX operator Identity',
  shape: (_, [x]) => x,
  inPlace: true,
  gradient: { view: (_, input) => [input] },
  run: (_, [x]) => x,
});
