import { describe, expect, it } from 'vitest';
import { verify } from '../../src/execute/verify.ts';
import type { OnnxNode } from '../../src/onnx/file/model.ts';
import { FlopwiseError } from '../../src/problems/problem.ts';
import { count, graph, int64, node, open, type Parts, rowsOf, scalar, tensor } from './nets.ts';

const image = { x: [1, 3, 8, 8] };

/** The codes and sentences of all that is wrong. */
function problemsOf(run: () => unknown): string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof FlopwiseError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('shape arithmetic', () => {
  it('costs nothing and is no row: a reshape by a chain of it resolves', () => {
    const analysis = count({
      inputs: { x: [2, 12, 7, 7] },
      initializers: { zero: scalar(0, 'int64'), axes: int64(0), heads: int64(3), rest: int64(-1) },
      nodes: [
        node('Shape', 'x -> s'),
        node('Gather', 's, zero -> n'),
        node('Unsqueeze', 'n, axes -> n1'),
        node('Concat', 'n1, heads, rest -> to', { axis: 0 }),
        node('Reshape', 'x, to -> y'),
      ],
    });
    expect(rowsOf(analysis)).toEqual(['reshape 2×3×196']);
    expect(analysis.totals.parameters).toBe(0n);
  });

  it('of a Swin Transformer resolves: padding to whole windows, windows, their mask, and back', () => {
    const analysis = count({
      inputs: { x: [1, 15, 15, 8] },
      initializers: {
        h: scalar(1, 'int64'),
        seven: scalar(7, 'int64'),
        first: int64(0),
        one: int64(1),
        windows: int64(7),
        rest: int64(-1),
        channels: int64(8),
        tokens: int64(49),
        none: int64(0, 0, 0),
        zero: int64(0),
        zeros: scalar(0),
        minus: scalar(-100),
        end: int64(2),
      },
      nodes: [
        node('Shape', 'x -> s'),
        node('Gather', 's, h -> height'),
        // (7 − height mod 7) mod 7 rows and columns of padding.
        node('Mod', 'height, seven -> over'),
        node('Sub', 'seven, over -> more'),
        node('Mod', 'more, seven -> lacking'),
        node('Unsqueeze', 'lacking, first -> lack'),
        node('Concat', 'none, zero, zero, lack, lack, zero -> pads', { axis: 0 }),
        node('Pad', 'x, pads, zeros -> padded'),
        node('Shape', 'padded -> ps'),
        node('Slice', 'ps, one, end, first -> ph'),
        node('Div', 'ph, windows -> rows'),
        node('Concat', 'one, rows, windows, rows, windows, channels -> split', { axis: 0 }),
        node('Reshape', 'padded, split -> parts'),
        node('Transpose', 'parts -> turned', { perm: [0, 1, 3, 2, 4, 5] }),
        node('Concat', 'rest, tokens, channels -> flat', { axis: 0 }),
        node('Reshape', 'turned, flat -> y'),
        // The mask: which window a position belongs to, told apart by subtraction.
        node('Mul', 'rows, rows -> count'),
        node('Concat', 'count, one, tokens -> maskshape', { axis: 0 }),
        node('ConstantOfShape', 'maskshape -> mask', { value: tensor([1], [0]) }),
        node('Transpose', 'mask -> columns', { perm: [0, 2, 1] }),
        node('Sub', 'mask, columns -> apart'),
        node('Equal', 'apart, zeros -> same'),
        node('Where', 'same, zeros, minus -> bias'),
        node('Transpose', 'y -> yt', { perm: [0, 2, 1] }),
        node('MatMul', 'y, yt -> scores'),
        node('Add', 'scores, bias -> masked'),
        node('Softmax', 'masked -> out'),
      ],
    });
    expect(rowsOf(analysis)).toEqual([
      'pad 1×21×21×8',
      'reshape 1×3×7×3×7×8',
      'permute 1×3×3×7×7×8',
      'reshape 9×49×8',
      'permute 9×8×49',
      'matmul 9×49×49',
      'constant 9×49×49',
      'add 9×49×49',
      'softmax 9×49×49',
    ]);
  });

  it('divides integers towards zero, and takes the sign of a remainder from the divisor', () => {
    const by = (operator: string, a: number, b: number, attributes = {}) =>
      open({
        inputs: { x: [1] },
        initializers: { a: int64(a), b: int64(b), ten: int64(10) },
        nodes: [node(operator, 'a, b -> c', attributes), node('Add', 'c, ten -> size'), node('Expand', 'x, size -> y')],
      }).outputs[0]?.shape;
    expect(by('Div', -7, 2)).toEqual([7]);
    expect(by('Mod', -7, 2)).toEqual([11]);
    expect(by('Mod', -7, 2, { fmod: 1 })).toEqual([9]);
  });

  it('is exact for integers beyond 2^53', () => {
    const big = 2n ** 62n;
    const { outputs } = open({
      inputs: { x: [1] },
      initializers: { a: tensor([1], [big + 3n], 'int64'), b: tensor([1], [big], 'int64') },
      nodes: [node('Sub', 'a, b -> size'), node('Expand', 'x, size -> y')],
    });
    expect(outputs[0]?.shape).toEqual([3]);
  });

  it.each<[string, readonly number[], Record<string, number>, readonly number[]]>([
    ['keeps and infers sizes', [0, -1], {}, [2, 12]],
    ['takes a size from the input', [0, 0, 4], {}, [2, 3, 4]],
    ['makes one of all', [-1], {}, [24]],
    ['makes more axes', [2, 1, 12, -1], {}, [2, 1, 12, 1]],
  ])('a reshape %s', (_, to, attributes, shape) => {
    const analysis = count({
      inputs: { x: [2, 3, 4] },
      initializers: { to: int64(...to) },
      nodes: [node('Reshape', 'x, to -> y', attributes)],
    });
    expect(analysis.output).toEqual([shape]);
  });

  it.each([[[5, -1]], [[-1, -1]], [[7]]])('a reshape of 24 elements to %s is a problem', (to) => {
    const parts = { inputs: { x: [2, 3, 4] }, initializers: { to: int64(...to) }, nodes: [node('Reshape', 'x, to -> y')] };
    expect(problemsOf(() => open(parts))).toEqual([expect.stringContaining('ONNX_NODE')]);
  });
});

