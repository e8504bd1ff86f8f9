import type { Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { fill, read } from './kit/elements.ts';
import { unbroadcast } from './kit/gradient.ts';
import { defineOperator, learned } from './kit/operator.ts';
import { asFarAs } from './kit/reach.ts';
import { isForEach, tensorAttributes, tensorShape } from './tensor.ts';

export const parameter = defineOperator({
  name: 'parameter',
  summary:
    'A learned tensor [n, …shape], to be added, multiplied or concatenated; once for each input of a batch, or with expand: false once; with whole: true shape has the batch too.',
  attributes: tensorAttributes,
  rule: 'Free: no operations; what joins it to others counts there.',
  source: 'torch.nn.Parameter',
  takesBatch: isForEach,
  shape: tensorShape,
  reach: ({ shape, expand, batch, whole }, [[n]]) => asFarAs(whole ? shape : [expand ? (batch ?? (n as number)) : 1, ...shape]),
  weights: ({ shape }) => ({ value: learned(shape) }),
  gradient: {
    held: true,
    inputs: () => ['none'],
    repeats: (a, _, [x]) => unbroadcast(a.whole ? a.shape : [1, ...a.shape], tensorShape(a, [x as Shape])).length > 0,
    weights: (a, [x]) => ({ value: unbroadcast(a.whole ? a.shape : [1, ...a.shape], tensorShape(a, [x as Shape])) }),
  },
  run: (a, [x], { value }, alu) => fill(tensorShape(a, [x.shape]), alu, (at) => read(value as Tensor, a.whole ? at : at.slice(1))),
});
