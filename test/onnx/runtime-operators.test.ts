import { describe, expect, it } from 'vitest';
import { verify } from '../../src/execute/verify.ts';
import type { OnnxDimension, OnnxTensor } from '../../src/onnx/file/model.ts';
import { count, int64, node, open, type Parts, scalar, tensor } from './nets.ts';

// Operators that onnxruntime has beside the standard, and the rarest of the standard: what they cost, by hand, and that what they are
// made of can be run and counts as predicted.

interface Case {
  readonly inputs: Readonly<Record<string, readonly OnnxDimension[]>>;
  readonly initializers?: Readonly<Record<string, OnnxTensor>>;
  readonly flow: string;
  readonly attributes?: Parameters<typeof node>[2];
  readonly domain?: string;
  readonly macs?: number;
  readonly parameters?: number;
  readonly warnings?: readonly string[];
  readonly shapes: readonly string[];
}

const x = [1, 6, 16];
const heads = { num_heads: 4 };
/** Scores and values: queries × keys × features, twice. */
const attending = (queries: number, keys: number, features: number) => 2 * queries * keys * features;
const bytes = (...shape: number[]) => tensor(shape, undefined, 'uint8');
const int32 = (...elements: number[]) => tensor([elements.length], elements, 'int32');
const truth = (element: number) => scalar(element, 'bool');
const longformer = { w: tensor([16, 48]), b: tensor([48]), gw: tensor([16, 48]), gb: tensor([48]) };
const decoder = { qw: tensor([16, 16]), kvw: tensor([16, 32]), b: tensor([48]), no: truth(0), yes: truth(1) };
const packedCase = { cu: int32(0, 2, 5), pasts: int32(4, 0), blocks: tensor([2, 3], [0, 1, 2, 3, 4, 5], 'int32') };