describe('attributes that became inputs', () => {
  const initializers = {
    one: int64(1),
    axes: int64(1),
    sizes: int64(1, 2),
    pads: int64(0, 0, 1, 1, 0, 0, 1, 1),
    starts: int64(1),
    ends: int64(3),
    k: int64(2),
    low: scalar(0),
    high: scalar(6),
    scales: tensor([4], [1, 1, 2, 2]),
    two: int64(1, 3, 16, 16),
  };
  const same: readonly [what: string, rows: string[], ...(readonly [opset: number, made: OnnxNode])[]][] = [
    ['Unsqueeze', ['reshape 1×1×3×8×8'], [11, node('Unsqueeze', 'x -> y', { axes: [1] })], [13, node('Unsqueeze', 'x, axes -> y')]],
    ['ReduceSum', ['reduce 1×1×8×8'], [11, node('ReduceSum', 'x -> y', { axes: [1] })], [13, node('ReduceSum', 'x, axes -> y')]],
    ['ReduceMean', ['reduce 1×1×8×8'], [13, node('ReduceMean', 'x -> y', { axes: [1] })], [18, node('ReduceMean', 'x, axes -> y')]],
    [
      'Split',
      ['split 1×1×8×8, 1×2×8×8'],
      [11, node('Split', 'x -> y, z', { axis: 1, split: [1, 2] })],
      [13, node('Split', 'x, sizes -> y, z', { axis: 1 })],
    ],
    ['Pad', ['pad 1×3×10×10'], [10, node('Pad', 'x -> y', { pads: [0, 0, 1, 1, 0, 0, 1, 1] })], [11, node('Pad', 'x, pads -> y')]],
    [
      'Clip',
      ['relu6 1×3×8×8'],
      [10, node('Clip', 'x -> y', { min: { float: 0 }, max: { float: 6 } })],
      [11, node('Clip', 'x, low, high -> y')],
    ],
    [
      'Slice',
      ['slice 1×2×8×8'],
      [9, node('Slice', 'x -> y', { starts: [1], ends: [3], axes: [1] })],
      [10, node('Slice', 'x, starts, ends, axes -> y')],
    ],
    ['TopK', ['topk 1×3×8×2, 1×3×8×2'], [9, node('TopK', 'x -> y, i', { k: 2 })], [11, node('TopK', 'x, k -> y, i')]],
    ['Dropout', ['dropout 1×3×8×8'], [10, node('Dropout', 'x -> y', { ratio: { float: 0.5 } })], [12, node('Dropout', 'x, low -> y')]],
    [
      'Resize',
      ['upsample 1×3×16×16'],
      [9, node('Upsample', 'x, scales -> y')],
      [10, node('Resize', 'x, scales -> y')],
      [13, node('Resize', 'x, , scales -> y')],
      [19, node('Resize', 'x, , , two -> y')],
    ],
  ];
  it.each(same)('%s', (_, rows, ...nodes) => {
    for (const [opset, made] of nodes)
      expect({ opset, rows: rowsOf(count({ inputs: image, initializers, nodes: [made] }, opset)) }).toEqual({ opset, rows });
  });

  it('group normalisation has a factor and an offset for each group before opset 21, then for each channel', () => {
    const analysis = (opset: number, length: number) =>
      count(
        {
          inputs: { x: [2, 6, 4, 4] },
          initializers: { scale: tensor([length]), shift: tensor([length]) },
          nodes: [node('GroupNormalization', 'x, scale, shift -> y', { num_groups: 3 })],
        },
        opset,
      );
    const [early, late] = [analysis(18, 3), analysis(21, 6)];
    expect([early, late].map(({ totals, output }) => [totals.parameters, output])).toEqual([
      [6n, [[2, 6, 4, 4]]],
      [12n, [[2, 6, 4, 4]]],
    ]);
    expect(early.totals.operations).toEqual(late.totals.operations);
  });

  it('softmax goes over all axes from its own on before opset 13', () => {
    const rows = (opset: number) => rowsOf(count({ inputs: { x: [2, 3, 4] }, nodes: [node('Softmax', 'x -> y', { axis: 1 })] }, opset));
    expect(rows(11)).toEqual(['reshape 2×12', 'softmax 2×12', 'reshape 2×3×4']);
    expect(rows(13)).toEqual(['softmax 2×3×4']);
  });
});

