import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/analysis/cost.ts';
import type { OnnxAttribute, OnnxFunction, OnnxGraph } from '../../src/onnx/file/model.ts';
import type { OnnxSettings } from '../../src/onnx/read/bindings.ts';
import { FlopwiseError } from '../../src/problems/problem.ts';
import { graph, int64, node, open, type Parts, scalar, tensor } from './nets.ts';

// Odd files, and wrong ones: what is counted of each, or which problem it is. Figures are worked out by hand.

const fn = (
  name: string,
  inputs: string[],
  outputs: string[],
  nodes: OnnxFunction['nodes'],
  more: Partial<OnnxFunction> = {},
): OnnxFunction => ({ domain: 'local', name, inputs, outputs, attributes: [], defaults: {}, opsets: new Map([['', 17]]), nodes, ...more });
const ref = (value: string): OnnxAttribute => ({ kind: 'reference', value });
const body = ({ ins, ...parts }: Parts & { readonly ins: Parts['inputs'] }): OnnxGraph => graph({ ...parts, inputs: ins ?? {} });
const scattered = (length: number): number[] => Array.from({ length }, (_, i) => Math.fround(0.1 * i + 0.03));

const W = { w: tensor([4, 3, 3, 3]), b: tensor([4]) };
const X = { x: [1, 3, 8, 8] };

/** Its name, what comes of it, its parts, and how it is read. */
type Odd = readonly [name: string, outcome: string, parts: Parts, opset?: number, settings?: OnnxSettings, functions?: OnnxFunction[]];