const CASES: Readonly<Record<string, Case>> = {
  // The projections of both kinds, and all pairs.
  LongformerAttention: {
    inputs: { x, m: [1, 6], g: [1, 6] },
    initializers: longformer,
    flow: 'x, w, b, m, gw, gb, g -> y',
    attributes: { ...heads, window: 2 },
    macs: 2 * 6 * 16 * 48 + attending(6, 6, 16),
    parameters: 2 * (16 * 48 + 48),
    warnings: ['ONNX_AT_MOST'],
    shapes: ['1×6×16'],
  },
  'DecoderAttention of itself': {
    inputs: { q: [6, 1, 16] },
    initializers: decoder,
    flow: 'q, q, qw, kvw, b, , , , no, no, no, no -> y, k, v',
    attributes: heads,
    macs: 6 * 16 * 16 + 6 * 16 * 32 + attending(6, 6, 16),
    parameters: 16 * 16 + 16 * 32 + 48,
    shapes: ['6×1×16', '1×4×6×4', '1×4×6×4'],
  },
  'DecoderAttention of itself, with a cache': {
    inputs: { q: [1, 1, 16], pk: [1, 4, 9, 4], pv: [1, 4, 9, 4] },
    initializers: decoder,
    flow: 'q, q, qw, kvw, b, , pk, pv, no, yes, no, no -> y, k, v',
    attributes: heads,
    macs: 16 * 16 + 16 * 32 + attending(1, 10, 16),
    parameters: 16 * 16 + 16 * 32 + 48,
    shapes: ['1×1×16', '1×4×10×4', '1×4×10×4'],
  },
  'DecoderAttention of another, whose keys are there': {
    inputs: { q: [1, 1, 16], e: [7, 1, 16], pk: [1, 4, 7, 4], pv: [1, 4, 7, 4] },
    initializers: decoder,
    flow: 'q, e, qw, kvw, b, , pk, pv, yes, yes, no, no -> y, k, v',
    attributes: heads,
    macs: 16 * 16 + attending(1, 7, 16),
    // The matrix of keys is read by nobody here.
    parameters: 16 * 16 + 48,
    shapes: ['1×1×16', '1×4×7×4', '1×4×7×4'],
  },
  DecoderMaskedMultiHeadAttention: {
    inputs: { q: [2, 1, 16], k: [2, 1, 16], v: [2, 1, 16], pk: [2, 4, 9, 4], pv: [2, 4, 9, 4] },
    flow: 'q, k, v, , , pk, pv -> y, ok, ov',
    attributes: heads,
    macs: 2 * attending(1, 10, 16),
    shapes: ['2×1×16', '2×4×10×4', '2×4×10×4'],
  },
  'DecoderMaskedMultiHeadAttention of a shared buffer': {
    inputs: { q: [2, 1, 48], pk: [2, 4, 32, 4], pv: [2, 4, 32, 4] },
    initializers: { n: int32(9) },
    flow: 'q, , , , , pk, pv, n -> y, ok, ov',
    attributes: { ...heads, past_present_share_buffer: 1 },
    macs: 2 * attending(1, 10, 16),
    shapes: ['2×1×16', '2×4×32×4', '2×4×32×4'],
  },
  // Two new tokens after four, and three of a second sequence.
  PagedAttention: {
    inputs: { q: [5, 16], k: [5, 8], v: [5, 8], ck: [6, 8, 2, 4], cv: [6, 8, 2, 4] },
    initializers: packedCase,
    flow: 'q, k, v, ck, cv, cu, pasts, blocks -> y, ok, ov',
    attributes: { ...heads, kv_num_heads: 2 },
    macs: attending(2, 6, 16) + attending(3, 3, 16),
    shapes: ['5×16', '6×8×2×4', '6×8×2×4'],
  },
  'PagedAttention of unknown lengths': {
    inputs: { q: [5, 16], k: [5, 8], v: [5, 8], ck: [6, 8, 2, 4], cv: [6, 8, 2, 4], cu: [3], pasts: [2] },
    initializers: { blocks: packedCase.blocks },
    flow: 'q, k, v, ck, cv, cu, pasts, blocks -> y, ok, ov',
    attributes: { ...heads, kv_num_heads: 2, do_rotary: 1 },
    macs: attending(5, 3 * 8, 16),
    warnings: ['ONNX_AT_MOST'],
    shapes: ['5×16', '6×8×2×4', '6×8×2×4'],
  },
  // Each query reads a state of 4×4.
  'LinearAttention, gated': {
    inputs: { q: [2, 5, 16], k: [2, 5, 8], v: [2, 5, 8], d: [2, 5, 2] },
    flow: 'q, k, v, , d -> y, s',
    attributes: { q_num_heads: 4, kv_num_heads: 2, update_rule: 'gated' },
    macs: 2 * 5 * 4 * 4 * 4,
    shapes: ['2×5×16', '2×2×4×4'],
  },
  'LinearAttention, a plain sum': {
    inputs: { q: [2, 5, 8], k: [2, 5, 8], v: [2, 5, 8], p: [2, 2, 4, 4] },
    flow: 'q, k, v, p -> y, s',
    attributes: { q_num_heads: 2, kv_num_heads: 2, update_rule: 'linear' },
    macs: 2 * 5 * 2 * 4 * 4,
    shapes: ['2×5×8', '2×2×4×4'],
  },
  // Three products of a state with a vector at each position.
  'LinearAttention by the gated delta rule': {
    inputs: { q: [2, 5, 8], k: [2, 5, 8], v: [2, 5, 24], d: [2, 5, 4], b: [2, 5, 4] },
    flow: 'q, k, v, , d, b -> y, s',
    attributes: { q_num_heads: 2, kv_num_heads: 4 },
    macs: 3 * 2 * 5 * 4 * 4 * 6,
    shapes: ['2×5×24', '2×4×4×6'],
  },
  GatedDeltaNet: {
    inputs: { q: [5, 2, 4], k: [5, 2, 4], v: [5, 4, 6], d: [5, 4], b: [5, 4], s: [1, 4, 6, 4] },
    flow: 'q, k, v, , d, b, s -> y, o',
    macs: 3 * 5 * 4 * 4 * 6,
    shapes: ['5×4×6', '1×4×6×4'],
  },
  LinearAttentionGate: {
    inputs: { a: [1, 5, 4], b: [1, 5, 4] },
    initializers: { t: tensor([4]), s: tensor([4]) },
    flow: 'a, t, s, b -> d, r',
    parameters: 8,
    shapes: ['1×5×4', '1×5×4'],
  },
  GatedAdd: { inputs: { x, z: x, g: [1, 6, 1] }, flow: 'x, z, g -> y', shapes: ['1×6×16'] },
  GatedRMSNorm: { inputs: { x, g: x }, initializers: { s: tensor([4]) }, flow: 'x, s, g -> y', parameters: 4, shapes: ['1×6×16'] },
  CausalConvWithState: {
    inputs: { x: [1, 16, 6], p: [1, 16, 3] },
    initializers: { w: tensor([16, 1, 4]), b: tensor([16]) },
    flow: 'x, w, b, p -> y, s',
    attributes: { activation: 'silu' },
    macs: 16 * 6 * 4,
    parameters: 16 * 4 + 16,
    shapes: ['1×16×6', '1×16×3'],
  },
  'CausalConvWithState without an earlier step, channels last': {
    inputs: { x },
    initializers: { w: tensor([16, 1, 4]) },
    flow: 'x, w -> y, s',
    attributes: { channels_last: 1 },
    macs: 16 * 6 * 4,
    parameters: 64,
    shapes: ['1×6×16', '1×3×16'],
  },
  GemmaRotaryEmbedding: {
    inputs: { e: [1, 6, 4], q: [1, 4, 6, 4], qr: [1, 4, 6, 4], k: [1, 2, 6, 4], kr: [1, 2, 6, 4] },
    flow: 'e, q, qr, k, kr -> a, b',
    shapes: ['1×4×6×4', '1×2×6×4'],
  },
  GatherBlockQuantized: {
    inputs: { i: [2, 3] },
    initializers: { t: bytes(100, 8), s: tensor([100, 1]) },
    flow: 't, i, s -> y',
    attributes: { bits: 4, quantize_axis: 1 },
    parameters: 1600,
    shapes: ['2×3×16'],
  },
  GemmFloat8: {
    inputs: { a: [5, 16] },
    initializers: { b: tensor([20, 16]) },
    flow: 'a, b -> y',
    attributes: { transB: 1, activation: 'GELU' },
    macs: 5 * 16 * 20,
    parameters: 320,
    shapes: ['5×20'],
  },
  MatMulBlockQuantizedFp4Weight: {
    inputs: { x },
    initializers: { b: bytes(20, 8), s: bytes(20, 1), g: scalar(1) },
    flow: 'x, b, s, g -> y',
    macs: 6 * 16 * 20,
    parameters: 320,
    shapes: ['1×6×20'],
  },
  MatMulBlockQuantizedFp8Weight: {
    inputs: { x },
    initializers: { b: tensor([20, 16], undefined, 'float8e4m3fn'), s: tensor([20, 1]), c: tensor([20]) },
    flow: 'x, b, s, , c -> y',
    macs: 6 * 16 * 20,
    parameters: 340,
    shapes: ['1×6×20'],
  },
  MatMulFpQ4: {
    inputs: { x },
    initializers: { b: bytes(180), s: int64(16, 20) },
    flow: 'x, b, s -> y',
    attributes: { blk_quant_type: 1 },
    macs: 6 * 16 * 20,
    parameters: 320,
    shapes: ['1×6×20'],
  },
  MatMulNBitsMlp: {
    inputs: { x, z: x },
    initializers: { n: tensor([16]), g: bytes(20, 1, 8), s: tensor([20]), u: bytes(20, 1, 8), t: tensor([20]) },
    flow: 'x, z, n, g, s, , u, t -> y, o',
    attributes: { K: 16, N: 20, block_size: 16, activation: 'silu' },
    macs: 2 * 6 * 16 * 20,
    parameters: 16 + 2 * 320,
    shapes: ['1×6×20', '1×6×16'],
  },
  MatMulNBitsQkv: {
    inputs: { x },
    initializers: { n: tensor([16]), q: bytes(16, 1, 8), k: bytes(8, 1, 8), v: bytes(8, 1, 8), s: tensor([16]) },
    flow: 'x, , n, q, s, , k, s, , v, s -> a, b, c',
    attributes: { K: 16, Nq: 16, Nkv: 8, block_size: 16 },
    macs: 6 * 16 * (16 + 8 + 8),
    parameters: 16 + 16 * (16 + 8 + 8),
    shapes: ['1×6×16', '1×6×8', '1×6×8'],
  },
  ConvTransposeWithDynamicPads: {
    inputs: { x: [1, 3, 4, 4] },
    initializers: { w: tensor([3, 2, 3, 3]), p: int64(1, 1, 1, 1) },
    flow: 'x, w, p -> y',
    attributes: { strides: [2, 2] },
    macs: 3 * 2 * 9 * 16,
    parameters: 54,
    shapes: ['1×2×7×7'],
  },
  CropAndResize: {
    inputs: { x: [1, 3, 8, 8], r: [5, 4], i: [5] },
    initializers: { s: int32(4, 6) },
    flow: 'x, r, i, s -> y',
    shapes: ['5×3×4×6'],
  },
  CDist: { inputs: { a: [5, 3], b: [7, 3] }, flow: 'a, b -> y', attributes: { metric: 'euclidean' }, shapes: ['5×7'] },
  MaxpoolWithMask: {
    inputs: { x: [1, 3, 8, 8], m: [1, 3, 8, 8] },
    flow: 'x, m -> y',
    attributes: { kernel_shape: [2, 2] },
    shapes: ['1×3×7×7'],
  },
  MulInteger: { inputs: { a: [2, 3], b: [3] }, initializers: { z: scalar(1, 'uint8') }, flow: 'a, z, b, z -> y', shapes: ['2×3'] },
  ReduceSumInteger: { inputs: { x }, flow: 'x -> y', attributes: { axes: [1], keepdims: 0 }, shapes: ['1×16'] },
  RelativePositionBias: {
    inputs: { x },
    initializers: { t: tensor([32, 4]), n: int64(6) },
    flow: 't, n, n -> y',
    attributes: { max_distance: 128 },
    parameters: 128,
    shapes: ['1×4×6×6'],
  },
  GatedRelativePositionBias: {
    inputs: { x, p: [1, 4, 6, 6] },
    initializers: { c: tensor([16]), w: tensor([4, 8]), b: tensor([8]), e: tensor([1, 4, 1, 1]) },
    flow: 'x, c, p, w, b, e -> y',
    attributes: heads,
    macs: 6 * 4 * 4 * 8,
    parameters: 16 + 32 + 8 + 4,
    shapes: ['1×4×6×6'],
  },
  TorchEmbedding: { inputs: { i: [2, 3] }, initializers: { t: tensor([10, 4]) }, flow: 't, i -> y', parameters: 40, shapes: ['2×3×4'] },
  UnfoldTensor: { inputs: { x: [2, 10] }, flow: 'x -> y', attributes: { dim: 1, size: 4, step: 2 }, shapes: ['2×4×4'] },
  SampleOp: { inputs: { x }, flow: 'x -> y', shapes: ['1×6×16'] },
  BitmaskBiasDropout: { inputs: { x, r: x }, initializers: { b: tensor([16]) }, flow: 'x, b, r -> y', parameters: 16, shapes: ['1×6×16'] },
  QOrderedGelu: { inputs: { x }, initializers: { s: scalar(0.1) }, flow: 'x, s, s -> y', shapes: ['1×6×16'] },
  QOrderedLayerNormalization: {
    inputs: { x },
    initializers: { s: scalar(0.1), g: tensor([16]), b: tensor([16]) },
    flow: 'x, s, g, b, s -> y',
    parameters: 32,
    shapes: ['1×6×16'],
  },
  QuantizeWithOrder: { inputs: { x }, initializers: { s: scalar(0.1) }, flow: 'x, s -> y', shapes: ['1×6×16'] },
  DequantizeWithOrder: { inputs: { x }, initializers: { s: scalar(0.1) }, flow: 'x, s -> y', shapes: ['1×6×16'] },
  Det: { inputs: { x: [2, 3, 3] }, flow: 'x -> y', domain: '', shapes: ['2'] },
  'Det of one matrix': { inputs: { x: [4, 4] }, flow: 'x -> y', domain: '', shapes: [''] },
  Multinomial: { inputs: { x: [2, 5] }, flow: 'x -> y', attributes: { sample_size: 7 }, domain: '', shapes: ['2×7'] },
  // Three coordinates to two, for each place.
  AffineGrid: {
    inputs: { t: [2, 2, 3] },
    initializers: { s: int64(2, 3, 5, 6) },
    flow: 't, s -> y',
    domain: '',
    macs: 2 * 5 * 6 * 3 * 2,
    shapes: ['2×5×6×2'],
  },
  RegexFullMatch: { inputs: { s: [2, 3] }, flow: 's -> y', attributes: { pattern: 'a' }, domain: '', shapes: ['2×3'] },
  StringConcat: { inputs: { s: [2, 3], t: [3] }, flow: 's, t -> y', domain: '', shapes: ['2×3'] },
  StringNormalizer: { inputs: { s: [4] }, flow: 's -> y', domain: '', shapes: ['4'] },
};