describe('products and their weights', () => {
  const totals = (parts: Parts) => {
    const { totals: all, ...analysis } = count(parts);
    return { rows: rowsOf({ ...analysis, totals: all }), macs: Number(all.macs), parameters: Number(all.parameters) };
  };

  it('a convolution pads by itself and has groups', () => {
    expect(
      totals({
        inputs: image,
        initializers: { w: tensor([6, 1, 3, 3]), b: tensor([6]) },
        nodes: [node('Conv', 'x, w, b -> y', { auto_pad: 'SAME_UPPER', strides: [2, 2], group: 3 })],
      }),
    ).toEqual({ rows: ['conv 1×6×4×4'], macs: 6 * 16 * 9, parameters: 60 });
  });

  it('a transposed convolution has the shape that is asked for', () => {
    expect(
      totals({
        inputs: image,
        initializers: { w: tensor([3, 5, 3, 3]) },
        nodes: [node('ConvTranspose', 'x, w -> y', { strides: [2, 2], output_shape: [16, 16] })],
      }),
    ).toEqual({ rows: ['convtranspose 1×5×16×16'], macs: 3 * 64 * 5 * 9, parameters: 135 });
  });

  it('a Gemm is a linear layer, its bias is one', () => {
    expect(
      totals({
        inputs: { x: [2, 5] },
        initializers: { w: tensor([7, 5]), b: tensor([7]) },
        nodes: [node('Gemm', 'x, w, b -> y', { transB: 1 })],
      }),
    ).toEqual({ rows: ['linear 2×7'], macs: 70, parameters: 42 });
  });

  it('a matrix product with a weight is a linear layer; of two activations it is none', () => {
    expect(totals({ inputs: { x: [2, 4, 5] }, initializers: { w: tensor([5, 7]) }, nodes: [node('MatMul', 'x, w -> y')] })).toEqual({
      rows: ['linear 2×4×7'],
      macs: 2 * 4 * 5 * 7,
      parameters: 35,
    });
    expect(totals({ inputs: { x: [2, 4, 5], z: [2, 5, 6] }, nodes: [node('MatMul', 'x, z -> y')] })).toEqual({
      rows: ['matmul 2×4×6'],
      macs: 2 * 4 * 5 * 6,
      parameters: 0,
    });
  });

  it('a weight that a Gemm and a MatMul share, one of them transposed, counts once', () => {
    expect(
      totals({
        inputs: { x: [2, 5] },
        initializers: { w: tensor([7, 5]) },
        nodes: [node('Gemm', 'x, w -> y', { transB: 1 }), node('MatMul', 'y, w -> z')],
      }),
    ).toEqual({ rows: ['linear 2×7', 'linear 2×5'], macs: 140, parameters: 35 });
  });

  it('a weight stays one through a transpose, a cast, an identity and from eight bits', () => {
    expect(
      totals({
        inputs: { x: [2, 5] },
        initializers: { w: tensor([7, 5], undefined, 'int8'), scale: scalar(0.1), zero: scalar(0, 'int8') },
        nodes: [
          node('DequantizeLinear', 'w, scale, zero -> a'),
          node('Identity', 'a -> b'),
          node('Cast', 'b -> c', { to: 1 }),
          node('Transpose', 'c -> d', { perm: [1, 0] }),
          node('MatMul', 'x, d -> y'),
        ],
      }),
    ).toEqual({ rows: ['linear 2×7'], macs: 70, parameters: 35 });
  });

  it('a bias added by an Add is a parameter; a single number is part of the formula; a constant of integers is neither', () => {
    expect(
      totals({
        inputs: { x: [2, 5] },
        initializers: { b: tensor([5]), half: scalar(0.5), mask: tensor([5], [1, 0, 1, 0, 1], 'int64') },
        nodes: [node('Add', 'x, b -> y'), node('Mul', 'y, half -> z'), node('Add', 'z, mask -> out')],
      }),
    ).toEqual({ rows: ['parameter 5', 'add 2×5', 'arithmetic 2×5', 'constant 5', 'add 2×5'], macs: 0, parameters: 5 });
  });

  it('weights may be constants among the nodes, or inputs with a value', () => {
    expect(
      totals({
        inputs: { x: [2, 5], w: [7, 5] },
        initializers: { w: tensor([7, 5]) },
        nodes: [node('Constant', '-> v', { value: tensor([7, 4]) }), node('Gemm', 'x, w -> y', { transB: 1 }), node('MatMul', 'y, v -> z')],
      }),
    ).toEqual({ rows: ['linear 2×7', 'linear 2×4'], macs: 70 + 56, parameters: 35 + 28 });
  });

  it('quantised products count the same, and quantising beside them', () => {
    const scales = { s: scalar(0.1), z: scalar(0, 'uint8') };
    expect(
      totals({
        inputs: image,
        initializers: { ...scales, w: tensor([4, 3, 3, 3], undefined, 'uint8'), b: tensor([4], undefined, 'int32') },
        nodes: [node('QLinearConv', 'x, s, z, w, s, z, s, z, b -> y')],
      }),
    ).toEqual({ rows: ['conv 1×4×6×6', 'pointwise 1×4×6×6'], macs: 36 * 4 * 27, parameters: 112 });
    expect(
      totals({
        inputs: { x: [2, 5] },
        initializers: { w: tensor([5, 7], undefined, 'uint8') },
        nodes: [node('MatMulInteger', 'x, w -> y')],
      }),
    ).toEqual({
      rows: ['linear 2×7'],
      macs: 70,
      parameters: 35,
    });
  });

  it('a convolution whose kernel is computed has no parameters of its own, and the kernel is an input of it', () => {
    expect(
      totals({
        inputs: { x: [1, 4, 8, 8], k: [6, 4, 3, 3] },
        initializers: { b: tensor([6]) },
        nodes: [node('Tanh', 'k -> w'), node('Conv', 'x, w, b -> y', { pads: [1, 1, 1, 1] })],
      }),
    ).toEqual({ rows: ['tanh 6×4×3×3', 'parameter 6', 'dynamicconv 1×6×8×8'], macs: 64 * 6 * 36, parameters: 6 });
  });

  it('an LSTM counts its matrices at each step', () => {
    expect(
      totals({
        inputs: { x: [6, 2, 5] },
        initializers: { w: tensor([1, 12, 5]), r: tensor([1, 12, 3]), b: tensor([1, 24]) },
        nodes: [node('LSTM', 'x, w, r, b -> y, h, c', { hidden_size: 3 })],
      }),
    ).toEqual({ rows: ['recurrent 6×1×2×3, 1×2×3, 1×2×3'], macs: 6 * 2 * 12 * (5 + 3), parameters: 60 + 36 + 24 });
  });

  it('Col2Im adds where windows overlap', () => {
    const steers = { s: tensor([2], [4, 4]), k: tensor([2], [3, 3]) };
    expect(
      rowsOf(
        count({
          inputs: { x: [1, 18, 4] },
          initializers: Object.fromEntries(Object.entries(steers).map(([name, held]) => [name, { ...held, type: 'int64' as const }])),
          nodes: [node('Col2Im', 'x, s, k -> y', { strides: [1, 1] })],
        }),
      ),
    ).toEqual(['fold 1×2×4×4']);
  });

  it('an Einsum counts all its letters multiplied', () => {
    expect(totals({ inputs: { x: [2, 4, 5], z: [2, 6, 5] }, nodes: [node('Einsum', 'x, z -> y', { equation: 'bid,bjd->bij' })] })).toEqual({
      rows: ['einsum 2×4×6'],
      macs: 2 * 4 * 6 * 5,
      parameters: 0,
    });
  });
});

