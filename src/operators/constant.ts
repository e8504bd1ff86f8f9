import { ONE } from '../core/tensor.ts';
import { fill } from './kit/elements.ts';
import { defineOperator } from './kit/operator.ts';
import { asFarAs } from './kit/reach.ts';
import { isForEach, tensorAttributes, tensorShape } from './tensor.ts';

export const constant = defineOperator({
  name: 'constant',
  summary:
    'A fixed tensor [n, …shape] that is not learned, such as a mask; once for each input of a batch, or with expand: false once; with whole: true shape has the batch too.',
  attributes: tensorAttributes,
  rule: 'Free: no operations; what joins it to others counts there.',
  source: 'ONNX operator Constant; torch.nn.Module.register_buffer',
  takesBatch: isForEach,
  shape: tensorShape,
  reach: ({ shape, expand, batch, whole }, [[n]]) => asFarAs(whole ? shape : [expand ? (batch ?? (n as number)) : 1, ...shape]),
  gradient: { inputs: () => ['none'], held: true },
  /** A spec does not say what the elements are; ones stand for them. */
  run: (a, [x], _, alu) => fill(tensorShape(a, [x.shape]), alu, () => ONE),
});
