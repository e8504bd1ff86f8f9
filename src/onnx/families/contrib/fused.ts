import { elementCount, type Shape } from '../../../core/shape.ts';
import { broadcastAll, broken, type Call, input, int, ints, type ReadRule, type ReadRules, textAttribute } from '../../read/call.ts';
import { delegate, intAttribute, intsAttribute } from '../../read/delegate.ts';
import { movedByData, passedOn, reshapedTo } from '../../read/layers.ts';
import { shapeIn, sizesIn } from '../../read/steering.ts';
import { held, known, type ReadValue } from '../../read/value.ts';
import { elementwise, joinedBy } from '../elementwise/read.ts';
import { moving } from '../moving/read.ts';
import { normalisation } from '../normalisation/read.ts';
import { unpacked } from '../packed-weights.ts';
import { pooling } from '../pooling/read.ts';
import { products } from '../products/read.ts';
import { reductions } from '../reductions/read.ts';
import { activated, gelu, packedProduct, rmsNormalised, same, some, sum } from './read.ts';

/** What onnxruntime fuses of several operators, and few exporters write: each is made of what it stands for. */

const only = (values: readonly ReadValue[]): ReadValue => values[0] as ReadValue;

const times = (call: Call, a: ReadValue, b: ReadValue): ReadValue =>
  only(joinedBy(call, 'multiply', [a, b], broadcastAll(call.node, [a.shape, b.shape]), a.type));

const plus = (call: Call, a: ReadValue, b: ReadValue): ReadValue => sum(call, a, b);

const gatedAdd: ReadRule = (call) => [plus(call, input(call, 0), times(call, input(call, 1), input(call, 2)))];

/** Groups of features by their root mean square, times the SiLU of a gate. */
const gatedNorm: ReadRule = (call) => {
  const [x, scale, gate] = [input(call, 0), input(call, 1), input(call, 2)];
  const [size, features] = [elementCount(scale.shape), x.shape.at(-1) as number];
  if (features % size !== 0) throw broken(call.node, `${features} features are no groups of ${size}`);
  const groups = only(reshapedTo(call, x, [...x.shape.slice(0, -1), features / size, size]));
  const y = only(reshapedTo(call, rmsNormalised(call, groups, scale, groups.shape.length - 1), x.shape));
  return [times(call, y, only(call.layer('silu', {}, [gate])))];
};

/** decay = scale · softplus(a + bias), and the sigmoid of rates. */
const stateGate: ReadRule = (call) => {
  const decays = only(call.layer('pointwise', { function: 'softplus' }, [plus(call, input(call, 0), input(call, 1))]));
  const rates = call.inputs[3];
  return [times(call, decays, input(call, 2)), ...(rates === undefined ? [] : delegate(elementwise, call, 'Sigmoid', [rates]))];
};

/** Sines and cosines of angles, by which queries and keys are turned. */
const gemmaRotary: ReadRule = (call) => {
  const [angles, q, turnedQ, k, turnedK] = [0, 1, 2, 3, 4].map((index) => input(call, index)) as [
    ReadValue,
    ReadValue,
    ReadValue,
    ReadValue,
    ReadValue,
  ];
  const [n, length, width] = angles.shape as [number, number, number];
  const [sines, cosines] = (['sin', 'cos'] as const).map((name) =>
    only(reshapedTo(call, only(call.layer('pointwise', { function: name }, [angles])), [n, 1, length, width])),
  ) as [ReadValue, ReadValue];
  const turned = (x: ReadValue, half: ReadValue): ReadValue => plus(call, times(call, x, cosines), times(call, half, sines));
  return [turned(q, turnedQ), turned(k, turnedK)];
};

/** Rows of a table in few bits, brought to numbers by the scale of their block. */
const quantisedRows: ReadRule = (call) => {
  const { node } = call;
  const [table, ids] = [input(call, 0), input(call, 1)];
  const bits = int(node, 'bits') ?? 4;
  const perByte = table.type === 'uint8' && bits < 8 ? 8 / bits : 1;
  const whole = perByte === 1 ? table : unpacked(call, table, table.shape.with(-1, (table.shape.at(-1) as number) * perByte), bits);
  const axis = int(node, 'gather_axis') ?? 0;
  const isLookUp = axis === 0 && whole.shape.length === 2 && elementCount(ids.shape) > 0;
  const [count = 0, out = 0] = whole.shape;
  const rows = isLookUp
    ? only(call.layer('embedding', { rows: count, out }, [ids], { weights: { table: whole } }))
    : only(delegate(moving, call, 'Gather', [whole, ids], { axis: intAttribute(axis) }));
  const scales = only(movedByData(call, [held(input(call, 2)), ids], [rows.shape], ['float32']));
  return joinedBy(call, 'multiply', [rows, scales], rows.shape, 'float32');
};

