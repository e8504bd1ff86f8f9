import { describe, expect, it } from 'vitest';
import { verify } from '../../src/execute/verify.ts';
import type { OnnxDimension, OnnxTensor } from '../../src/onnx/file/model.ts';
import { FlopwiseError } from '../../src/problems/problem.ts';
import { count, int64, node, open, type Parts, scalar, tensor } from './nets.ts';

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
  /** Of experts only those that a position goes through; all where they are not given. */
  readonly active?: number;
  readonly warnings?: readonly string[];
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
  // Two of 5 experts for each of 7 positions: 2·7 rows through 16→24→16.
  MoE: {
    inputs: { x: [7, 16], r: [7, 5] },
    initializers: { w: tensor([5, 24, 16]), b: tensor([5, 24]), u: tensor([5, 16, 24]), c: tensor([5, 16]) },
    flow: 'x, r, w, b, u, c -> y',
    attributes: { k: 2, activation_type: 'gelu' },
    macs: 2 * 7 * 2 * 16 * 24,
    parameters: 5 * (2 * 16 * 24 + 24 + 16),
    active: 2 * (2 * 16 * 24 + 24 + 16),
    shapes: ['7×16'],
  },
  'MoE with gates, its matrices the other way round': {
    inputs: { x: [1, 6, 16], r: [6, 4] },
    initializers: { w: tensor([4, 16, 24]), u: tensor([4, 24, 16]), v: tensor([4, 16, 24]) },
    flow: 'x, r, w, , u, , v -> y',
    attributes: { k: 1, activation_type: 'silu', normalize_routing_weights: 1 },
    macs: 6 * 3 * 16 * 24,
    parameters: 4 * 3 * 16 * 24,
    active: 3 * 16 * 24,
    shapes: ['1×6×16'],
  },
  'QMoE of four bits, whose first layers are gates and values in one': {
    inputs: { x: [1, 6, 16], r: [6, 8] },
    initializers: {
      w: tensor([8, 40, 8], undefined, 'uint8'),
      s: tensor([8, 40]),
      b: tensor([8, 40]),
      u: tensor([8, 16, 10], undefined, 'uint8'),
      t: tensor([8, 16]),
      c: tensor([8, 16]),
    },
    flow: 'x, r, w, s, b, u, t, c -> y',
    attributes: {
      k: 4,
      activation_type: 'swiglu',
      expert_weight_bits: 4,
      swiglu_fusion: 1,
      swiglu_limit: { float: 7 },
      activation_alpha: { float: 1.702 },
      activation_beta: { float: 1 },
      normalize_routing_weights: 1,
    },
    macs: 4 * 6 * (16 * 40 + 20 * 16),
    parameters: 8 * (16 * 40 + 40 + 20 * 16 + 16),
    active: 4 * (16 * 40 + 40 + 20 * 16 + 16),
    shapes: ['1×6×16'],
  },
  'QMoE of eight bits, with shares of its own': {
    inputs: { x: [6, 16], r: [6, 8], g: [6, 8] },
    initializers: {
      w: tensor([8, 24, 16], undefined, 'uint8'),
      s: tensor([8, 24]),
      u: tensor([8, 16, 24], undefined, 'uint8'),
      t: tensor([8, 16]),
      v: tensor([8, 24, 16], undefined, 'uint8'),
      q: tensor([8, 24]),
    },
    flow: 'x, r, w, s, , u, t, , v, q, , , , , g -> y',
    attributes: { k: 2, activation_type: 'swiglu', expert_weight_bits: 8 },
    macs: 2 * 6 * 3 * 16 * 24,
    parameters: 8 * 3 * 16 * 24,
    active: 2 * 3 * 16 * 24,
    shapes: ['6×16'],
  },
  // Sequences of 3, 0 and 4 tokens: 3² + 4² scores a head.
  PackedAttention: {
    inputs: { x: [7, 16], o: [3, 5] },
    initializers: { w: tensor([16, 40]), b: tensor([40]), l: int64(0, 3, 3, 7) },
    flow: 'x, w, b, o, l -> y',
    attributes: { num_heads: 4, qkv_hidden_sizes: [16, 16, 8] },
    macs: 7 * 16 * 40 + (9 + 16) * (16 + 8),
    parameters: 16 * 40 + 40,
    shapes: ['7×8'],
  },
  'PackedAttention of lengths that only a run knows': {
    inputs: { x: [7, 16], o: [3, 5], l: [4] },
    initializers: { w: tensor([16, 48]), b: tensor([48]) },
    flow: 'x, w, b, o, l -> y',
    attributes: heads,
    macs: 7 * 16 * 48 + 3 * attending(5, 5, 16),
    parameters: 16 * 48 + 48,
    warnings: ['ONNX_AT_MOST'],
    shapes: ['7×16'],
  },
  'PackedMultiHeadAttention without padding': {
    inputs: { x: [10, 16], k: [10, 16], v: [10, 8], o: [2, 5], l: [3], d: [2, 4, 5, 5] },
    initializers: { b: tensor([40]) },
    flow: 'x, k, v, b, o, l, d -> y',
    attributes: heads,
    macs: 2 * 5 * 5 * (16 + 8),
    parameters: 40,
    shapes: ['10×8'],
  },
  'PackedMultiHeadAttention of packed values': {
    inputs: { x: [7, 4, 3, 4], o: [2, 5] },
    initializers: { l: int64(0, 2, 7) },
    flow: 'x, , , , o, l -> y',
    attributes: heads,
    macs: attending(2, 2, 16) + attending(5, 5, 16),
    shapes: ['7×16'],
  },
  // 3 blocks of 16 keys, each query block with all blocks up to its own.
  'SparseAttention of all blocks': {
    inputs: { q: [1, 40, 16], k: [1, 40, 8], v: [1, 40, 8], pk: [1, 2, 64, 4], pv: [1, 2, 64, 4], s: [1] },
    initializers: {
      r: tensor([1, 5], [0, 1, 3, 6, 10], 'int32'),
      c: tensor([1, 10], [0, 0, 1, 0, 1, 2, 0, 1, 2, 3], 'int32'),
      t: scalar(40, 'int32'),
    },
    flow: 'q, k, v, pk, pv, r, c, t, s -> y, ok, ov',
    attributes: { num_heads: 4, kv_num_heads: 2, sparse_block_size: 16 },
    macs: attending(40, 40, 16),
    shapes: ['1×40×16', '1×2×64×4', '1×2×64×4'],
  },
  'SparseAttention of some blocks, rotated': {
    inputs: { q: [1, 40, 32], pk: [1, 2, 64, 4], pv: [1, 2, 64, 4], t: [], s: [1] },
    initializers: {
      r: tensor([1, 5], [0, 1, 2, 4, 6], 'int32'),
      c: tensor([1, 6], [0, 1, 1, 2, 2, 3], 'int32'),
      cos: tensor([64, 2]),
      sin: tensor([64, 2]),
    },
    flow: 'q, , , pk, pv, r, c, t, s, cos, sin -> y, ok, ov',
    attributes: { num_heads: 4, kv_num_heads: 2, sparse_block_size: 16, do_rotary: 1 },
    macs: attending(40, 64, 16),
    warnings: ['ONNX_AT_MOST'],
    shapes: ['1×40×16', '1×2×64×4', '1×2×64×4'],
  },
  RestorePadding: { inputs: { x: [7, 16], o: [3, 5] }, flow: 'x, o -> y', shapes: ['3×5×16'] },
  RemovePadding: {
    inputs: { x: [3, 5, 16] },
    initializers: { l: tensor([3], [3, 0, 4], 'int32') },
    flow: 'x, l -> y, o, c, m',
    shapes: ['7×16', '3×5', '4', '1'],
  },
  'RemovePadding of lengths that only a run knows': {
    inputs: { x: [3, 5, 16], l: [3] },
    flow: 'x, l -> y, o, c, m',
    warnings: ['ONNX_BOUND'],
    shapes: ['15×16', '3×5', '4', '1'],
  },
  MRotaryEmbedding: {
    inputs: { x, ids: [3, 1, 6] },
    initializers: { c: tensor([64, 2]), d: tensor([64, 2]) },
    flow: 'x, ids, c, d -> y',
    attributes: { ...heads, rotary_embedding_dim: 4, mrope_section: [1, 1, 0] },
    shapes: ['1×6×16'],
  },
  // 10 real samples to 6 bins of two numbers each.
  Rfft: { inputs: { x: [3, 10] }, flow: 'x -> y', attributes: { signal_ndim: 1 }, macs: 3 * 10 * 12, shapes: ['3×6×2'] },
  // Rows of 8 real samples to 5 bins; then columns of 4 complex samples, four products each.
  'Rfft of two axes': {
    inputs: { x: [3, 4, 8] },
    flow: 'x -> y',
    attributes: { signal_ndim: 2, normalized: 0, onesided: 1 },
    macs: 3 * (4 * 8 * 10 + 5 * 4 * 4 * 4),
    shapes: ['3×4×5×2'],
  },
  // 6 bins of two numbers to 10 real samples.
  Irfft: { inputs: { x: [3, 6, 2] }, flow: 'x -> y', attributes: { signal_ndim: 1 }, macs: 3 * 12 * 10, shapes: ['3×10'] },
  'Irfft of two axes': {
    inputs: { x: [3, 4, 5, 2] },
    flow: 'x -> y',
    attributes: { signal_ndim: 2 },
    macs: 3 * (5 * 4 * 4 * 4 + 4 * 10 * 8),
    shapes: ['3×4×8'],
  },
  ComplexMul: { inputs: { x: [3, 6, 2], z: [6, 2] }, flow: 'x, z -> y', shapes: ['3×6×2'] },
  ComplexMulConj: { inputs: { x: [3, 6, 2], z: [3, 6, 2] }, flow: 'x, z -> y', shapes: ['3×6×2'] },
  'DFT back to real samples': {
    inputs: { x: [3, 6, 2] },
    initializers: { n: scalar(9, 'int64') },
    flow: 'x, n -> y',
    attributes: { inverse: 1, onesided: 1 },
    domain: '',
    macs: 3 * 10 * 9,
    shapes: ['3×9×1'],
  },
  RandomNormal: { inputs: { x: [1] }, flow: ' -> y', attributes: { shape: [2, 3] }, domain: '', shapes: ['2×3'] },
  RandomUniformLike: { inputs: { x: [2, 3] }, flow: 'x -> y', domain: '', shapes: ['2×3'] },
  Bernoulli: { inputs: { x: [2, 3] }, flow: 'x -> y', domain: '', shapes: ['2×3'] },
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

