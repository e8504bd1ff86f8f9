import { NO_ATTRIBUTES } from './attributes.ts';
import { defineOperator } from './operator.ts';
import { globalPool, maximum } from './pool.ts';

export const globalmaxpool = defineOperator({
  name: 'globalmaxpool',
  summary: 'Take the greatest element of every channel of [n, c, …]; the spatial axes stay, with size 1.',
  attributes: NO_ATTRIBUTES,
  source: 'ONNX operator GlobalMaxPool',
  ...globalPool('globalmaxpool', maximum),
});
