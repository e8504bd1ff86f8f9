import { NO_ATTRIBUTES } from './kit/attributes.ts';
import { defineOperator } from './kit/operator.ts';
import { average, globalPool } from './kit/pool.ts';

export const globalavgpool = defineOperator({
  name: 'globalavgpool',
  summary: 'Take the mean of every channel of [n, c, …]; the spatial axes stay, with size 1.',
  attributes: NO_ATTRIBUTES,
  source: 'Lin et al. 2013, arXiv:1312.4400, section 3.2; ONNX operator GlobalAveragePool',
  ...globalPool('globalavgpool', average),
});