describe('bodies', () => {
  const multiply = (out: string, ...weights: readonly string[]) =>
    graph({
      nodes: weights.map((w, i) => node('MatMul', `${i === 0 ? 'x' : `t${i - 1}`}, ${w} -> ${i === weights.length - 1 ? out : `t${i}`}`)),
    });
  const branches = { then_branch: multiply('p', 'w'), else_branch: multiply('q', 'w', 'w') };
  const square = { w: tensor([5, 5]) };

  it('an If with a known condition is that branch; its names come from around it', () => {
    const taken = (condition: number) =>
      count({ inputs: { x: [2, 5] }, initializers: { ...square, c: scalar(condition, 'bool') }, nodes: [node('If', 'c -> y', branches)] });
    expect(Number(taken(1).totals.macs)).toBe(50);
    expect(Number(taken(0).totals.macs)).toBe(100);
    expect(taken(0).graph.warnings).toBeUndefined();
  });

  it('an If with an unknown condition is the branch with more multiply-accumulates, and says so', () => {
    const { totals, graph: made } = count({ inputs: { x: [2, 5], c: [] }, initializers: square, nodes: [node('If', 'c -> y', branches)] });
    expect(Number(totals.macs)).toBe(100);
    expect(made.warnings).toMatchObject([{ code: 'ONNX_BRANCH', data: { taken: 'else' }, path: 'If_0' }]);
  });

  const body = graph({
    inputs: { i: [], go: [], s: [2, 5] },
    nodes: [node('Identity', 'go -> on'), node('MatMul', 's, w -> next'), node('Identity', 'next -> row')],
    outputs: ['on', 'next', 'row'],
  });

  it('a Loop with a known number of iterations is its body so many times', () => {
    const { totals, output, rows } = count({
      inputs: { x: [2, 5] },
      initializers: { ...square, n: scalar(3, 'int64'), go: scalar(1, 'bool') },
      nodes: [node('Loop', 'n, go, x -> y, all', { body })],
    });
    expect(Number(totals.macs)).toBe(150);
    expect(output).toEqual([
      [2, 5],
      [3, 2, 5],
    ]);
    expect(rows.map(({ path }) => path).filter((path) => path.includes('MatMul'))).toHaveLength(3);
  });

  it('a Loop that only a run ends counts once, and says so', () => {
    const { totals, graph: made } = count({
      inputs: { x: [2, 5], n: [] },
      initializers: { ...square, go: scalar(1, 'bool') },
      nodes: [node('Loop', 'n, go, x -> y, all', { body })],
    });
    expect(Number(totals.macs)).toBe(50);
    expect(made.warnings).toMatchObject([{ code: 'ONNX_LOOP' }]);
  });

  it('a Loop that says when it ends counts until then', () => {
    const counting = graph({
      inputs: { i: [], go: [], s: [2, 5] },
      initializers: { four: scalar(4, 'int64') },
      nodes: [node('Less', 'i, four -> on'), node('MatMul', 's, w -> next')],
      outputs: ['on', 'next'],
    });
    const { totals } = count({ inputs: { x: [2, 5] }, initializers: square, nodes: [node('Loop', ', , x -> y', { body: counting })] });
    expect(Number(totals.macs)).toBe(5 * 50);
  });

  it('a Scan is its body once for each element', () => {
    const step = graph({
      inputs: { s: [2, 5], e: [2, 5] },
      nodes: [node('Add', 's, e -> t'), node('MatMul', 't, w -> out')],
      outputs: ['t', 'out'],
    });
    const { totals, output } = count({
      inputs: { x: [2, 5], seq: [4, 2, 5] },
      initializers: square,
      nodes: [node('Scan', 'x, seq -> last, all', { body: step, num_scan_inputs: 1 })],
    });
    expect(Number(totals.macs)).toBe(4 * 50);
    expect(output).toEqual([
      [2, 5],
      [4, 2, 5],
    ]);
  });

  const fn = (name: string, ...nodes: readonly OnnxNode[]) => ({
    domain: 'local',
    name,
    inputs: ['a', 'b'],
    outputs: ['c'],
    attributes: ['t'],
    defaults: {},
    opsets: new Map([['', 17]]),
    nodes,
  });

  it('a function is its body, with the attributes of the call', () => {
    const reference = { kind: 'reference', value: 't' } as const;
    const functions = [fn('Twice', node('Gemm', 'a, b -> m', { transB: reference }), node('Relu', 'm -> c'))];
    const analysis = count(
      { inputs: { x: [2, 5] }, initializers: { w: tensor([7, 5]) }, nodes: [node('Twice', 'x, w -> y', { t: 1 }, 'local')] },
      17,
      {},
      functions,
    );
    expect(rowsOf(analysis)).toEqual(['linear 2×7', 'relu 2×7']);
  });

  it('functions that call each other in a circle are refused', () => {
    const functions = [fn('F', node('G', 'a, b -> c', {}, 'local')), fn('G', node('F', 'a, b -> c', {}, 'local'))];
    const parts = { inputs: { x: [2, 5] }, nodes: [node('F', 'x, x -> y', {}, 'local')] };
    expect(problemsOf(() => open(parts, 17, {}, functions))).toEqual([expect.stringContaining('local.F → local.G → local.F')]);
  });
});

