import { ONE } from '../core/tensor.ts';
import { fill } from './kit/elements.ts';
import { defineOperator } from './kit/operator.ts';
import { tensorAttributes, tensorShape } from './tensor.ts';

export const constant = defineOperator({
  name: 'constant',
  summary:
    'A fixed tensor [n, …shape] that is not learned, such as a mask; reads only the batch of its input, and with expand: false has a batch of 1; with whole: true shape has the batch too.',
  attributes: tensorAttributes,
  rule: 'Free: no operations; what joins it to others counts there.',
  source: 'ONNX operator Constant; torch.nn.Module.register_buffer',
  shape: tensorShape,
  gradient: { inputs: () => ['none'], held: true },
  /** A spec does not say what the elements are; ones stand for them. */
  run: (a, [x], _, alu) => fill(tensorShape(a, [x.shape]), alu, () => ONE),
});
