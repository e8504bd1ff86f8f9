import { type Convention, each, FLOPS, NOTHING, type Rule, rulesFor } from './convention.ts';
import { movers } from './movers.ts';

const window: Rule = {
  count: '2 * (macs - padded) + o * bias',
  says: 'multiplies and adds of the taps that lie on the input, and biases',
  where: 'hlo_cost_analysis.cc, GetConvolutionFlops, HandleElementwiseOp',
};
const product: Rule = {
  count: '2 * macs + o * bias',
  says: 'multiplies and adds, and biases',
  where: 'hlo_cost_analysis.cc, GetDotFlops, HandleElementwiseOp',
};
const apart: Rule = {
  count: 'operations - transcendental',
  says: 'every scalar operation but the transcendental ones',
  where: 'hlo_cost_analysis.cc, HandleElementwiseOp, HandleReduce',
};
const pool = (beside: string): Rule => ({
  count: `o * (kernel - 1)${beside}`,
  says: 'one less than its taps per output element',
  where: 'hlo_cost_analysis.cc, HandleReduceWindow',
});
const reduction = (beside: string): Rule => ({
  count: `i - o${beside}`,
  says: '1 per element that goes into another',
  where: 'hlo_cost_analysis.cc, HandleReduce',
});
const transcendental: Rule = {
  ...NOTHING,
  says: 'nothing: transcendental operations are apart',
  where: 'hlo_cost_analysis.cc, HandleElementwiseOp',
};

/** The cost analysis of a compiled program, before it is optimised: what JAX prints as "flops". */
export const xla: Convention = {
  name: 'xla',
  summary: 'XLA’s cost analysis, which JAX prints: taps on padding are skipped, and exp, tanh and the like are not among its flops.',
  unit: FLOPS,
  version: 'XLA, hlo_cost_analysis.cc, commit 001918b',
  source: 'https://github.com/openxla/xla',
  rules: rulesFor({
    ...each(window, 'conv', 'convtranspose'),
    dynamicconv: { ...window, count: '2 * (macs - padded) + o if inputs > 2 else 2 * (macs - padded)' },
    ...each(product, 'linear', 'matmul'),
    einsum: { count: '2 * multiply', says: '2 per product', where: 'hlo_cost_analysis.cc, GetDotFlops' },
    ...each(apart, 'attention', 'sdpa', 'recurrent'),
    ...each(apart, 'batchnorm', 'layernorm', 'groupnorm', 'instancenorm', 'rmsnorm', 'l2norm', 'lrn'),
    ...each(apart, 'relu', 'relu6', 'leakyrelu', 'prelu', 'elu', 'gelu', 'silu', 'glu', 'hardsigmoid', 'hardswish'),
    ...each(transcendental, 'sigmoid', 'tanh'),
    fft: {
      count: '8 * fourier_elements * fourier_logs',
      says: '8 per element of the input times the logarithm of its length',
      where: 'hlo_cost_analysis.cc, HandleFft',
      bug: 'The logarithms of several axes are multiplied, not added.',
      bugIf: 'fourier_axes > 1',
    },
    softmax: {
      count: '4 * i - 2 * (i // length)',
      says: '4 per element, 2 less per vector',
      where: 'hlo_cost_analysis.cc, HandleReduce, HandleElementwiseOp',
    },
    maxpool: pool(''),
    avgpool: pool(' + o'),
    ...each(reduction(''), 'globalmaxpool', 'adaptivemaxpool'),
    ...each(reduction(' + o'), 'globalavgpool', 'adaptiveavgpool'),
    reduce: {
      count: 'operations - transcendental - o',
      says: 'every scalar operation but the transcendental ones; the first element of each result is taken as it is',
      where: 'hlo_cost_analysis.cc, HandleReduce, HandleElementwiseOp',
    },
    ...each(apart, 'add', 'multiply', 'arithmetic', 'pointwise', 'cumsum', 'scan', 'deltarule'),
    ...each(apart, 'topk', 'nms', 'scatter', 'fold', 'upsample', 'gridsample', 'deformconv', 'roialign', 'rope', 'combine'),
    ...movers,
  }),
};