const ODD: readonly Odd[] = [
  [
    'fn out of order',
    '1×4×6×6: 3888 MACs, 108 parameters',
    { inputs: X, initializers: W, nodes: [node('F', 'x, w -> y', {}, 'local')] },
    17,
    {},
    [fn('F', ['a', 'k'], ['r'], [node('Relu', 'c -> r'), node('Conv', 'a, k -> c')])],
  ],
  [
    'loop body out of order',
    '1×3×8×8, 3×1×4×6×6: 11664 MACs, 108 parameters',
    {
      inputs: X,
      initializers: { ...W, n: scalar(3, 'int64'), t: scalar(1, 'bool') },
      nodes: [
        node('Loop', 'n, t, x -> o, y', {
          body: body({
            ins: { i: [], c: [], s: [1, 3, 8, 8] },
            nodes: [node('Relu', 'k -> q'), node('Identity', 'c -> d'), node('Identity', 's -> z'), node('Conv', 's, w -> k')],
            outputs: ['d', 'z', 'q'],
          }),
        }),
      ],
    },
  ],
  [
    'scan body out of order',
    '5×4: 60 MACs, 12 parameters',
    {
      inputs: { x: [5, 3] },
      initializers: { m: tensor([3, 4]) },
      nodes: [
        node('Scan', 'x -> y', {
          num_scan_inputs: 1,
          body: body({ ins: { s: [3] }, nodes: [node('Relu', 'k -> q'), node('MatMul', 's, m -> k')], outputs: ['q'] }),
        }),
      ],
    },
  ],
  [
    'cycle in function',
    'ONNX_CYCLE',
    { inputs: X, nodes: [node('F', 'x -> y', {}, 'local')] },
    17,
    {},
    [fn('F', ['a'], ['r'], [node('Add', 'a, s -> r'), node('Relu', 'r -> s')])],
  ],
  [
    'cycle in branch',
    '1×3×8×8: 0 MACs, 0 parameters; ONNX_BRANCH; ONNX_INVALID',
    {
      inputs: { ...X, c: [] },
      nodes: [
        node('If', 'c -> y', {
          then_branch: graph({ nodes: [node('Add', 'x, s -> r'), node('Relu', 'r -> s')], outputs: ['r'] }),
          else_branch: graph({ nodes: [node('Relu', 'x -> e')], outputs: ['e'] }),
        }),
      ],
    },
  ],
  ['reads itself', 'ONNX_CYCLE', { inputs: X, nodes: [node('Add', 'x, y -> y')] }],
  [
    'both branches uncountable',
    '1×4×6×6: 3888 MACs, 108 parameters; unknown Foo; unknown If; ONNX_BRANCH; ONNX_LEFT_OUT',
    {
      inputs: { ...X, c: [] },
      nodes: [
        node('If', 'c -> y', {
          then_branch: graph({ nodes: [node('Foo', 'x -> t, u', {}, 'ex')], outputs: ['t'] }),
          else_branch: graph({ nodes: [node('Reshape', 'x, c -> e')], outputs: ['e'] }),
        }),
        node('Conv', 'x, w -> z'),
      ],
      initializers: W,
      outputs: ['y', 'z'],
    },
  ],
  [
    'branch unknown operator',
    '1×4×6×6: 3888 MACs, 108 parameters; ONNX_BRANCH',
    {
      inputs: { ...X, c: [] },
      initializers: W,
      nodes: [
        node('If', 'c -> y', {
          then_branch: graph({ nodes: [node('Foo', 'x -> t', {}, 'ex')], outputs: ['t'] }),
          else_branch: graph({ nodes: [node('Conv', 'x, w -> e')], outputs: ['e'] }),
        }),
      ],
    },
  ],
  [
    'const cond other broken',
    '1×4×6×6: 3888 MACs, 108 parameters',
    {
      inputs: X,
      initializers: { ...W, t: scalar(1, 'bool') },
      nodes: [
        node('If', 't -> y', {
          then_branch: graph({ nodes: [node('Conv', 'x, w -> e')], outputs: ['e'] }),
          else_branch: graph({ nodes: [node('Conv', 'x, nope -> t')], outputs: ['t'] }),
        }),
      ],
    },
  ],
  [
    'if in loop by counter',
    '1×3×8×8: 3888 MACs, 108 parameters',
    {
      inputs: X,
      initializers: { ...W, n: scalar(3, 'int64'), t: scalar(1, 'bool'), one: scalar(1, 'int64') },
      nodes: [
        node('Loop', 'n, t, x -> o', {
          body: body({
            ins: { i: [], c: [], s: [1, 3, 8, 8] },
            nodes: [
              node('Equal', 'i, one -> f'),
              node('If', 'f -> q', {
                then_branch: graph({ nodes: [node('Conv', 's, w -> a'), node('ReduceSum', 'a -> a2')], outputs: ['a2'] }),
                else_branch: graph({ nodes: [node('ReduceSum', 's -> e')], outputs: ['e'] }),
              }),
              node('Identity', 'c -> d'),
              node('Identity', 's -> z'),
            ],
            outputs: ['d', 'z'],
          }),
        }),
      ],
    },
  ],
  [
    'no else',
    'ONNX_NODE',
    { inputs: { ...X, c: [] }, nodes: [node('If', 'c -> y', { then_branch: graph({ nodes: [node('Relu', 'x -> t')], outputs: ['t'] }) })] },
  ],
  [
    'nonzero gather matmul',
    '10×5: 200 MACs, 20 parameters; ONNX_BOUND',
    {
      inputs: { x: [10], t: [20, 4] },
      initializers: { m: tensor([4, 5]) },
      nodes: [node('NonZero', 'x -> i'), node('Squeeze', 'i -> j'), node('Gather', 't, j -> g'), node('MatMul', 'g, m -> y')],
    },
  ],
  [
    'zero: conv batch 0',
    '0×4×6×6: 0 MACs, 112 parameters',
    { inputs: { x: ['n', 3, 8, 8] }, initializers: W, nodes: [node('Conv', 'x, w, b -> y')] },
    17,
    { dims: { n: 0 } },
  ],
  [
    'zero: maxpool',
    '0×3×7×7: 0 MACs, 0 parameters',
    { inputs: { x: [0, 3, 8, 8] }, nodes: [node('MaxPool', 'x -> y', { kernel_shape: [2, 2] })] },
  ],
  [
    'zero: reduce over it',
    '1×3: 0 MACs, 0 parameters',
    { inputs: { x: [0, 3] }, nodes: [node('ReduceSum', 'x, a -> y')], initializers: { a: int64(0) } },
  ],
  [
    'zero: reduce mean',
    '3: 0 MACs, 0 parameters',
    { inputs: { x: [0, 3] }, nodes: [node('ReduceMean', 'x -> y', { axes: [0], keepdims: 0 })] },
  ],
  ['zero: softmax', '2×0: 0 MACs, 0 parameters', { inputs: { x: [2, 0] }, nodes: [node('Softmax', 'x -> y')] }],
  [
    'zero: lstm steps',
    '0×1×1×20, 1×1×20, 1×1×20: 0 MACs, 2400 parameters',
    {
      inputs: { x: [0, 1, 10] },
      initializers: { w: tensor([1, 80, 10]), r: tensor([1, 80, 20]) },
      nodes: [node('LSTM', 'x, w, r -> y, h, c', { hidden_size: 20 })],
    },
  ],
  [
    'zero: gather none',
    '0×4: 0 MACs, 0 parameters',
    { inputs: { x: [5, 4] }, initializers: { i: int64() }, nodes: [node('Gather', 'x, i -> y')] },
  ],
  [
    'zero: split',
    '0×4, 5×4: 0 MACs, 0 parameters',
    {
      inputs: { x: [5, 4] },
      initializers: { s: int64(0, 5) },
      nodes: [node('Split', 'x, s -> a, b'), node('Concat', 'a, b -> y', { axis: 0 })],
      outputs: ['a', 'y'],
    },
  ],
  [
    'zero: pad',
    '2×4: 0 MACs, 0 parameters',
    { inputs: { x: [0, 4] }, initializers: { p: int64(1, 0, 1, 0) }, nodes: [node('Pad', 'x, p -> y')] },
  ],
  [
    'zero: resize',
    '0×3×8×8: 0 MACs, 0 parameters',
    { inputs: { x: [0, 3, 4, 4] }, initializers: { s: tensor([4], [1, 1, 2, 2]) }, nodes: [node('Resize', 'x, , s -> y')] },
  ],
  [
    'zero: layernorm',
    '0×4: 0 MACs, 4 parameters',
    { inputs: { x: [0, 4] }, initializers: { g: tensor([4]) }, nodes: [node('LayerNormalization', 'x, g -> y')] },
  ],
  [
    'zero: gemm',
    '0×5: 0 MACs, 20 parameters',
    { inputs: { x: [0, 4] }, initializers: { g: tensor([4, 5]) }, nodes: [node('Gemm', 'x, g -> y')] },
  ],
  ['zero: matmul inner', '3×4: 0 MACs, 0 parameters', { inputs: { x: [3, 0], z: [0, 4] }, nodes: [node('MatMul', 'x, z -> y')] }],
  [
    'zero: batchnorm',
    '0×4×2: 0 MACs, 4 parameters',
    { inputs: { x: [0, 4, 2] }, initializers: { g: tensor([4]) }, nodes: [node('BatchNormalization', 'x, g, g, g, g -> y')] },
  ],
  ['zero: globalpool', '0×4×1×1: 0 MACs, 0 parameters', { inputs: { x: [0, 4, 2, 2] }, nodes: [node('GlobalAveragePool', 'x -> y')] }],
  [
    'zero: convtranspose',
    '0×4×16×16: 0 MACs, 48 parameters',
    {
      inputs: { x: [0, 3, 8, 8] },
      initializers: { w: tensor([3, 4, 2, 2]) },
      nodes: [node('ConvTranspose', 'x, w -> y', { strides: [2, 2] })],
    },
  ],
  [
    'zero: einsum',
    '0×4: 0 MACs, 0 parameters',
    { inputs: { x: [0, 3], z: [3, 4] }, nodes: [node('Einsum', 'x, z -> y', { equation: 'ij,jk->ik' })] },
  ],
  [
    'zero: instancenorm',
    '0×4×3: 0 MACs, 4 parameters',
    { inputs: { x: [0, 4, 3] }, initializers: { g: tensor([4]) }, nodes: [node('InstanceNormalization', 'x, g, g -> y')] },
  ],
  [
    'zero: topk',
    '0×2, 0×2: 0 MACs, 0 parameters',
    { inputs: { x: [0, 4] }, initializers: { k: int64(2) }, nodes: [node('TopK', 'x, k -> y, i')] },
  ],
  ['zero: nonzero', '2×0: 0 MACs, 0 parameters', { inputs: { x: [0, 4] }, nodes: [node('NonZero', 'x -> y')] }],
  ['zero: argmax', '0×1: 0 MACs, 0 parameters', { inputs: { x: [0, 4] }, nodes: [node('ArgMax', 'x -> y', { axis: 1 })] }],
  [
    'zero: cumsum',
    '0×4: 0 MACs, 0 parameters',
    { inputs: { x: [0, 4] }, initializers: { a: scalar(1, 'int64') }, nodes: [node('CumSum', 'x, a -> y')] },
  ],
  [
    'value wrong count',
    'ONNX_VALUE_DIFFERS',
    { inputs: { x: [2, 100], k: [1] }, nodes: [node('TopK', 'x, k -> y, i')] },
    17,
    { values: { k: [1, 2] } },
  ],
  [
    'value unknown',
    'ONNX_UNKNOWN_VALUE',
    { inputs: { x: [2, 100], k: [1] }, nodes: [node('TopK', 'x, k -> y, i')] },
    17,
    { values: { kk: [1] } },
  ],
  [
    'value topk',
    '2×7, 2×7: 0 MACs, 0 parameters',
    { inputs: { x: [2, 100], k: [1] }, nodes: [node('TopK', 'x, k -> y, i')] },
    17,
    { values: { k: [7] } },
  ],
  ['value too many', 'ONNX_NODE', { inputs: { x: [2, 100], k: [1] }, nodes: [node('TopK', 'x, k -> y, i')] }, 17, { values: { k: [700] } }],
  [
    'value of intermediate',
    '4×6: 0 MACs, 0 parameters',
    {
      inputs: { x: [6], z: [1] },
      nodes: [node('Mul', 'z, z -> s'), node('Expand', 'x, s2 -> y'), node('Concat', 's, six -> s2', { axis: 0 })],
      initializers: { six: int64(6) },
      outputs: ['y'],
    },
    17,
    { values: { s: [4] } },
  ],
  [
    'value loop count',
    '5×1×4×6×6: 19440 MACs, 108 parameters',
    {
      inputs: { ...X, n: [] },
      initializers: { ...W, t: scalar(1, 'bool') },
      nodes: [
        node('Loop', 'n, t -> y', {
          body: body({ ins: { i: [], c: [] }, nodes: [node('Conv', 'x, w -> k'), node('Identity', 'c -> d')], outputs: ['d', 'k'] }),
        }),
      ],
    },
    17,
    { values: { n: [5] } },
  ],
  [
    'loop count open',
    '1×4×6×6: 7776 MACs, 108 parameters; ONNX_LOOP',
    {
      inputs: { ...X, n: [] },
      initializers: { ...W, t: scalar(1, 'bool') },
      nodes: [
        node('Loop', 'n, t -> y', {
          body: body({ ins: { i: [], c: [] }, nodes: [node('Conv', 'x, w -> k'), node('Identity', 'c -> d')], outputs: ['d', 'k'] }),
        }),
        node('Conv', 'x, w -> z'),
      ],
      outputs: ['z'],
    },
  ],
  [
    'loop zero times',
    '1×3×8×8, 0: 0 MACs, 0 parameters',
    {
      inputs: X,
      initializers: { ...W, n: scalar(0, 'int64'), t: scalar(1, 'bool') },
      nodes: [
        node('Loop', 'n, t, x -> o, y', {
          body: body({
            ins: { i: [], c: [], s: [1, 3, 8, 8] },
            nodes: [node('Conv', 's, w -> k'), node('Identity', 'c -> d'), node('Identity', 's -> z')],
            outputs: ['d', 'z', 'k'],
          }),
        }),
      ],
    },
  ],
  [
    'groupnorm ones by ConstantOfShape',
    '1×16×8×8: 0 MACs, 16 parameters',
    {
      inputs: { x: [1, 16, 8, 8] },
      initializers: { three: int64(0, 4, -1), four: int64(1, 16, 8, 8), n4: int64(4), g: tensor([16, 1, 1]) },
      nodes: [
        node('ConstantOfShape', 'n4 -> one', { value: tensor([1], [1]) }),
        node('ConstantOfShape', 'n4 -> nil'),
        node('Reshape', 'x, three -> a'),
        node('InstanceNormalization', 'a, one, nil -> b2'),
        node('Reshape', 'b2, four -> c'),
        node('Mul', 'c, g -> y'),
      ],
    },
  ],
  [
    'same table three constants',
    '1×4×4: 192 MACs, 16 parameters',
    {
      inputs: { x: [1, 4, 4] },
      nodes: [1, 2, 3]
        .flatMap((i) => [node('Constant', `-> t${i}`, { value: tensor([4, 4], scattered(16)) }), node('MatMul', `x, t${i} -> m${i}`)])
        .concat(node('Sum', 'm1, m2, m3 -> y')),
    },
  ],
  [
    'same numbers other shape',
    '1×4×4: 0 MACs, 16 parameters',
    {
      inputs: { x: [1, 4, 4] },
      nodes: [
        node('Constant', '-> t1', { value: tensor([4, 4], scattered(16)) }),
        node('Constant', '-> t2', { value: tensor([1, 4, 4], scattered(16)) }),
        node('Mul', 'x, t1 -> a'),
        node('Mul', 'a, t2 -> y'),
      ],
    },
  ],
  [
    'gemm of ConstantOfShape',
    '2×5: 40 MACs, 20 parameters',
    {
      inputs: { x: [2, 4] },
      initializers: { s: int64(4, 5) },
      nodes: [node('ConstantOfShape', 's -> w', { value: tensor([1], [0.5]) }), node('Gemm', 'x, w -> y')],
    },
  ],
  [
    'bn misfit',
    'ONNX_WEIGHT_MISFIT',
    {
      inputs: { x: [1, 4, 3] },
      initializers: { s: tensor([5]), g: tensor([4]) },
      nodes: [node('BatchNormalization', 'x, g, s, g, g -> y')],
    },
  ],
  [
    'bn mean misfit',
    'ONNX_WEIGHT_MISFIT',
    {
      inputs: { x: [1, 4, 3] },
      initializers: { s: tensor([5]), g: tensor([4]) },
      nodes: [node('BatchNormalization', 'x, g, g, s, g -> y')],
    },
  ],
  [
    'conv bias misfit',
    'ONNX_WEIGHT_MISFIT',
    { inputs: X, initializers: { w: W.w, b: tensor([5]) }, nodes: [node('Conv', 'x, w, b -> y')] },
  ],
  [
    'gemm bias misfit',
    'SHAPES_DO_NOT_FIT',
    { inputs: { x: [2, 4] }, initializers: { w: tensor([4, 5]), b: tensor([6]) }, nodes: [node('Gemm', 'x, w, b -> y')] },
  ],
  [
    'lstm r misfit',
    'ONNX_WEIGHT_MISFIT',
    {
      inputs: { x: [5, 1, 10] },
      initializers: { w: tensor([1, 80, 10]), r: tensor([1, 80, 21]) },
      nodes: [node('LSTM', 'x, w, r -> y', { hidden_size: 20 })],
    },
  ],
  [
    'lstm b misfit',
    'ONNX_WEIGHT_MISFIT',
    {
      inputs: { x: [5, 1, 10] },
      initializers: { w: tensor([1, 80, 10]), r: tensor([1, 80, 20]), b: tensor([1, 80]) },
      nodes: [node('LSTM', 'x, w, r, b -> y', { hidden_size: 20 })],
    },
  ],
  [
    'gru state of another batch',
    'ONNX_WEIGHT_MISFIT',
    {
      inputs: { x: [5, 2, 10] },
      initializers: { w: tensor([1, 60, 10]), r: tensor([1, 60, 20]), h: tensor([1, 3, 20]) },
      nodes: [node('GRU', 'x, w, r, , , h -> y', { hidden_size: 20 })],
    },
  ],
  [
    'lstm matrix transposed same elements',
    'ONNX_WEIGHT_MISFIT',
    {
      inputs: { x: [5, 1, 10] },
      initializers: { w: tensor([1, 10, 80]), r: tensor([1, 80, 20]) },
      nodes: [node('LSTM', 'x, w, r -> y', { hidden_size: 20 })],
    },
  ],
  [
    'bn scale 2-D',
    'ONNX_WEIGHT_MISFIT',
    {
      inputs: { x: [1, 4, 3] },
      initializers: { s: tensor([2, 2]), g: tensor([4]) },
      nodes: [node('BatchNormalization', 'x, s, g, g, g -> y')],
    },
  ],
  ['prelu misfit', 'SHAPES_DO_NOT_FIT', { inputs: X, initializers: { s: tensor([5, 1, 1]) }, nodes: [node('PRelu', 'x, s -> y')] }],
  [
    'layernorm misfit',
    'SHAPES_DO_NOT_FIT',
    { inputs: { x: [2, 4] }, initializers: { s: tensor([5]) }, nodes: [node('LayerNormalization', 'x, s -> y')] },
  ],
  [
    'instancenorm misfit',
    'ONNX_WEIGHT_MISFIT',
    { inputs: { x: [1, 4, 3] }, initializers: { s: tensor([5]), g: tensor([4]) }, nodes: [node('InstanceNormalization', 'x, s, g -> y')] },
  ],
  [
    'convtranspose misfit',
    'ONNX_NODE',
    { inputs: X, initializers: { w: tensor([4, 4, 2, 2]) }, nodes: [node('ConvTranspose', 'x, w -> y')] },
  ],
  [
    'convtranspose bias misfit',
    'ONNX_WEIGHT_MISFIT',
    { inputs: X, initializers: { w: tensor([3, 4, 2, 2]), b: tensor([3]) }, nodes: [node('ConvTranspose', 'x, w, b -> y')] },
  ],
  [
    'conv group misfit',
    'ONNX_NODE',
    { inputs: X, initializers: { w: tensor([4, 3, 3, 3]) }, nodes: [node('Conv', 'x, w -> y', { group: 2 })] },
  ],
  [
    'groupnorm 21 misfit',
    'ONNX_NODE',
    { inputs: { x: [1, 4, 3] }, initializers: { s: tensor([5]) }, nodes: [node('GroupNormalization', 'x, s, s -> y', { num_groups: 2 })] },
    21,
  ],
  [
    'mask added',
    '1×2×4×4: 0 MACs, 0 parameters',
    {
      inputs: { x: [1, 2, 4, 4] },
      initializers: {
        m: tensor(
          [1, 1, 4, 4],
          Array.from({ length: 16 }, (_, i) => (i % 4 > i / 4 ? Number.NEGATIVE_INFINITY : 0)),
        ),
      },
      nodes: [node('Add', 'x, m -> y')],
    },
  ],
  [
    'one kernel in two convs',
    '1×4×6×6: 7776 MACs, 108 parameters',
    { inputs: X, initializers: W, nodes: [node('Conv', 'x, w -> a'), node('Conv', 'x, w -> c'), node('Add', 'a, c -> y')] },
  ],
  [
    'one kernel also transposed',
    '2×4: 64 MACs, 16 parameters',
    {
      inputs: { x: [2, 4] },
      initializers: { w: tensor([4, 4]) },
      nodes: [node('Transpose', 'w -> v', { perm: [1, 0] }), node('MatMul', 'x, v -> a'), node('MatMul', 'a, w -> y')],
    },
  ],
  [
    'kernel = w * s',
    '1×4×6×6: 3888 MACs, 112 parameters',
    { inputs: X, initializers: { ...W, s: tensor([4, 1, 1, 1]) }, nodes: [node('Mul', 'w, s -> k'), node('Conv', 'x, k -> y')] },
  ],
  [
    'kernel dequantised',
    '1×4×6×6: 3888 MACs, 108 parameters',
    {
      inputs: X,
      initializers: { w: tensor([4, 3, 3, 3], undefined, 'int8'), s: scalar(0.1), z: scalar(0, 'int8') },
      nodes: [node('DequantizeLinear', 'w, s, z -> k'), node('Conv', 'x, k -> y')],
    },
  ],
  [
    'kernel cast',
    '1×4×6×6: 3888 MACs, 108 parameters',
    {
      inputs: X,
      initializers: { w: tensor([4, 3, 3, 3], undefined, 'float16') },
      nodes: [node('Cast', 'w -> k', { to: 1 }), node('Conv', 'x, k -> y')],
    },
  ],
  [
    'unknown holds',
    '1×4×6×6: 0 MACs, 112 parameters; unknown Foo',
    { inputs: X, initializers: W, nodes: [node('Foo', 'x, w, b -> y', {}, 'ex')], values: { y: [1, 4, 6, 6] } },
  ],
  [
    'kernel is input',
    '1×4×6×6: 3888 MACs, 4 parameters',
    { inputs: { ...X, k: [4, 3, 3, 3] }, initializers: { b: W.b }, nodes: [node('Conv', 'x, k, b -> y')] },
  ],
  [
    'bias is input',
    '1×4×6×6: 3888 MACs, 108 parameters',
    { inputs: { ...X, b: [4] }, initializers: { w: W.w }, nodes: [node('Conv', 'x, w, b -> y')] },
  ],
  ['kernel input wrong', 'ONNX_NODE', { inputs: { ...X, k: [4, 5, 3, 3] }, nodes: [node('Conv', 'x, k -> y')] }],
  [
    'einsum batch 1',
    '4×2×5: 120 MACs, 0 parameters',
    { inputs: { a: [1, 2, 3], c: [4, 3, 5] }, nodes: [node('Einsum', 'a, c -> y', { equation: 'bij,bjk->bik' })] },
  ],
  [
    'einsum sum 1',
    '2×5: 30 MACs, 0 parameters',
    { inputs: { a: [2, 1], c: [3, 5] }, nodes: [node('Einsum', 'a, c -> y', { equation: 'ij,jk->ik' })] },
  ],
  [
    'einsum dots',
    '7×4×2×5: 840 MACs, 0 parameters',
    { inputs: { a: [7, 1, 2, 3], c: [4, 3, 5] }, nodes: [node('Einsum', 'a, c -> y', { equation: '...ij,...jk->...ik' })] },
  ],
  [
    'einsum misfit',
    'SHAPES_DO_NOT_FIT',
    { inputs: { a: [2, 3], c: [4, 5] }, nodes: [node('Einsum', 'a, c -> y', { equation: 'ij,jk->ik' })] },
  ],
  ['einsum diag', '3: 0 MACs, 0 parameters', { inputs: { a: [3, 3] }, nodes: [node('Einsum', 'a -> y', { equation: 'ii->i' })] }],
  [
    'einsum blanks',
    '5×2: 30 MACs, 0 parameters',
    { inputs: { a: [2, 3], c: [3, 5] }, nodes: [node('Einsum', 'a, c -> y', { equation: ' i j , j k -> k i ' })] },
  ],
  [
    'einsum no arrow',
    '2×5: 30 MACs, 0 parameters',
    { inputs: { a: [2, 3], c: [3, 5] }, nodes: [node('Einsum', 'a, c -> y', { equation: 'ij,jk' })] },
  ],
  [
    'einsum capitals',
    '2×5: 30 MACs, 0 parameters',
    { inputs: { a: [2, 3], c: [3, 5] }, nodes: [node('Einsum', 'a, c -> y', { equation: 'bA,Ac' })] },
  ],
  [
    'slice back over start',
    '5: 0 MACs, 0 parameters',
    {
      inputs: { x: [5] },
      initializers: { s: int64(-1), e: int64(-100), a: int64(0), p: int64(-1) },
      nodes: [node('Slice', 'x, s, e, a, p -> y')],
    },
  ],
  [
    'slice back to -6',
    '2: 0 MACs, 0 parameters',
    {
      inputs: { x: [5] },
      initializers: { s: int64(3), e: int64(-6), a: int64(0), p: int64(-2) },
      nodes: [node('Slice', 'x, s, e, a, p -> y')],
    },
  ],
  [
    'slice start beyond',
    '0: 0 MACs, 0 parameters',
    { inputs: { x: [5] }, initializers: { s: int64(9), e: int64(20), a: int64(0) }, nodes: [node('Slice', 'x, s, e, a -> y')] },
  ],
  [
    'slice min max',
    '5×3: 0 MACs, 0 parameters',
    {
      inputs: { x: [5, 4] },
      initializers: {
        s: tensor([2], [-9223372036854775808n, 1n], 'int64'),
        e: tensor([2], [9223372036854775807n, 9223372036854775807n], 'int64'),
      },
      nodes: [node('Slice', 'x, s, e -> y')],
    },
  ],
  [
    'slice step 0',
    'ONNX_NODE',
    {
      inputs: { x: [5] },
      initializers: { s: int64(0), e: int64(5), a: int64(0), p: int64(0) },
      nodes: [node('Slice', 'x, s, e, a, p -> y')],
    },
  ],
  [
    'slice twice axis',
    'ONNX_NODE',
    { inputs: { x: [5, 5] }, initializers: { s: int64(1, 2), e: int64(4, 5), a: int64(0, 0) }, nodes: [node('Slice', 'x, s, e, a -> y')] },
  ],
  [
    'slice opset 9',
    '5×2: 0 MACs, 0 parameters',
    { inputs: { x: [5, 4] }, nodes: [node('Slice', 'x -> y', { starts: [-9, 1], ends: [99, -1] })] },
    9,
  ],
  [
    'sequence loop',
    '6×4: 0 MACs, 0 parameters',
    {
      inputs: { x: [2, 4] },
      initializers: { n: scalar(3, 'int64'), t: scalar(1, 'bool') },
      nodes: [
        node('SequenceEmpty', '-> q'),
        node('Loop', 'n, t, q -> r', {
          body: body({
            ins: { i: [], c: [], s: undefined },
            nodes: [node('SequenceInsert', 's, x -> s2'), node('Identity', 'c -> d')],
            outputs: ['d', 's2'],
          }),
        }),
        node('ConcatFromSequence', 'r -> y', { axis: 0 }),
      ],
    },
  ],
  [
    'sequence at',
    '2×4: 0 MACs, 0 parameters',
    {
      inputs: { x: [6, 4] },
      initializers: { n: scalar(4, 'int64'), i: scalar(-1, 'int64') },
      nodes: [node('SplitToSequence', 'x, n -> q'), node('SequenceAt', 'q, i -> y')],
    },
  ],
  [
    'sequence at beyond',
    'ONNX_NODE',
    {
      inputs: { x: [6, 4] },
      initializers: { n: scalar(4, 'int64'), i: scalar(7, 'int64') },
      nodes: [node('SplitToSequence', 'x, n -> q'), node('SequenceAt', 'q, i -> y')],
    },
  ],
  [
    'sequence erase length',
    '5×4, 1: 0 MACs, 0 parameters',
    {
      inputs: { x: [6, 4] },
      initializers: { n: int64(1, 2, 3), z: scalar(0, 'int64') },
      nodes: [
        node('SplitToSequence', 'x, n -> q'),
        node('SequenceErase', 'q, z -> r'),
        node('SequenceLength', 'r -> l'),
        node('ConcatFromSequence', 'r -> y', { axis: 0 }),
      ],
      outputs: ['y', 'l'],
    },
  ],
  [
    'sequence is output',
    '4: 0 MACs, 0 parameters',
    { inputs: { x: [6, 4] }, nodes: [node('SplitToSequence', 'x -> q', { axis: 1, keepdims: 0 })] },
  ],
  [
    'concat sequence new axis',
    '6×4×3: 0 MACs, 0 parameters',
    {
      inputs: { x: [6, 4] },
      nodes: [node('SequenceConstruct', 'x, x, x -> q'), node('ConcatFromSequence', 'q -> y', { axis: -1, new_axis: 1 })],
    },
  ],
  ['relu of a list', 'ONNX_NODE', { inputs: { x: [6, 4] }, nodes: [node('SequenceConstruct', 'x, x -> q'), node('Relu', 'q -> y')] }],
  [
    'optional none',
    '1×4×6×6: 3888 MACs, 108 parameters',
    {
      inputs: X,
      initializers: W,
      nodes: [
        node('OptionalHasElement', ' -> h'),
        node('If', 'h -> y', {
          then_branch: graph({ nodes: [node('Relu', 'x -> t')], outputs: ['t'] }),
          else_branch: graph({ nodes: [node('Conv', 'x, w -> e')], outputs: ['e'] }),
        }),
      ],
    },
    18,
  ],
  ['optional get of plain', '1×3×8×8: 0 MACs, 0 parameters', { inputs: X, nodes: [node('OptionalGetElement', 'x -> y')] }, 18],
  [
    'fn attr default',
    '1×4×4×4: 1728 MACs, 108 parameters',
    { inputs: { x: [1, 3, 9, 9] }, initializers: W, nodes: [node('F', 'x, w -> y', {}, 'local')] },
    17,
    {},
    [fn('F', ['a', 'k'], ['r'], [node('Conv', 'a, k -> r', { strides: ref('s') })], { defaults: { s: { kind: 'ints', value: [2, 2] } } })],
  ],
  [
    'fn attr given',
    '1×4×3×3: 972 MACs, 108 parameters',
    { inputs: { x: [1, 3, 9, 9] }, initializers: W, nodes: [node('F', 'x, w -> y', { s: [3, 3] }, 'local')] },
    17,
    {},
    [fn('F', ['a', 'k'], ['r'], [node('Conv', 'a, k -> r', { strides: ref('s') })], { defaults: { s: { kind: 'ints', value: [2, 2] } } })],
  ],
  [
    'fn attr none',
    '1×4×7×7: 5292 MACs, 108 parameters',
    { inputs: { x: [1, 3, 9, 9] }, initializers: W, nodes: [node('F', 'x, w -> y', {}, 'local')] },
    17,
    {},
    [fn('F', ['a', 'k'], ['r'], [node('Conv', 'a, k -> r', { strides: ref('s') })], { attributes: ['s'] })],
  ],
  [
    'fn nested attr',
    '1×4×2×2: 432 MACs, 108 parameters',
    { inputs: { x: [1, 3, 9, 9] }, initializers: W, nodes: [node('G', 'x, w -> y', { t: [4, 4] }, 'local')] },
    17,
    {},
    [
      fn('G', ['a', 'k'], ['r'], [node('F', 'a, k -> r', { s: ref('t') }, 'local')]),
      fn('F', ['a', 'k'], ['r'], [node('Conv', 'a, k -> r', { strides: ref('s') })], { defaults: { s: { kind: 'ints', value: [2, 2] } } }),
    ],
  ],
  [
    'fn attr in a branch',
    '1×4×3×3: 972 MACs, 108 parameters',
    {
      inputs: { x: [1, 3, 9, 9] },
      initializers: { ...W, t: scalar(1, 'bool') },
      nodes: [node('F', 'x, w, t -> y', { s: [3, 3] }, 'local')],
    },
    17,
    {},
    [
      fn(
        'F',
        ['a', 'k', 't'],
        ['r'],
        [
          node('If', 't -> r', {
            then_branch: graph({ nodes: [node('Conv', 'a, k -> q', { strides: ref('s') })], outputs: ['q'] }),
            else_branch: graph({ nodes: [node('Relu', 'a -> e')], outputs: ['e'] }),
          }),
        ],
      ),
    ],
  ],
  [
    'fn optional input left out',
    '1×4×6×6: 3888 MACs, 108 parameters',
    { inputs: X, initializers: W, nodes: [node('F', 'x, w -> y', {}, 'local')] },
    17,
    {},
    [fn('F', ['a', 'k', 'bias'], ['r'], [node('Conv', 'a, k, bias -> r')])],
  ],
  [
    'fn recursion',
    'ONNX_RECURSION',
    { inputs: X, nodes: [node('F', 'x -> y', {}, 'local')] },
    17,
    {},
    [fn('F', ['a'], ['r'], [node('G', 'a -> r', {}, 'local')]), fn('G', ['a'], ['r'], [node('F', 'a -> r', {}, 'local')])],
  ],
  [
    'fn other opset',
    '1×3: 0 MACs, 0 parameters',
    { inputs: { x: [1, 3, 1] }, nodes: [node('F', 'x -> y', {}, 'local')] },
    17,
    {},
    [fn('F', ['a'], ['r'], [node('Squeeze', 'a -> r', { axes: [2] })], { opsets: new Map([['', 11]]) })],
  ],
  [
    'fn reads outside',
    'ONNX_NO_VALUE',
    { inputs: X, nodes: [node('F', 'x -> y', {}, 'local')] },
    17,
    {},
    [fn('F', ['a'], ['r'], [node('Add', 'a, x -> r')])],
  ],
  [
    'fn output is input',
    '1×3×8×8: 0 MACs, 0 parameters',
    { inputs: X, nodes: [node('F', 'x -> y', {}, 'local')] },
    17,
    {},
    [fn('F', ['a'], ['a'], [])],
  ],
  [
    'prelu opset 6',
    '1×3×8×8: 0 MACs, 3 parameters',
    { inputs: X, initializers: { s: tensor([3]) }, nodes: [node('PRelu', 'x, s -> y')] },
    6,
  ],
  ['output never made', 'ONNX_NO_VALUE', { inputs: X, nodes: [node('Relu', 'x -> y')], outputs: ['z'] }],
  ['dropout mask', '1×3×8×8, 1×3×8×8: 0 MACs, 0 parameters', { inputs: X, nodes: [node('Dropout', 'x -> y, m')] }],
  [
    'bn training',
    '2×4×3, 4, 4: 0 MACs, 4 parameters',
    {
      inputs: { x: [2, 4, 3] },
      initializers: { g: tensor([4]) },
      nodes: [node('BatchNormalization', 'x, g, g, g, g -> y, m, v', { training_mode: 1 })],
    },
  ],
  [
    'reshape allowzero',
    '3×0: 0 MACs, 0 parameters',
    { inputs: { x: [0, 3] }, initializers: { s: int64(3, 0) }, nodes: [node('Reshape', 'x, s -> y', { allowzero: 1 })] },
  ],
  [
    'reshape 0 copy',
    '2×3×1: 0 MACs, 0 parameters',
    { inputs: { x: [2, 3] }, initializers: { s: int64(0, -1, 1) }, nodes: [node('Reshape', 'x, s -> y')] },
  ],
  [
    'gather scalar',
    '4: 0 MACs, 0 parameters',
    { inputs: { x: [5, 4] }, initializers: { i: scalar(2, 'int64') }, nodes: [node('Gather', 'x, i -> y')] },
  ],
  [
    'gather out of range',
    'ONNX_NODE',
    { inputs: { x: [5, 4] }, initializers: { i: scalar(7, 'int64') }, nodes: [node('Gather', 'x, i -> y')] },
  ],
  [
    'conv 1d same',
    '1×4×4: 192 MACs, 48 parameters',
    {
      inputs: { x: [1, 3, 10] },
      initializers: { w: tensor([4, 3, 4]) },
      nodes: [node('Conv', 'x, w -> y', { auto_pad: 'SAME_LOWER', strides: [3] })],
    },
  ],
  [
    'convtranspose output_shape',
    '1×4×16×16: 6912 MACs, 108 parameters',
    {
      inputs: X,
      initializers: { w: tensor([3, 4, 3, 3]) },
      nodes: [node('ConvTranspose', 'x, w -> y', { strides: [2, 2], output_shape: [16, 16] })],
    },
  ],
  [
    'scan of two, backwards, axis',
    '2, 5×2: 30 MACs, 6 parameters',
    {
      inputs: { x: [3, 5], h: [2] },
      initializers: { m: tensor([3, 2]) },
      nodes: [
        node('Scan', 'h, x -> f, y', {
          num_scan_inputs: 1,
          scan_input_axes: [1],
          scan_input_directions: [1],
          body: body({
            ins: { s: [2], e: [3] },
            nodes: [node('MatMul', 'e, m -> p'), node('Add', 's, p -> n'), node('Identity', 'n -> o')],
            outputs: ['n', 'o'],
          }),
        }),
      ],
    },
  ],
  [
    'constant floats',
    '2×3: 0 MACs, 0 parameters',
    {
      inputs: { x: [2, 3] },
      nodes: [node('Constant', '-> c', { value_floats: { kind: 'floats', value: [1, 2, 3.25] } }), node('Mul', 'x, c -> y')],
    },
  ],
  [
    'onehot depth value',
    '5×9: 0 MACs, 0 parameters',
    { inputs: { i: [5], d: [] }, initializers: { v: tensor([2], [0, 1]) }, nodes: [node('OneHot', 'i, d, v -> y')] },
    17,
    { values: { d: [9] } },
  ],
  [
    'unknown keeps going',
    '1×4×6×6: 3888 MACs, 108 parameters; unknown Foo; ONNX_ASSUMED',
    { inputs: X, initializers: W, nodes: [node('Foo', 'x -> h', {}, 'ex'), node('Conv', 'h, w -> y')] },
  ],
  [
    'unknown of two outputs stops what follows',
    '1×4×6×6: 3888 MACs, 108 parameters; unknown Foo; unknown Conv; ONNX_LEFT_OUT',
    {
      inputs: X,
      initializers: W,
      nodes: [node('Foo', 'x -> h, g', {}, 'ex'), node('Conv', 'h, w -> y'), node('Conv', 'x, w -> z')],
      outputs: ['y', 'z'],
    },
  ],
  [
    'unknown assumed wrong',
    '1×4×8×8: 0 MACs, 108 parameters; unknown Foo; unknown Conv; ONNX_LEFT_OUT',
    {
      inputs: { x: [1, 4, 8, 8] },
      initializers: W,
      nodes: [node('Foo', 'x -> h', {}, 'ex'), node('Conv', 'h, w -> y'), node('Relu', 'x -> z')],
      outputs: ['y', 'z'],
    },
  ],
  [
    'deform kernel is input',
    '1×4×6×6: 10368 MACs, 0 parameters',
    { inputs: { x: [1, 8, 6, 6], o: [1, 18, 6, 6], w: [4, 8, 3, 3] }, nodes: [node('DeformConv', 'x, w, o -> y', { pads: [1, 1, 1, 1] })] },
    19,
  ],
  [
    'einsum zero',
    '3×4: 0 MACs, 0 parameters',
    { inputs: { x: [3, 0], z: [0, 4] }, nodes: [node('Einsum', 'x, z -> y', { equation: 'ij,jk->ik' })] },
  ],
  [
    'declared intermediate after unknown',
    '1×4×3×3: 972 MACs, 108 parameters; unknown Foo',
    {
      inputs: X,
      initializers: W,
      nodes: [node('Foo', 'x -> h, g', {}, 'ex'), node('Conv', 'h, w -> y')],
      values: { h: [1, 3, 5, 5], g: [1] },
    },
  ],
  [
    'loop condition false',
    '1×3×8×8: 0 MACs, 0 parameters',
    {
      inputs: X,
      initializers: { ...W, n: scalar(9, 'int64'), f: scalar(0, 'bool') },
      nodes: [
        node('Loop', 'n, f, x -> o', {
          body: body({
            ins: { i: [], c: [], s: [1, 3, 8, 8] },
            nodes: [node('Relu', 's -> z'), node('Identity', 'c -> d')],
            outputs: ['d', 'z'],
          }),
        }),
      ],
    },
  ],
  [
    'body of one output too few',
    'ONNX_NODE',
    {
      inputs: X,
      initializers: { n: scalar(2, 'int64'), t: scalar(1, 'bool') },
      nodes: [
        node('Loop', 'n, t, x -> o', {
          body: body({ ins: { i: [], c: [], s: [1, 3, 8, 8] }, nodes: [node('Identity', 'c -> d')], outputs: ['d'] }),
        }),
      ],
    },
  ],
  ['conv of no input', 'ONNX_NODE', { inputs: X, nodes: [node('Conv', ' -> y')] }],
  ['concat of nothing', 'ONNX_NODE', { inputs: X, nodes: [node('Concat', ' -> y', { axis: 0 })] }],
  ['gather axis beyond', 'ONNX_NODE', { inputs: X, initializers: { i: int64(0) }, nodes: [node('Gather', 'x, i -> y', { axis: 9 })] }],
  ['transpose twice an axis', 'ONNX_NODE', { inputs: X, nodes: [node('Transpose', 'x -> y', { perm: [0, 1, 1, 2] })] }],
  [
    'pool larger than the image',
    '1×3×0×0: 0 MACs, 0 parameters',
    { inputs: X, nodes: [node('MaxPool', 'x -> y', { kernel_shape: [9, 9] })] },
  ],
  ['stride 0', 'ONNX_NODE', { inputs: X, initializers: W, nodes: [node('Conv', 'x, w -> y', { strides: [0, 0] })] }],
  ['negative pads', 'ONNX_NODE', { inputs: X, initializers: W, nodes: [node('Conv', 'x, w -> y', { pads: [-1, -1, -1, -1] })] }],
  ['reshape two rests', 'ONNX_NODE', { inputs: X, initializers: { s: int64(-1, -1) }, nodes: [node('Reshape', 'x, s -> y')] }],
  [
    'expand of huge',
    '1000000000×1000000000: 0 MACs, 0 parameters',
    { inputs: { x: [1] }, initializers: { s: int64(1000000000, 1000000000) }, nodes: [node('Expand', 'x, s -> y')] },
  ],
  [
    'tile of huge',
    '9007199254740991: 0 MACs, 0 parameters',
    { inputs: { x: [1] }, initializers: { s: int64(9007199254740991) }, nodes: [node('Tile', 'x, s -> y')] },
  ],
  [
    'range of huge',
    '1000000000000: 0 MACs, 0 parameters',
    {
      inputs: { x: [1] },
      initializers: { a: scalar(0, 'int64'), z: scalar(1e12, 'int64'), d: scalar(1, 'int64') },
      nodes: [node('Range', 'a, z, d -> r'), node('Add', 'r, r -> y')],
    },
  ],
  [
    'range of no step',
    'ONNX_NODE',
    {
      inputs: { x: [1] },
      initializers: { a: scalar(0, 'int64'), z: scalar(5, 'int64'), d: scalar(0, 'int64') },
      nodes: [node('Range', 'a, z, d -> y')],
    },
  ],
  ['attribute of the wrong type', 'ONNX_NODE', { inputs: X, initializers: W, nodes: [node('Conv', 'x, w -> y', { strides: 'two' })] }],
  ['group of 0', 'ONNX_NODE', { inputs: X, initializers: W, nodes: [node('Conv', 'x, w -> y', { group: 0 })] }],
  ['depth to space misfit', 'DOES_NOT_DIVIDE', { inputs: X, nodes: [node('DepthToSpace', 'x -> y', { blocksize: 2 })] }],
  ['split misfit', 'ONNX_NODE', { inputs: { x: [5] }, initializers: { s: int64(2, 2) }, nodes: [node('Split', 'x, s -> a, b')] }],
  ['topk of a scalar', 'ONNX_NODE', { inputs: { x: [] }, initializers: { k: int64(1) }, nodes: [node('TopK', 'x, k -> y, i')] }],
];

/** Shapes, MACs and parameters, and codes of warnings; or codes of problems. */
function outcomeOf([, , parts, opset = 17, settings = {}, functions]: Odd): string {
  try {
    const read = open(parts, opset, settings, functions);
    const { macs, parameters } = analyse(read).totals;
    const shapes = read.outputs.map(({ shape }) => shape.join('×')).join(', ');
    const unknown = (read.unknown ?? []).map(({ operator }) => `unknown ${operator}`);
    const warnings = (read.warnings ?? []).map(({ code }) => code);
    return [`${shapes}: ${macs} MACs, ${parameters} parameters`, ...unknown, ...warnings].join('; ');
  } catch (error) {
    if (error instanceof FlopwiseError) return error.problems.map(({ code }) => code).join('; ');
    throw error;
  }
}

describe('an odd file', () => {
  it.each(ODD.map((odd) => ({ name: odd[0], outcome: odd[1], odd })))('$name: $outcome', ({ outcome, odd }) =>
    expect(outcomeOf(odd)).toBe(outcome),
  );
});
