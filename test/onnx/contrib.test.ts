import { describe, expect, it } from 'vitest';
import { verify } from '../../src/execute/verify.ts';
import type { OnnxDimension, OnnxTensor } from '../../src/onnx/file/model.ts';
import { FlopwiseError } from '../../src/problems/problem.ts';
import { count, node, open, type Parts, scalar, tensor } from './nets.ts';

// Operators of com.microsoft, and of opset 23 and 24: what they cost, and that what they are made of can be run.

type Attributes = Parameters<typeof node>[2];

interface Case {
  readonly inputs: Readonly<Record<string, readonly OnnxDimension[]>>;
  readonly initializers?: Readonly<Record<string, OnnxTensor>>;
  readonly flow: string;
  readonly attributes?: Attributes;
  readonly domain?: string;
  readonly macs?: number;
  readonly parameters?: number;
  /** Of all outputs. */
  readonly shapes: readonly string[];
}

const MS = 'com.microsoft';
const x = [1, 6, 16];
const heads = { num_heads: 4 };
/** Queries times keys, and shares times values: heads × queries × keys × width, twice. */
const attending = (queries: number, keys: number, features: number) => 2 * queries * keys * features;

const int8 = (...shape: number[]) => tensor(shape, undefined, 'int8');
const step = scalar(0.1);
const zero = scalar(0, 'uint8');