describe('lists of tensors', () => {
  const initializers = { two: scalar(2, 'int64'), last: scalar(-1, 'int64') };

  it('are known while the model is read: a split, a choice, and the rest joined again', () => {
    const analysis = count({
      inputs: { x: [5, 3] },
      initializers,
      nodes: [
        node('SplitToSequence', 'x, two -> parts'),
        node('SequenceAt', 'parts, last -> tail'),
        node('SequenceErase', 'parts -> heads'),
        node('ConcatFromSequence', 'heads -> head'),
        node('SequenceLength', 'heads -> n'),
        node('Relu', 'tail -> r'),
      ],
      outputs: ['r', 'head', 'n'],
    });
    expect(rowsOf(analysis).slice(0, 3)).toEqual(['split 2×3, 2×3, 1×3', 'concat 4×3', 'relu 1×3']);
    expect(analysis.output).toEqual([[1, 3], [4, 3], [1]]);
  });

  it('stack along a new axis, and grow in a loop', () => {
    const body = graph({
      inputs: { i: [], c: [], s: undefined },
      nodes: [node('Relu', 'x -> r'), node('SequenceInsert', 's, r -> t'), node('Identity', 'c -> d')],
      outputs: ['d', 't'],
    });
    const analysis = count({
      inputs: { x: [5, 3] },
      initializers,
      nodes: [
        node('SequenceEmpty', '-> e'),
        node('Loop', 'two, , e -> all', { body }),
        node('ConcatFromSequence', 'all -> y', { axis: 0, new_axis: 1 }),
      ],
    });
    expect(analysis.output).toEqual([[2, 5, 3]]);
  });

  it('are no tensors', () => {
    const parts: Parts = { inputs: { x: [5, 3] }, nodes: [node('SequenceConstruct', 'x, x -> s'), node('Relu', 's -> y')] };
    expect(problemsOf(() => open(parts))).toEqual([expect.stringContaining('not a list')]);
  });
});