const OPSET = 24;

describe('operators beyond the standard of opset 17', () => {
  it.each(Object.entries(CASES))('%s counts', (name, one) => {
    const { totals, graph } = count(partsOf(name, one), OPSET);
    expect(graph.unknown).toBeUndefined();
    expect(graph.warnings?.map(({ code }) => code) ?? []).toEqual(one.warnings ?? []);
    expect(graph.outputs.map(({ shape }) => shape.join('×'))).toEqual(one.shapes);
    expect([totals.macs, totals.parameters]).toEqual([BigInt(one.macs ?? 0), BigInt(one.parameters ?? 0)]);
    expect(totals.activeParameters).toBe(BigInt(one.active ?? one.parameters ?? 0));
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

  it.each(Object.keys(CASES).filter((name) => /^(?!Packed|Sparse).*(Attention|Rotary|Gelu|Normalization|MatMul)/.test(name)))(
    '%s takes them',
    (name) => {
      const one = CASES[name] as Case;
      const inputs = Object.fromEntries(
        Object.entries(one.inputs).map(([input, shape]) => [input, shape.map((size) => (size === 6 || size === 128 ? 0 : size))]),
      );
      expect(Number(count(partsOf(name, { ...one, inputs }), OPSET).totals.macs)).toBe(0);
    },
  );
});

describe('no tokens', () => {
  const weights = { w: tensor([16, 48]), b: tensor([48]), l: int64(0, 0, 0) };

  it.each<[string, string, Record<string, readonly number[]>, string]>([
    ['PackedAttention', 'x, w, b, o, l -> y', { x: [0, 16], o: [2, 5] }, '0×16'],
    ['PackedMultiHeadAttention', 'x, x, x, , o, l -> y', { x: [0, 16], o: [2, 5] }, '0×16'],
    ['RestorePadding', 'x, o -> y', { x: [0, 16], o: [2, 5] }, '2×5×16'],
    ['SparseAttention', 'q, , , p, p, l, l, n, n -> y', { q: [1, 0, 32], p: [1, 2, 64, 4], n: [] }, '1×0×16'],
    ['MoE', 'x, r, m, , m -> y', { x: [0, 16], r: [0, 4], m: [4, 16, 16] }, '0×16'],
  ])('%s costs nothing', (operator, flow, inputs, shape) => {
    const one = node(operator, flow, { ...heads, kv_num_heads: 2, sparse_block_size: 16 }, MS);
    const { totals, graph } = count({ inputs, initializers: weights, nodes: [one] });
    expect(totals.macs).toBe(0n);
    expect(graph.outputs.map((output) => output.shape.join('×'))).toEqual([shape]);
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
    ['MoE', 'x, r, w, , u -> y', { x: [7, 16], r: [7, 4], w: [4, 24, 15], u: [4, 16, 24] }],
    ['MoE', 'x, r, w, , u -> y', { x: [7, 16], r: [7, 5], w: [4, 24, 16], u: [4, 16, 24] }],
    ['MoE', 'x, r, w, , u -> y', { x: [7, 16], r: [7, 4], w: [4, 24, 16], u: [4, 16, 25] }],
    ['QMoE', 'x, r, w, s, , u, s -> y', { x: [7, 16], r: [7, 4], w: [4, 24, 8], u: [4, 16, 12], s: [4, 24] }],
    ['PackedAttention', 'x, w, , o -> y', { x: [11, 16], w: [16, 48], o: [2, 5] }],
    ['PackedMultiHeadAttention', 'x, x, x, , o -> y', { x: [1, 11, 16], o: [2, 5] }],
    ['Irfft', 'x -> y', { x: [3, 1, 2] }],
    ['Irfft', 'x -> y', { x: [3, 5] }],
    ['Rfft', 'x -> y', { x: [] }],
    ['ComplexMul', 'x, x -> y', { x: [3, 5] }],
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
