import { type Convention, each, MACS, NOTHING, type Rule, rulesFor } from './convention.ts';
import { movers } from './movers.ts';

const where = (node: string): string => `node.py, ${node}`;
const perElement = (times: number, node: string): Rule => ({
  count: times === 1 ? 'o' : `${times} * o`,
  says: `${times} per element`,
  where: where(node),
});
const pool: Rule = {
  count: 'o * kernel if axes < 3 else o * kernel_first',
  says: '1 per tap of each output element',
  where: where('PoolBase'),
  bug: 'Of three axes of a window only the first is counted.',
  bugIf: 'axes == 3',
};
const global: Rule = { count: 'i + 4 * o', says: '1 per input and 4 per output element', where: where('GlobalAveragePoolNode') };

/** What exporters of opset 16 and before write a layer norm as: two means, a difference, a power, a root, a quotient, scale and shift. */
const layernorm: Rule = {
  count: '(41 if affine else 39) * i + 25 * (i // features)',
  says: '41 per element and 25 per vector, as exported before opset 17',
  where: where('ReduceMeanNode, SubNode, PowNode, SqrtNode, DivNode, MulNode, AddNode'),
};

/** Nodes of the file, each operation at the instructions that it takes: exp 32, log 43, sqrt 24, divide 4. */
export const onnxTool: Convention = {
  name: 'onnx-tool',
  summary: 'onnx-tool’s MACs: nodes of the exported file, every operation by the instructions it takes: exp 32, log 43, sqrt 24, divide 4.',
  unit: MACS,
  version: 'onnx-tool 0.9, node.py',
  source: 'https://github.com/ThanatosShinji/onnx-tool',
  rules: rulesFor({
    conv: {
      count: 'macs + o if axes < 3 else macs // kernel_last + o',
      says: 'multiply-accumulates, and 1 per output element with or without bias',
      where: where('ConvNode'),
      bug: 'A bias is counted even where there is none; of three axes of the kernel the last is left out.',
      bugIf: 'not bias or axes == 3',
    },
    dynamicconv: {
      count: 'macs + o if axes < 3 else macs // kernel_last + o',
      says: 'multiply-accumulates, and 1 per output element with or without bias',
      where: where('ConvNode'),
      bug: 'A bias is counted even where there is none; of three axes of the kernel the last is left out.',
      bugIf: 'inputs < 3 or axes == 3',
    },
    convtranspose: {
      count: 'o * (1 + out_channels // groups * kernel) if axes < 3 else o * (1 + out_channels // groups * kernel // kernel_last)',
      says: 'the taps of its kernel at output positions, and 1 per output element with or without bias',
      where: where('ConvTransposeNode'),
      bug: 'Each output element is counted with the weights of one input channel to all outputs of its group.',
    },
    linear: { count: 'macs + o * bias', says: 'multiply-accumulates and biases', where: where('GemmNode, MatMulNode, AddNode') },
    ...each({ count: 'macs', says: 'multiply-accumulates', where: where('MatMulNode, EinsumNode') }, 'matmul', 'einsum'),
    attention: {
      count: 'macs + 2 * batch * (queries + keys) * features * bias + 37 * scores',
      says: 'multiply-accumulates, biases, and 37 per score: a factor and a softmax',
      where: where('MatMulNode, AddNode, MulNode, SoftmaxNode'),
    },
    sdpa: {
      count: 'macs + 37 * scores',
      says: 'multiply-accumulates, and 37 per score: a factor and a softmax',
      where: where('MatMulNode, MulNode, SoftmaxNode'),
    },
    recurrent: {
      count: 'parameters * batch if lstm or gru else 0',
      says: 'its weights and biases, once for each of the batch, whatever the steps',
      where: where('LSTMNode, GRUNode'),
      bug: 'The steps are left out; a plain cell is not counted.',
    },

    batchnorm: { count: '0', says: 'nothing: folded', where: where('BatchNormalizationNode, a FusedBase') },
    layernorm,
    groupnorm: { count: '14 * i + 2 * i * affine', says: '16 per element', where: where('InstanceNormalizationNode, MulNode, AddNode') },
    instancenorm: { count: '14 * i', says: '14 per element', where: where('InstanceNormalizationNode') },
    rmsnorm: {
      count: '35 * i + 29 * (i // features)',
      says: '35 per element and 29 per vector',
      where: where('PowNode, ReduceMeanNode, AddNode, SqrtNode, DivNode, MulNode'),
    },
    l2norm: NOTHING,
    lrn: { count: '(37 + size) * o', says: '37 per element and 1 per neighbour', where: where('LRNNode') },

    relu: perElement(1, 'ReluNode'),
    relu6: perElement(2, 'ClipNode'),
    leakyrelu: perElement(2, 'LeakyReluNode'),
    prelu: perElement(2, 'PReluNode'),
    elu: NOTHING,
    gelu: perElement(7, 'DivNode, ErfNode, AddNode, MulNode'),
    silu: perElement(33, 'SigmoidNode, MulNode'),
    glu: { count: '33 * o', says: '33 per element of the output', where: where('SigmoidNode, MulNode') },
    sigmoid: perElement(32, 'SigmoidNode'),
    tanh: perElement(64, 'TanhNode'),
    softmax: perElement(36, 'SoftmaxNode'),
    hardsigmoid: perElement(4, 'HardSigmoidNode'),
    hardswish: NOTHING,

    ...each(pool, 'maxpool', 'avgpool'),
    globalavgpool: global,
    adaptiveavgpool: {
      ...global,
      count: 'i + 4 * o if positions == 1 else i',
      says: '1 per input element; to one position, 4 per output element',
    },
    ...each(NOTHING, 'globalmaxpool', 'adaptivemaxpool'),

    ...each({ count: 'o * (inputs - 1)', says: '1 per output element and join', where: where('AddNode, MulNode') }, 'add', 'multiply'),
    arithmetic: {
      count: '32 * exp if exp else multiply + add + subtract + compare + 4 * divide',
      says: 'per output element 1, for a divide 4, for a power 32',
      where: where('AddNode, SubNode, MulNode, DivNode, PowNode and their like'),
    },
    pointwise: {
      count: '32 * exp + 43 * log + 24 * sqrt + 39 * (sin + cos) + 4 * divide + multiply + add + subtract + compare',
      says: 'per element what its operations take',
      where: where('ExpNode, LogNode, SqrtNode and their like'),
    },
    reduce: { count: 'i', says: '1 per input element', where: where('ReduceMeanNode and its like') },
    cumsum: perElement(1, 'CumSumNode'),
    scan: { count: 'multiply + add', says: '1 per operation', where: where('MulNode, AddNode') },
    rope: { count: 'multiply + add + subtract', says: '1 per operation', where: where('MulNode, AddNode, NegNode') },
    combine: {
      count: 'macs if macs else multiply + add',
      says: '1 per operation, or per multiply-accumulate',
      where: where('MulNode, ReduceSumNode, MatMulNode'),
    },
    upsample: {
      count: '0 if nearest else 8 * o if cubic else 4 * o',
      says: '4 per output element, cubic 8, nearest nothing',
      where: where('ResizeNode'),
    },
    ...each(NOTHING, 'fft', 'deformconv', 'deltarule', 'topk', 'nms', 'scatter', 'fold', 'gridsample', 'roialign'),
    ...movers,
  }),
};