const partsOf = (name: string, { inputs, initializers = {}, flow, attributes = {}, domain = 'com.microsoft' }: Case): Parts => {
  const one = node(name.split(/[ ,]/)[0] as string, flow, attributes, domain);
  return { inputs, initializers, nodes: [one], outputs: one.outputs.filter((output) => output !== '') };
};

const OPSET = 22;

describe('operators of onnxruntime', () => {
  it.each(Object.entries(CASES))('%s counts', (name, one) => {
    const { totals, graph } = count(partsOf(name, one), OPSET);
    expect(graph.unknown).toBeUndefined();
    expect(graph.warnings?.map(({ code }) => code) ?? []).toEqual(one.warnings ?? []);
    expect(graph.outputs.map(({ shape }) => shape.join('×')).map((shape) => (shape === '1' && one.shapes[0] === '' ? '' : shape))).toEqual(
      one.shapes,
    );
    expect([totals.macs, totals.parameters]).toEqual([BigInt(one.macs ?? 0), BigInt(one.parameters ?? 0)]);
  });

  it.each(Object.entries(CASES))('%s can be run, and counts as predicted', (name, one) => {
    expect(verify(open(partsOf(name, one), OPSET)).holds).toBe(true);
  });

  it('take a determinant apart: a square, a divide and a multiply less at each step', () => {
    // 3 rows: 2 shares and 4 products, then 1 and 1, and two products of pivots.
    const { totals } = count(partsOf('Det', CASES.Det as Case), OPSET);
    expect(totals.operations).toMatchObject({ divide: 2n * 3n, multiply: 2n * (5n + 2n), subtract: 2n * 5n });
  });

  it('draw by sums of shares: one comparison for each class and draw', () => {
    const { totals } = count(partsOf('Multinomial', CASES.Multinomial as Case), OPSET);
    expect(totals.operations).toMatchObject({ exp: 10n, compare: 10n + 70n });
  });
});