const CASES: Readonly<Record<string, Case>> = {
  Attention: {
    inputs: { x },
    initializers: { w: tensor([16, 48]), b: tensor([48]) },
    flow: 'x, w, b -> y, p',
    attributes: heads,
    macs: 6 * 16 * 48 + attending(6, 6, 16),
    parameters: 16 * 48 + 48,
    shapes: ['1×6×16', '2×1×4×6×4'],
  },
  'Attention with a cache': {
    inputs: { x, past: [2, 1, 4, 3, 4] },
    initializers: { w: tensor([16, 48]), b: tensor([48]) },
    flow: 'x, w, b, , past -> y, p',
    attributes: { ...heads, unidirectional: 1 },
    macs: 6 * 16 * 48 + attending(6, 9, 16),
    parameters: 16 * 48 + 48,
    shapes: ['1×6×16', '2×1×4×9×4'],
  },
  MultiHeadAttention: {
    inputs: { x, k: [1, 9, 16], v: [1, 9, 24] },
    initializers: { b: tensor([56]) },
    flow: 'x, k, v, b -> y',
    attributes: heads,
    macs: 6 * 9 * 16 + 6 * 9 * 24,
    parameters: 56,
    shapes: ['1×6×24'],
  },
  'MultiHeadAttention of packed values': {
    inputs: { x: [1, 6, 4, 3, 4] },
    flow: 'x -> y',
    attributes: heads,
    macs: attending(6, 6, 16),
    shapes: ['1×6×16'],
  },
  GroupQueryAttention: {
    inputs: { x, k: [1, 6, 8], v: [1, 6, 8], pk: [1, 2, 3, 4], pv: [1, 2, 3, 4], s: [1], t: [] },
    flow: 'x, k, v, pk, pv, s, t -> y, ok, ov',
    attributes: { ...heads, kv_num_heads: 2 },
    macs: attending(6, 9, 16),
    shapes: ['1×6×16', '1×2×9×4', '1×2×9×4'],
  },
  'GroupQueryAttention of packed values, rotated': {
    inputs: { x: [1, 6, 32], s: [1], t: [] },
    initializers: { c: tensor([64, 2]), d: tensor([64, 2]) },
    flow: 'x, , , , , s, t, c, d -> y, ok, ov',
    attributes: { ...heads, kv_num_heads: 2, do_rotary: 1 },
    macs: attending(6, 6, 16),
    shapes: ['1×6×16', '1×2×6×4', '1×2×6×4'],
  },
  RotaryEmbedding: {
    inputs: { x, ids: [1, 6] },
    initializers: { c: tensor([64, 2]), d: tensor([64, 2]) },
    flow: 'x, ids, c, d -> y',
    shapes: ['1×6×16'],
  },
  SkipLayerNormalization: {
    inputs: { x, s: x },
    initializers: { g: tensor([16]), b: tensor([16]), o: tensor([16]) },
    flow: 'x, s, g, b, o -> y, , , sum',
    parameters: 48,
    shapes: ['1×6×16', '1×6×16'],
  },
  SkipSimplifiedLayerNormalization: {
    inputs: { x, s: x },
    initializers: { g: tensor([16]) },
    flow: 'x, s, g -> y, , , sum',
    parameters: 16,
    shapes: ['1×6×16', '1×6×16'],
  },
  SimplifiedLayerNormalization: {
    inputs: { x },
    initializers: { g: tensor([16]) },
    flow: 'x, g -> y',
    domain: '',
    parameters: 16,
    shapes: ['1×6×16'],
  },
  EmbedLayerNormalization: {
    inputs: { i: [1, 6], s: [1, 6] },
    initializers: { w: tensor([100, 16]), p: tensor([32, 16]), k: tensor([2, 16]), g: tensor([16]), b: tensor([16]) },
    flow: 'i, s, w, p, k, g, b -> y, m',
    parameters: 134 * 16 + 32,
    shapes: ['1×6×16', '1'],
  },
  BiasGelu: { inputs: { x }, initializers: { b: tensor([16]) }, flow: 'x, b -> y', parameters: 16, shapes: ['1×6×16'] },
  FastGelu: { inputs: { x }, flow: 'x -> y', shapes: ['1×6×16'] },
  QuickGelu: { inputs: { x }, flow: 'x -> y', shapes: ['1×6×16'] },
  BiasSplitGelu: { inputs: { x }, initializers: { b: tensor([16]) }, flow: 'x, b -> y', parameters: 16, shapes: ['1×6×8'] },
  MatMulNBits: {
    inputs: { x },
    initializers: { b: tensor([24, 1, 8], undefined, 'uint8'), s: tensor([24]) },
    flow: 'x, b, s -> y',
    attributes: { K: 16, N: 24, bits: 4, block_size: 16 },
    macs: 6 * 16 * 24,
    parameters: 16 * 24,
    shapes: ['1×6×24'],
  },
  FusedMatMul: {
    inputs: { x, z: [1, 5, 16] },
    flow: 'x, z -> y',
    attributes: { transB: 1, alpha: { float: 0.5 } },
    macs: 6 * 5 * 16,
    shapes: ['1×6×5'],
  },
  FusedConv: {
    inputs: { x: [1, 3, 8, 8], z: [1, 4, 8, 8] },
    initializers: { w: tensor([4, 3, 3, 3]), b: tensor([4]) },
    flow: 'x, w, b, z -> y',
    attributes: { activation: 'Relu', pads: [1, 1, 1, 1] },
    macs: 64 * 4 * 27,
    parameters: 112,
    shapes: ['1×4×8×8'],
  },
  FusedGemm: {
    inputs: { x: [2, 8] },
    initializers: { w: tensor([5, 8]), b: tensor([5]) },
    flow: 'x, w, b -> y',
    attributes: { activation: 'LeakyRelu', transB: 1 },
    macs: 2 * 5 * 8,
    parameters: 45,
    shapes: ['2×5'],
  },
  QLinearAdd: {
    inputs: { x, z: x },
    initializers: { s: step, o: zero },
    flow: 'x, s, o, z, s, o, s, o -> y',
    shapes: ['1×6×16'],
  },
  QLinearGlobalAveragePool: {
    inputs: { x: [1, 8, 8, 4] },
    initializers: { s: step, o: zero },
    flow: 'x, s, o, s, o -> y',
    attributes: { channels_last: 1 },
    shapes: ['1×1×1×4'],
  },
  QLinearConcat: {
    inputs: { x, z: [1, 4, 16] },
    initializers: { s: step, o: zero },
    flow: 's, o, x, s, o, z, s, o -> y',
    attributes: { axis: 1 },
    shapes: ['1×10×16'],
  },
  QGemm: {
    inputs: { x: [2, 8] },
    initializers: { s: step, o: zero, w: int8(5, 8), c: tensor([5], undefined, 'int32') },
    flow: 'x, s, o, w, s, o, c, s, o -> y',
    attributes: { transB: 1 },
    macs: 80,
    parameters: 45,
    shapes: ['2×5'],
  },
  DynamicQuantizeMatMul: {
    inputs: { x },
    initializers: { w: int8(16, 24), s: step, z: scalar(0, 'int8'), b: tensor([24]) },
    flow: 'x, w, s, z, b -> y',
    macs: 6 * 16 * 24,
    parameters: 16 * 24 + 24,
    shapes: ['1×6×24'],
  },
  MatMulIntegerToFloat: {
    inputs: { x },
    initializers: { w: int8(16, 24), s: step, z: scalar(0, 'int8') },
    flow: 'x, w, s, s, z, z -> y',
    macs: 6 * 16 * 24,
    parameters: 16 * 24,
    shapes: ['1×6×24'],
  },
  QAttention: {
    inputs: { x },
    initializers: { w: int8(16, 48), b: tensor([48]), s: step, z: zero },
    flow: 'x, w, b, s, s, , z, z -> y',
    attributes: heads,
    macs: 6 * 16 * 48 + attending(6, 6, 16),
    parameters: 16 * 48 + 48,
    shapes: ['1×6×16'],
  },
  GroupNorm: {
    inputs: { x: [1, 4, 4, 8] },
    initializers: { g: tensor([8]), b: tensor([8]) },
    flow: 'x, g, b -> y',
    attributes: { groups: 2, activation: 1 },
    parameters: 16,
    shapes: ['1×4×4×8'],
  },
  'Attention of opset 23': {
    inputs: { q: [1, 128, 64], k: [1, 128, 64], v: [1, 128, 64] },
    flow: 'q, k, v -> y',
    attributes: { q_num_heads: 8, kv_num_heads: 8 },
    domain: '',
    macs: 2 * 128 * 128 * 64,
    shapes: ['1×128×64'],
  },
  'Attention of opset 23 with a cache, fewer key heads and a mask': {
    inputs: { q: [1, 8, 6, 4], k: [1, 2, 6, 4], v: [1, 2, 6, 4], m: [6, 9], pk: [1, 2, 3, 4], pv: [1, 2, 3, 4] },
    flow: 'q, k, v, m, pk, pv -> y, ok, ov',
    domain: '',
    macs: 2 * 8 * 6 * 9 * 4,
    shapes: ['1×8×6×4', '1×2×9×4', '1×2×9×4'],
  },
  RMSNormalization: { inputs: { x }, initializers: { g: tensor([16]) }, flow: 'x, g -> y', domain: '', parameters: 16, shapes: ['1×6×16'] },
  Swish: { inputs: { x }, flow: 'x -> y', domain: '', shapes: ['1×6×16'] },
  TensorScatter: { inputs: { c: [1, 4, 32, 8], u: [1, 4, 2, 8] }, flow: 'c, u -> y', domain: '', shapes: ['1×4×32×8'] },
  DeformConv: {
    inputs: { x: [1, 8, 6, 6], o: [1, 36, 6, 6], m: [1, 18, 6, 6] },
    initializers: { w: tensor([4, 8, 3, 3]), b: tensor([4]) },
    flow: 'x, w, o, b, m -> y',
    attributes: { pads: [1, 1, 1, 1], offset_group: 2 },
    domain: '',
    macs: 36 * 4 * 72,
    parameters: 4 * 72 + 4,
    shapes: ['1×4×6×6'],
  },
  LpPool: { inputs: { x: [1, 3, 8, 8] }, flow: 'x -> y', attributes: { kernel_shape: [2, 2], p: 2 }, domain: '', shapes: ['1×3×7×7'] },
  // Each bin takes two products per real sample: a row of cosines, and one of sines.
  DFT: { inputs: { x: [2, 10, 1] }, flow: 'x -> y', attributes: { onesided: 1 }, domain: '', macs: 2 * 10 * 2 * 6, shapes: ['2×6×2'] },
  'DFT of complex numbers': { inputs: { x: [2, 10, 2] }, flow: 'x -> y', domain: '', macs: 2 * 20 * 20, shapes: ['2×10×2'] },
  STFT: {
    inputs: { x: [1, 32, 1] },
    initializers: { s: scalar(4, 'int64'), w: tensor([8]) },
    flow: 'x, s, w -> y',
    domain: '',
    macs: 7 * 2 * 5 * 8,
    shapes: ['1×7×5×2'],
  },
  ImageScaler: {
    inputs: { x: [1, 3, 4, 4] },
    flow: 'x -> y',
    attributes: { scale: { float: 0.5 }, bias: { kind: 'floats', value: [1, 2, 3] } },
    domain: '',
    shapes: ['1×3×4×4'],
  },
  Crop: { inputs: { x: [1, 3, 8, 8] }, flow: 'x -> y', attributes: { border: [1, 2, 3, 1] }, domain: '', shapes: ['1×3×5×4'] },
  Affine: { inputs: { x }, flow: 'x -> y', attributes: { alpha: { float: 2 }, beta: { float: 1 } }, domain: '', shapes: ['1×6×16'] },
};

