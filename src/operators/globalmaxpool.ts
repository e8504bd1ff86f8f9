import { NO_ATTRIBUTES } from './kit/attributes.ts';
import { defineOperator } from './kit/operator.ts';
import { globalPool, maximum } from './kit/pool.ts';

export const globalmaxpool = defineOperator({
  name: 'globalmaxpool',
  summary: 'Take the greatest element of every channel of [n, c, …]; the spatial axes stay, with size 1.',
  attributes: NO_ATTRIBUTES,
  source: 'ONNX operator GlobalMaxPool',
  ...globalPool('globalmaxpool', maximum),
});