const float8Product: ReadRule = (call) => {
  const { node } = call;
  const y = only(
    delegate(products, call, 'Gemm', [input(call, 0), input(call, 1), call.inputs[2]], some(call, ['alpha', 'beta', 'transA', 'transB'])),
  );
  return [activated({ ...call, node: { ...node, attributes: node.attributes } }, y)];
};

/** A product with a matrix `[out, in]` that blocks of scales bring to numbers. */
const blockProduct =
  (bits: 4 | 8, biasAt: number): ReadRule =>
  (call) => {
    const [x, packed, bias] = [input(call, 0), input(call, 1), call.inputs[biasAt]];
    const out = packed.shape[0] as number;
    const features = (packed.shape[1] as number) * (8 / bits);
    if (features !== x.shape.at(-1)) throw broken(call.node, `its matrix of ${out}×${features} does not fit ${x.shape.join('×')}`);
    const matrix = bits === 4 ? unpacked(call, packed, [out, features], 4) : packed;
    const weights = bias === undefined ? { matrix } : { matrix, bias };
    return call.layer('linear', { out, bias: bias !== undefined }, [x], { weights });
  };

/** The shape of the packed matrix is an input. */
const listedProduct: ReadRule = (call) => {
  const [features, out] = sizesIn(call, 2) as [number, number];
  const matrix = unpacked(call, input(call, 1), [out, features], 4);
  return call.layer('linear', { out, bias: false }, [input(call, 0)], { weights: { matrix } });
};

/** The inputs of one of several packed products of a node. */
const packedPart = (call: Call, x: ReadValue, at: number, out: number): ReadValue => {
  const [matrix, scales, bias] = [at, at + 1, at + 2].map((index) => call.inputs[index]);
  const attributes = { ...call.node.attributes, N: intAttribute(out) };
  const node = { ...call.node, operator: 'MatMulNBits', attributes };
  return only(packedProduct({ ...call, node, inputs: [x, matrix, scales, undefined, undefined, bias] }));
};

/** Normalised first, where there are factors; of a sum, where something skips. */
function before(call: Call): { readonly x: ReadValue; readonly total: ReadValue } {
  const total = sum(call, input(call, 0), call.inputs[1]);
  const scale = call.inputs[2];
  return { x: scale === undefined ? total : rmsNormalised(call, total, scale, total.shape.length - 1), total };
}

const packedMlp: ReadRule = (call) => {
  const { x, total } = before(call);
  const out = int(call.node, 'N') ?? 0;
  const gates = packedPart(call, x, 3, out);
  const name = (textAttribute(call.node, 'activation') ?? 'silu').toLowerCase();
  const active = name === 'silu' || name === 'swish' ? only(call.layer('silu', {}, [gates])) : activated(call, gates);
  return [times(call, active, packedPart(call, x, 6, out)), total];
};

const packedQkv: ReadRule = (call) => {
  const { x, total } = before(call);
  const [queries, keys] = [int(call.node, 'Nq') ?? 0, int(call.node, 'Nkv') ?? 0];
  return [packedPart(call, x, 3, queries), packedPart(call, x, 6, keys), packedPart(call, x, 9, keys), total];
};

/** A depthwise convolution that looks back, over what an earlier step left and what comes in. */
const causalConvolution: ReadRule = (call) => {
  const { node } = call;
  const [given, kernel, bias, past] = [input(call, 0), input(call, 1), call.inputs[2], call.inputs[3]];
  const isLast = int(node, 'channels_last') === 1;
  const order = [0, 2, 1];
  const turned = (x: ReadValue): ReadValue => (isLast ? only(call.layer('permute', { order }, [x])) : x);
  const x = turned(given);
  const axes = kernel.shape.length - 2;
  if (x.shape.length !== kernel.shape.length) throw broken(node, `${given.shape.join('×')} does not have ${axes} axes`);
  const dilation = int(node, 'dilation') ?? 1;
  const length = ((kernel.shape.at(-1) as number) - 1) * dilation;
  const sides = kernel.shape.slice(2).map((taps, axis): number => (axis === axes - 1 ? 0 : taps - 1));
  const pads = [...sides.map((total) => Math.floor(total / 2)), ...sides.map((total) => Math.ceil(total / 2))];
  const window = int(node, 'state_window') ?? 0;
  const held = x.shape.with(-1, length);
  const state: Shape = [...(window > 0 ? [window] : []), ...held];
  const own = past === undefined ? undefined : window > 0 || isLast ? only(movedByData(call, [past], [held])) : past;
  const joined = own === undefined || length === 0 ? x : only(call.layer('concat', { axis: x.shape.length - 1 }, [own, x]));
  const padded = own === undefined ? pads.with(axes - 1, length) : pads;
  const y = only(
    delegate(products, call, 'Conv', [joined, kernel, bias], {
      group: intAttribute(x.shape[1] as number),
      pads: intsAttribute(padded),
      dilations: intsAttribute(sides.map((_, axis) => (axis === axes - 1 ? dilation : 1))),
    }),
  );
  const isActive = ['silu', 'swish'].includes(textAttribute(node, 'activation') ?? 'none');
  const active = isActive ? only(call.layer('silu', {}, [y])) : y;
  return [turned(active), only(movedByData(call, [joined], [isLast ? [...state.slice(0, -2), length, x.shape[1] as number] : state]))];
};