const partsOf = (name: string, { inputs, initializers = {}, flow, attributes = {}, domain = MS }: Case): Parts => {
  const one = node(name.split(' ')[0] as string, flow, attributes, domain);
  return { inputs, initializers, nodes: [one], outputs: one.outputs.filter((output) => output !== '') };
};

const OPSET = 23;

describe('operators beyond the standard of opset 17', () => {
  it.each(Object.entries(CASES))('%s counts', (name, one) => {
    const { totals, graph } = count(partsOf(name, one), OPSET);
    expect(graph.unknown).toBeUndefined();
    expect(graph.warnings).toBeUndefined();
    expect(graph.outputs.map(({ shape }) => shape.join('×'))).toEqual(one.shapes);
    expect([totals.macs, totals.parameters]).toEqual([BigInt(one.macs ?? 0), BigInt(one.parameters ?? 0)]);
  });

  it.each(Object.entries(CASES))('%s can be run, and counts as predicted', (name, one) => {
    expect(verify(open(partsOf(name, one), OPSET)).holds).toBe(true);
  });
});

describe('sizes of 0', () => {
  const cached: Parts = {
    inputs: { q: ['b', 4, 'seq', 16], k: ['b', 4, 'seq', 16], v: ['b', 4, 'seq', 16], pk: ['b', 4, 'past', 16], pv: ['b', 4, 'past', 16] },
    nodes: [
      node('Concat', 'pk, k -> ok', { axis: 2 }),
      node('Concat', 'pv, v -> ov', { axis: 2 }),
      node('Transpose', 'ok -> kt', { perm: [0, 1, 3, 2] }),
      node('MatMul', 'q, kt -> s'),
      node('Softmax', 's -> p', { axis: -1 }),
      node('MatMul', 'p, ov -> o'),
    ],
    outputs: ['o', 'ok', 'ov'],
  };

  it.each([
    [0, 5, 2 * 4 * 5 * 5 * 16],
    [7, 5, 2 * 4 * 5 * 12 * 16],
    [7, 0, 0],
    [0, 0, 0],
  ])('are an empty cache, or no new positions: past %i, new %i', (past, seq, macs) => {
    expect(Number(count(cached, 17, { dims: { b: 1, seq, past } }).totals.macs)).toBe(macs);
  });

  it.each(Object.keys(CASES).filter((name) => /Attention|Rotary|Gelu|Normalization|MatMul/.test(name)))('%s takes them', (name) => {
    const one = CASES[name] as Case;
    const inputs = Object.fromEntries(
      Object.entries(one.inputs).map(([input, shape]) => [input, shape.map((size) => (size === 6 || size === 128 ? 0 : size))]),
    );
    expect(Number(count(partsOf(name, { ...one, inputs }), OPSET).totals.macs)).toBe(0);
  });
});