describe('what the file leaves open', () => {
  const relu = { nodes: [node('Relu', 'x -> y')] };

  it('is listed all at once, with how to bind it', () => {
    const problems = problemsOf(() => open({ inputs: { x: ['batch', 3, 'h', 8], z: [undefined, 'n'] }, ...relu }));
    expect(problems).toEqual([expect.stringContaining('dims: { "batch": N, "h": N }'), expect.stringContaining('dims: { "n": N }')]);
  });

  it('is bound by whole shapes, by name, and by the batch', () => {
    const shape = (settings: object) => open({ inputs: { x: ['batch', 3, 'h', 8] }, ...relu }, 17, settings).outputs[0]?.shape;
    expect(shape({ inputs: { x: [2, 3, 4, 8] } })).toEqual([2, 3, 4, 8]);
    expect(shape({ inputs: { input: [2, 3, 4, 8] } })).toEqual([2, 3, 4, 8]);
    expect(shape({ dims: { batch: 2, h: 5 } })).toEqual([2, 3, 5, 8]);
    expect(shape({ dims: { h: 5 }, batch: 7 })).toEqual([7, 3, 5, 8]);
  });

  it('binds the same name everywhere', () => {
    const { outputs } = open({ inputs: { x: ['n', 4], z: ['n', 4] }, nodes: [node('Add', 'x, z -> y')] }, 17, { inputs: { x: [3, 4] } });
    expect(outputs[0]?.shape).toEqual([3, 4]);
  });

  it('is not what it fixes', () => {
    const parts = { inputs: { x: [1, 3] }, ...relu };
    expect(problemsOf(() => open(parts, 17, { inputs: { x: [1, 4] } }))).toEqual([expect.stringContaining('ONNX_INPUT_DIFFERS')]);
    expect(problemsOf(() => open(parts, 17, { batch: 4 }))).toEqual([expect.stringContaining('ONNX_FIXED_BATCH')]);
    expect(problemsOf(() => open(parts, 17, { batch: 1 }))).toEqual([]);
    expect(problemsOf(() => open(parts, 17, { inputs: { img: [1, 3] } }))).toEqual([expect.stringContaining('ONNX_UNKNOWN_INPUT')]);
  });
});