/** With its padding as an input. */
const transposedByPads: ReadRule = (call) => {
  const pads = call.inputs[2] === undefined ? {} : { pads: intsAttribute(shapeIn(call, 2)) };
  const names = ['auto_pad', 'dilations', 'group', 'kernel_shape', 'output_padding', 'strides'];
  return delegate(products, call, 'ConvTranspose', [input(call, 0), input(call, 1), call.inputs[3]], { ...some(call, names), ...pads });
};

/** One sample for each place of a crop. */
const crops: ReadRule = (call) => {
  const [x, boxes, images] = [input(call, 0), input(call, 1), input(call, 2)];
  return call.layer('roialign', { size: [...shapeIn(call, 3)], samples: 1, scale: 1, aligned: false }, [x, boxes, images]);
};

/** Squares of differences, added up; the root of it for a length. */
const distances: ReadRule = (call) => {
  const [a, b] = [input(call, 0), input(call, 1)];
  const [m, features] = a.shape as [number, number];
  const k = b.shape[0] as number;
  const metric = textAttribute(call.node, 'metric') ?? 'sqeuclidean';
  if (metric !== 'sqeuclidean' && metric !== 'euclidean') return call.unknown();
  const [rows, columns] = [only(reshapedTo(call, a, [m, 1, features])), only(reshapedTo(call, b, [1, k, features]))];
  const difference = only(joinedBy(call, 'subtract', [rows, columns], broadcastAll(call.node, [rows.shape, columns.shape]), a.type));
  const squares = call.layer('reduce', { by: 'squares', axis: -1, keep: false }, [difference], { shapes: [[m, k]] });
  return metric === 'euclidean' ? call.layer('pointwise', { function: 'sqrt' }, squares) : squares;
};

const wholeProduct: ReadRule = (call) => {
  const above = (index: number, zeroAt: number): ReadValue => {
    const [x, zero] = [input(call, index), call.inputs[zeroAt]];
    return zero === undefined ? x : only(joinedBy(call, 'subtract', [x, zero], x.shape, 'int32'));
  };
  const [a, b] = call.inputs.length > 3 ? [above(0, 1), above(2, 3)] : [above(0, 1), input(call, 2)];
  return [times(call, a, b)];
};

/** The bias of T5 by the distance of two positions: a row of a table for each. */
const relativeBias: ReadRule = (call) => {
  const table = input(call, 0);
  const heads = table.shape[1] as number;
  const [queries, keys] = [sizesIn(call, 1)[0] ?? 1, sizesIn(call, 2)[0] ?? 1];
  const buckets = known('int64', [queries, keys], new Array<number>(queries * keys).fill(0));
  const rows = only(delegate(moving, call, 'Gather', [table, buckets]));
  return [only(reshapedTo(call, only(call.layer('permute', { order: [2, 0, 1] }, [rows])), [1, heads, queries, keys]))];
};

/** Gates from queries, by which a bias of positions is scaled. */
const gatedBias: ReadRule = (call) => {
  const heads = int(call.node, 'num_heads') ?? 1;
  const [x, bias, positions] = [plus(call, input(call, 0), input(call, 1)), input(call, 4), input(call, 2)];
  if (x.shape.length !== 3) return call.unknown();
  const [n, length] = x.shape as [number, number];
  const split = only(call.layer('splitheads', { heads }, [x]));
  const y = plus(call, only(delegate(products, call, 'MatMul', [split, input(call, 3)])), bias);
  const half = (y.shape[3] as number) / 2;
  const sums = only(call.layer('reduce', { by: 'sum', axis: -1, keep: false }, [only(reshapedTo(call, y, [n, heads, length, 2, half]))]));
  const gates = only(delegate(elementwise, call, 'Sigmoid', [sums]));
  const [u, r] = call.layer('split', { sizes: [1, 1], axis: 3 }, [gates]) as [ReadValue, ReadValue];
  const scaled = only(call.layer('arithmetic', { operation: 'add', number: -1 }, [times(call, r, input(call, 5))]));
  const factor = only(call.layer('arithmetic', { operation: 'add', number: 2 }, [times(call, u, scaled)]));
  return [times(call, factor, positions)];
};