describe('what does not fit', () => {
  it.each<[string, string, Record<string, readonly number[]>]>([
    ['MultiHeadAttention', 'x -> y', { x: [1, 6, 4, 2, 4] }],
    ['MultiHeadAttention', 'x, k -> y', { x, k: [1, 6, 4, 3, 4] }],
    ['MultiHeadAttention', 'x, x, x -> y', { x: [1, 6, 15] }],
    ['GroupQueryAttention', 'x -> y', { x: [1, 6, 31] }],
    ['SkipSimplifiedLayerNormalization', 's, s, s -> y', { s: [] }],
    ['MatMulNBits', 'x, x, x -> y', { x }],
  ])('%s of %s is a problem', (operator, flow, inputs) => {
    const one = node(operator, flow, { num_heads: 4, kv_num_heads: 2 }, MS);
    expect(() => open({ inputs, nodes: [one] })).toThrow(FlopwiseError);
  });
});

describe('what may be there, and lists', () => {
  it('Optional passes on what it holds', () => {
    const nodes = [
      node('Optional', 'x -> o'),
      node('OptionalHasElement', 'o -> h'),
      node('OptionalGetElement', 'o -> e'),
      node('Relu', 'e -> y'),
    ];
    const { rows } = count({ inputs: { x: [1, 3] }, nodes, outputs: ['y', 'h'] });
    expect(rows.map(({ operator }) => operator)).toEqual(['relu', 'constant']);
  });

  it('SequenceMap runs its body for each item', () => {
    const body = {
      name: 'body',
      nodes: [node('MatMul', 'item, w -> out')],
      inputs: [{ name: 'item', type: 'float32' as const, shape: undefined }],
      outputs: [{ name: 'out', type: 'float32' as const, shape: undefined }],
      values: [],
      initializers: new Map(),
    };
    const nodes = [
      node('SequenceConstruct', 'a, b -> list'),
      node('SequenceMap', 'list -> mapped', { body }),
      node('ConcatFromSequence', 'mapped -> y', { axis: 0 }),
    ];
    const { totals, graph } = count({ inputs: { a: [2, 4], b: [3, 4] }, initializers: { w: tensor([4, 5]) }, nodes });
    expect(totals.macs).toBe(100n);
    expect(graph.outputs[0]?.shape).toEqual([5, 5]);
  });
});