describe('an operator that is not known', () => {
  const parts: Parts = {
    inputs: { x: [1, 4] },
    initializers: { w: tensor([4, 4]) },
    nodes: [node('Fancy', 'x -> f', {}, 'com.example'), node('MatMul', 'f, w -> y')],
    values: { f: [1, 4] },
  };

  it('is a row that counts nothing, and is listed', () => {
    const analysis = count(parts);
    expect(rowsOf(analysis)).toEqual(['unknown 1×4', 'linear 1×4']);
    expect(analysis.graph.unknown).toEqual([{ operator: 'Fancy', domain: 'com.example', count: 1, paths: ['Fancy_0'] }]);
    expect(Number(analysis.totals.macs)).toBe(16);
  });

  it('cannot be run', () => {
    expect(() => verify(open(parts))).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code: 'NO_KERNEL', path: 'Fancy_0' }) }),
    );
  });

  it('is taken to keep the shape of its input where nothing is declared, with a warning', () => {
    const assumed = open({ ...parts, values: {} });
    expect(assumed.warnings).toMatchObject([{ code: 'ONNX_ASSUMED', data: { nodes: [['com.example.Fancy', 1]] } }]);
  });
});

describe('more indices than a layer holds', () => {
  const many = (length: number, size: number): readonly number[] => Array.from({ length }, (_, i) => i % size);

  it.each<[string, Parts, string]>([
    [
      'Gather',
      { inputs: { x: [10, 3] }, initializers: { i: tensor([5000], many(5000, 10), 'int64') }, nodes: [node('Gather', 'x, i -> y')] },
      '5000×3',
    ],
    [
      'GatherElements',
      {
        inputs: { x: [10, 700] },
        initializers: { i: tensor([8, 700], many(5600, 10), 'int64') },
        nodes: [node('GatherElements', 'x, i -> y')],
      },
      '8×700',
    ],
    [
      'Compress',
      {
        inputs: { x: [6000] },
        initializers: {
          c: tensor(
            [6000],
            many(6000, 2).map((one) => (one === 0 || one === 1 ? 1 : 0)),
            'bool',
          ),
        },
        nodes: [node('Compress', 'x, c -> y', { axis: 0 })],
      },
      '6000',
    ],
    ['Trilu', { inputs: { x: [4, 4], k: [] }, nodes: [node('Trilu', 'x, k -> y')] }, '4×4'],
  ])('leave the shape of a %s as it is', (_, parts, shape) => {
    const graph = open(parts);
    expect(graph.outputs.map((output) => output.shape.join('×'))).toEqual([shape]);
    expect(graph.warnings).toBeUndefined();
    expect(verify(graph).holds).toBe(true);
  });
});