/** The windows along an axis, as one more axis. */
const windows: ReadRule = (call) => {
  const x = input(call, 0);
  const named = int(call.node, 'dim') ?? -1;
  const axis = named < 0 ? named + x.shape.length : named;
  const [size, step] = [int(call.node, 'size') ?? 1, int(call.node, 'step') ?? 1];
  const count = Math.floor(((x.shape[axis] ?? 0) - size) / step) + 1;
  if (!(count >= 0)) throw broken(call.node, `it has no windows of ${size} in ${x.shape.join('×')}`);
  return movedByData(call, [x], [[...x.shape.with(axis, count), size]]);
};

/** The delta rule over packed tokens. */
const deltaNet: ReadRule = (call) => {
  const [query, key, value, decay, rate] = [input(call, 0), input(call, 1), input(call, 2), call.inputs[4], call.inputs[5]];
  const name = textAttribute(call.node, 'update_rule') ?? 'gated_delta';
  if (!name.endsWith('delta') || query.shape.length !== 3) return call.unknown();
  const [tokens, heads, features] = value.shape as [number, number, number];
  const placed = (x: ReadValue): ReadValue =>
    only(reshapedTo(call, only(call.layer('permute', { order: [1, 0, 2] }, [x])), [1, x.shape[1] as number, tokens, x.shape[2] as number]));
  const perHead = (x: ReadValue | undefined): ReadValue =>
    x === undefined
      ? known('float32', [1, heads, tokens], new Array<number>(heads * tokens).fill(0))
      : only(movedByData(call, [x], [[1, heads, tokens]]));
  const y = only(call.layer('deltarule', {}, [placed(query), placed(key), placed(value), perHead(decay), perHead(rate)]));
  const back = only(call.layer('permute', { order: [1, 0, 2] }, [only(reshapedTo(call, y, [heads, tokens, features]))]));
  const batch = call.inputs[6]?.shape[0] ?? 1;
  return [back, only(movedByData(call, [key, value], [[batch, heads, features, key.shape[2] as number]]))];
};

/** Of eight bits, in an order of rows that no count depends on: widened, computed, and brought back. */
const ordered =
  (compute: (call: Call, x: ReadValue) => ReadValue, scales: readonly [number, number]): ReadRule =>
  (call) => {
    const wide = only(delegate(normalisation, call, 'DequantizeLinear', [input(call, 0), input(call, scales[0])]));
    return delegate(normalisation, call, 'QuantizeLinear', [compute(call, wide), input(call, scales[1])]);
  };

const orderedNorm = (call: Call, x: ReadValue): ReadValue =>
  only(delegate(normalisation, call, 'LayerNormalization', [x, input(call, 2), call.inputs[3]]));

export const fused: ReadRules = {
  GatedAdd: gatedAdd,
  GatedRMSNorm: gatedNorm,
  GatedDeltaNet: deltaNet,
  LinearAttentionGate: stateGate,
  CausalConvWithState: causalConvolution,
  GemmaRotaryEmbedding: gemmaRotary,
  GatherBlockQuantized: quantisedRows,
  GemmFloat8: float8Product,
  MatMulBlockQuantizedFp4Weight: blockProduct(4, 5),
  MatMulBlockQuantizedFp8Weight: blockProduct(8, 4),
  MatMulFpQ4: listedProduct,
  MatMulNBitsMlp: packedMlp,
  MatMulNBitsQkv: packedQkv,
  BitmaskBiasDropout: (call) => [sum(call, sum(call, input(call, 0), input(call, 1)), call.inputs[2])],
  ConvTransposeWithDynamicPads: transposedByPads,
  CropAndResize: crops,
  CDist: distances,
  MaxpoolWithMask: (call) =>
    delegate(pooling, call, 'MaxPool', [input(call, 0)], some(call, ['auto_pad', 'kernel_shape', 'pads', 'strides'])),
  MulInteger: wholeProduct,
  ReduceSumInteger: (call) =>
    delegate(
      reductions,
      call,
      'ReduceSum',
      [input(call, 0), known('int64', [ints(call.node, 'axes')?.length ?? 0], ints(call.node, 'axes') ?? [])],
      some(call, ['keepdims']),
    ),
  RelativePositionBias: relativeBias,
  GatedRelativePositionBias: gatedBias,
  TorchEmbedding: (call) => delegate(moving, call, 'Gather', [input(call, 0), input(call, 1)]),
  UnfoldTensor: windows,
  SampleOp: (call) => passedOn(call, input(call, 0)),
  QOrderedGelu: ordered((call, x) => gelu(call, x), [1, 2]),
  QOrderedLayerNormalization: ordered(orderedNorm, [1, 4]),
  QuantizeWithOrder: (call) => delegate(normalisation, call, 'QuantizeLinear', [input(call, 0), input(call, 1)]),
  DequantizeWithOrder: same(normalisation, 'DequantizeLinear'),
};
