import { everyOperator, type OperatorName, type operators } from '../../operators/registry.ts';
import { fail } from '../../problems/problem.ts';
import { gridsample, nms, roialign } from '../families/detection/write.ts';
import {
  arithmetic,
  gated,
  gelu,
  hardSigmoid,
  join,
  nodeOf,
  pointwise,
  prelu,
  relu6,
  silu,
  through,
} from '../families/elementwise/write.ts';
import { fromColumns, toColumns } from '../families/moving/columns.ts';
import {
  concatenation,
  flatten,
  pad,
  permute,
  pixelShuffle,
  pixelUnshuffle,
  reshape,
  roll,
  shuffle,
  slice,
  split,
  upsample,
} from '../families/moving/write.ts';
import { move, scatterJoined } from '../families/moving/write-picks.ts';
import {
  batchNormalisation,
  groupNormalisation,
  instanceNormalisation,
  layerNormalisation,
  lengthNormalisation,
  localResponse,
  rmsNormalisation,
} from '../families/normalisation/write.ts';
import { adaptivePool, averagePool, maximumPool } from '../families/pooling/write.ts';
import { deformableConvolution } from '../families/products/deformable.ts';
import {
  attention,
  convolution,
  dynamicConvolution,
  einsum,
  matrixProduct,
  projected,
  transposedConvolution,
} from '../families/products/write.ts';
import { recurrent } from '../families/recurrent/write.ts';
import { greatest, reduction, runningSum } from '../families/reductions/write.ts';
import { fourier } from '../families/spectra/write.ts';
import {
  cache,
  combine,
  deltaRule,
  dispatch,
  embedding,
  mergeheads,
  positions,
  recall,
  relativeBias,
  rope,
  scan,
  sdpa,
  splitheads,
} from '../families/transformers/write.ts';
import type { OnnxOutput } from '../file/proto.ts';
import type { LayerWriter } from './emission.ts';
import { constant, parameter, relativePosition } from './tensors.ts';

type AttributesOf<O extends OperatorName> = Parameters<(typeof operators)[O]['shapes']>[0];

/** Writes one layer as nodes of ONNX: its output, or several. */
export type WriteRule<A = never> = (writer: LayerWriter, attributes: A) => OnnxOutput | readonly OnnxOutput[];

const globalPool =
  (operator: string) =>
  (writer: LayerWriter): OnnxOutput =>
    writer.node(operator, writer.inputs, writer.outputs[0] as readonly number[]);

type WriteRules = { readonly [O in OperatorName]: WriteRule<AttributesOf<O>> };

/** How each operator is written in opset 17. One without does not compile. */
export const LAYERS: WriteRules = everyOperator<WriteRules>()({
  conv: convolution,
  convtranspose: transposedConvolution,
  dynamicconv: dynamicConvolution,
  deformconv: deformableConvolution,
  linear: (writer) => {
    const { matrix, bias } = writer.weights;
    return projected(writer, writer.inputs[0] as OnnxOutput, matrix as OnnxOutput, bias);
  },
  matmul: matrixProduct,
  einsum,
  attention,
  sdpa,
  recurrent,
  fft: fourier,

  batchnorm: batchNormalisation,
  layernorm: layerNormalisation,
  rmsnorm: rmsNormalisation,
  groupnorm: groupNormalisation,
  instancenorm: instanceNormalisation,
  l2norm: lengthNormalisation,
  lrn: localResponse,

  relu: through(nodeOf('Relu')),
  relu6,
  leakyrelu: (writer, { slope }) => through(nodeOf('LeakyRelu', { alpha: { float: slope } }))(writer),
  prelu,
  elu: (writer, { alpha }) => through(nodeOf('Elu', { alpha: { float: alpha } }))(writer),
  gelu,
  silu,
  glu: gated,
  sigmoid: through(nodeOf('Sigmoid')),
  tanh: through(nodeOf('Tanh')),
  softmax: (writer, { axis }) => through(nodeOf('Softmax', { axis: { int: axis } }))(writer),
  hardsigmoid: hardSigmoid,
  hardswish: through(nodeOf('HardSwish')),

  maxpool: maximumPool,
  avgpool: averagePool,
  globalavgpool: globalPool('GlobalAveragePool'),
  globalmaxpool: globalPool('GlobalMaxPool'),
  adaptiveavgpool: adaptivePool('AveragePool', 'ReduceMean'),
  adaptivemaxpool: adaptivePool('MaxPool', 'ReduceMax'),

  add: join('Add'),
  multiply: join('Mul'),
  arithmetic,
  pointwise,
  reduce: reduction,
  cumsum: runningSum,
  topk: greatest,
  nms,
  scatter: scatterJoined,
  concat: concatenation,

  split,
  slice,
  shuffle,
  pixelshuffle: pixelShuffle,
  pixelunshuffle: pixelUnshuffle,
  unfold: toColumns,
  fold: fromColumns,
  flatten,
  reshape,
  permute,
  pad,
  upsample,
  gridsample,
  roialign,
  roll,
  move,

  embedding,
  positions,
  rope,
  splitheads,
  mergeheads,
  cache,
  scan,
  deltarule: deltaRule,
  recall,
  dispatch,
  combine,

  parameter,
  constant,
  relativeposition: relativePosition,
  relativebias: relativeBias,

  dropout: (writer, { rate }) => {
    const [x] = writer.inputs as [OnnxOutput];
    return writer.node('Dropout', [x, writer.number(rate)], x.shape);
  },
  stochasticdepth: through(nodeOf('Identity')),
  identity: through(nodeOf('Identity')),
  unknown: (_, { operator, domain }) => {
    throw fail('NOT_EXPORTABLE', { operator: domain === '' ? operator : `${domain}.${operator}` });
  },
});