describe('what makes no sense', () => {
  it.each<[string, Parts]>([
    ['a value that nothing makes', { inputs: image, nodes: [node('Relu', 'z -> y')] }],
    ['a node without the input that it needs', { inputs: image, nodes: [node('Relu', '-> y')] }],
    [
      'kernels that do not fit the channels',
      { inputs: image, initializers: { w: tensor([4, 5, 3, 3]) }, nodes: [node('Conv', 'x, w -> y')] },
    ],
    [
      'a stride of zero',
      { inputs: image, initializers: { w: tensor([4, 3, 3, 3]) }, nodes: [node('Conv', 'x, w -> y', { strides: [0, 0] })] },
    ],
    ['matrices that do not fit', { inputs: { x: [2, 3], z: [2, 3] }, nodes: [node('MatMul', 'x, z -> y')] }],
    ['a weight that does not fit', { inputs: { x: [2, 3] }, initializers: { w: tensor([4, 4]) }, nodes: [node('MatMul', 'x, w -> y')] }],
    ['an attribute of the wrong type', { inputs: image, nodes: [node('Transpose', 'x -> y', { perm: 'no' })] }],
    [
      'a window of other axes',
      { inputs: { x: [1, 3, 8], i: [1, 3, 8] }, nodes: [node('MaxUnpool', 'x, i -> y', { kernel_shape: [2, 2] })] },
    ],
    ['a shape that only a run can tell', { inputs: { ...image, s: [2] }, nodes: [node('Reshape', 'x, s -> y')] }],
    [
      'a gigantic loop',
      {
        inputs: image,
        initializers: { n: scalar(10 ** 9, 'int64') },
        nodes: [
          node('Loop', 'n, , x -> y', {
            body: graph({ inputs: { i: [], c: [], s: [] }, nodes: [node('Relu', 's -> t')], outputs: ['c', 't'] }),
          }),
        ],
      },
    ],
  ])('%s is a problem', (_, parts) => {
    expect(problemsOf(() => open(parts))).toHaveLength(1);
  });

  // Slow on purpose: it goes up to the limits.
  it('loops in loops end, even where they come to no layer', () => {
    const within = (body: ReturnType<typeof graph>) =>
      graph({ inputs: { i: [], c: [] }, nodes: [node('Loop', 'n, , -> ', { body }), node('Identity', 'c -> d')], outputs: ['d'] });
    const empty = graph({ inputs: { i: [], c: [] }, nodes: [node('Identity', 'c -> d')], outputs: ['d'] });
    const parts: Parts = {
      inputs: image,
      initializers: { n: scalar(10_000, 'int64') },
      nodes: [node('Loop', 'n, , -> ', { body: within(within(empty)) }), node('Relu', 'x -> y')],
    };
    expect(problemsOf(() => open(parts))).toEqual([expect.stringContaining('TOO_MUCH_WORK')]);
  }, 60_000);

  it('constants of many elements are not computed without end', () => {
    const initializers = { one: scalar(1, 'int64'), s: int64(2 ** 20) };
    const adds = Array.from({ length: 200 }, (_, i) => node('Add', `v${i}, one -> v${i + 1}`));
    const parts: Parts = {
      inputs: image,
      initializers,
      nodes: [node('ConstantOfShape', 's -> v0', { value: tensor([1], [1], 'int64') }), ...adds],
    };
    expect(problemsOf(() => open(parts))).toEqual([expect.stringContaining('TOO_MUCH_WORK')]);
  }, 60_000);

  it.each<[string, Parts]>([
    [
      'a constant',
      { inputs: image, initializers: { s: int64(10 ** 6, 10 ** 6) }, nodes: [node('ConstantOfShape', 's -> c'), node('Add', 'c, c -> y')] },
    ],
    ['a repetition', { inputs: { x: [1] }, initializers: { s: int64(10 ** 12) }, nodes: [node('Tile', 'x, s -> y')] }],
    [
      'a range',
      {
        inputs: image,
        initializers: { a: scalar(0, 'int64'), b: scalar(10 ** 12, 'int64'), c: scalar(1, 'int64') },
        nodes: [node('Range', 'a, b, c -> r'), node('Neg', 'r -> y')],
      },
    ],
  ])('%s of 10^12 elements takes no memory', (_, parts) => {
    const before = process.memoryUsage().heapUsed;
    expect(count(parts).output[0]?.reduce((a, b) => a * b, 1)).toBe(10 ** 12);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 2 ** 20);
  });
});
