import { elementCount, type Shape } from '../../../core/shape.ts';
import {
  broadcastAll,
  broken,
  type Call,
  decimal,
  input,
  int,
  ints,
  type ReadRule,
  type ReadRules,
  real,
  textAttribute,
} from '../../read/call.ts';
import { delegate, floatAttribute, intAttribute, intsAttribute } from '../../read/delegate.ts';
import { filled, movedByData, passedOn, reshapedTo } from '../../read/layers.ts';
import { held, known, type ReadValue, reordered, viewed } from '../../read/value.ts';
import { elementwise, joinedBy } from '../elementwise/read.ts';
import { moving } from '../moving/read.ts';
import { normalisation } from '../normalisation/read.ts';
import { unpacked } from '../packed-weights.ts';
import { pooling } from '../pooling/read.ts';
import { products } from '../products/read.ts';
import { recurrence } from '../recurrent/read.ts';
import { reductions } from '../reductions/read.ts';
import { shapes } from '../shapes/read.ts';
import { unknownWork } from '../uncounted/read.ts';

/** Operators of `com.microsoft`: what onnxruntime fuses, and what its tools quantise. They are made of those of the standard. */

const only = (values: readonly ReadValue[]): ReadValue => values[0] as ReadValue;

export const sum = (call: Call, a: ReadValue, b: ReadValue | undefined): ReadValue =>
  b === undefined ? a : only(joinedBy(call, 'add', [a, b], broadcastAll(call.node, [a.shape, b.shape]), a.type));

const isWanted = (call: Call, output: number): boolean => (call.node.outputs[output] ?? '') !== '';

/** x times the sigmoid of alpha x. */
function quickGelu(call: Call, x: ReadValue, alpha: number): ReadValue {
  const scaled = alpha === 1 ? x : only(call.layer('arithmetic', { operation: 'multiply', number: alpha }, [x]));
  return only(joinedBy(call, 'multiply', [x, only(delegate(elementwise, call, 'Sigmoid', [scaled]))], x.shape, x.type));
}

export const gelu = (call: Call, x: ReadValue, approximate: 'none' | 'tanh' = 'none'): ReadValue =>
  elementCount(x.shape) === 0 ? x : only(call.layer('gelu', { approximate }, [x]));

/** Activations by the names that fused nodes have for them. */
export function activated(call: Call, x: ReadValue): ReadValue {
  const { node } = call;
  const name = textAttribute(node, 'activation') ?? '';
  const numbers = node.attributes.activation_params?.kind === 'floats' ? node.attributes.activation_params.value : [];
  const [alpha = real(node, 'activation_alpha'), beta = real(node, 'activation_beta')] = numbers;
  const given = {
    ...(alpha !== undefined && { alpha: floatAttribute(alpha) }),
    ...(beta !== undefined && { beta: floatAttribute(beta) }),
  };
  if (name === '' || name.toUpperCase() === 'NONE') return x;
  if (name.toUpperCase() === 'GELU') return gelu(call, x);
  if (name === 'Clip')
    return only(delegate(elementwise, call, 'Clip', [x, known(x.type, [], [alpha ?? 0]), known(x.type, [], [beta ?? 6])]));
  const rule = name.toUpperCase() === 'RELU' ? 'Relu' : name;
  if (!Object.hasOwn(elementwise, rule)) throw broken(node, `its activation "${name}" is not known`);
  return only(delegate(elementwise, call, rule, [x], given));
}

/** x divided by its root mean square, along the last axes. */
export function rmsNormalised(call: Call, x: ReadValue, scale: ReadValue, axis: number): ReadValue {
  const inner = elementCount(x.shape.slice(axis));
  if (elementCount(x.shape) === 0) return x;
  const isWhole = scale.isConstant && elementCount(scale.shape) === inner;
  const epsilon = decimal(call.node, 'epsilon') ?? 1e-5;
  const rows = axis === x.shape.length - 1 && axis > 0 ? x : only(reshapedTo(call, x, [elementCount(x.shape) / inner, inner]));
  const y = only(
    call.layer('rmsnorm', { affine: isWhole, epsilon }, [rows], { weights: isWhole ? { scale: viewed(scale, [inner]) } : {} }),
  );
  const back = rows === x ? y : only(reshapedTo(call, y, x.shape));
  return isWhole ? back : only(joinedBy(call, 'multiply', [back, scale], broadcastAll(call.node, [x.shape, scale.shape]), x.type));
}

/** 1/deviation of each vector, where somebody wants it. */
const statistics = (call: Call, x: ReadValue, axis: number, output: number): ReadValue[] =>
  isWanted(call, output) ? movedByData(call, [x], [x.shape.map((size, index) => (index < axis ? size : 1))]) : [];

/** Of the standard from opset 23 on, and before that of onnxruntime under another name. */
export const rmsNormalisation: ReadRule = (call) => {
  const x = input(call, 0);
  const named = int(call.node, 'axis') ?? -1;
  const axis = named < 0 ? named + x.shape.length : named;
  if (!(axis >= 0 && axis < Math.max(x.shape.length, 1))) throw broken(call.node, `there is no axis ${named} among ${x.shape.length}`);
  return [rmsNormalised(call, x, input(call, 1), axis), ...statistics(call, x, axis, 1)];
};

const layerNormalised = (call: Call, x: ReadValue, scale: ReadValue, shift: ReadValue | undefined): ReadValue =>
  only(
    delegate(normalisation, call, 'LayerNormalization', [x, scale, shift], {
      ...(call.node.attributes.epsilon !== undefined && { epsilon: call.node.attributes.epsilon }),
    }),
  );

/** A sum of two, or of three with a bias, normalised; the sum itself is an output too. */
const skip =
  (normalised: (call: Call, sum: ReadValue) => ReadValue, bias: number): ReadRule =>
  (call) => {
    const total = sum(call, sum(call, input(call, 0), input(call, 1)), call.inputs[bias]);
    if (total.shape.length === 0) throw broken(call.node, 'it normalises a scalar');
    const y = normalised(call, total);
    if (call.node.outputs.length < 2) return [y];
    const vectors = total.shape.with(-1, 1);
    const unused = [1, 2].map((output) => (isWanted(call, output) ? only(movedByData(call, [total], [vectors])) : y));
    return [y, ...unused, total];
  };

/** Rows of a table by ids. */
function looked(call: Call, table: ReadValue, ids: ReadValue): ReadValue {
  const [rows, out] = table.shape as [number, number];
  if (!table.isConstant || elementCount(ids.shape) === 0 || ids.isConstant) return only(delegate(moving, call, 'Gather', [table, ids]));
  return only(call.layer('embedding', { rows, out }, [ids], { weights: { table }, types: [table.type] }));
}

/** Words, positions and segments of BERT, added and normalised. */
const embedded: ReadRule = (call) => {
  const [ids, segments, words, positions, kinds] = [input(call, 0), call.inputs[1], input(call, 2), input(call, 3), call.inputs[4]];
  const [n, length] = ids.shape as [number, number];
  const places = call.inputs[8];
  const numbers = known(
    'int64',
    [1, length],
    Array.from({ length }, (_, i) => i),
  );
  const rows = places === undefined ? only(delegate(moving, call, 'Gather', [positions, numbers])) : looked(call, positions, places);
  const added = sum(call, looked(call, words, ids), rows);
  const total = segments === undefined || kinds === undefined ? added : sum(call, added, looked(call, kinds, segments));
  const y = layerNormalised(call, total, input(call, 5), input(call, 6));
  if (call.node.outputs.length < 2) return [y];
  return [y, only(filled(call, [ids], [n], 'int32')), total];
};

/** A product with a matrix `[out, in]` of few bits. */
export const packedProduct: ReadRule = (call) => {
  const { node } = call;
  const [out, features, bits] = [int(node, 'N') ?? 0, int(node, 'K') ?? 0, int(node, 'bits') ?? 4];
  const x = input(call, 0);
  if (out < 1 || features !== x.shape.at(-1))
    throw broken(node, `its matrix of ${out}×${features} does not fit an input of ${x.shape.join('×')}`);
  const matrix = unpacked(call, input(call, 1), [out, features], bits);
  const bias = node.operator === 'MatMulNBits' ? call.inputs[5] : undefined;
  if (elementCount(x.shape) === 0) return filled(call, [x], x.shape.with(-1, out));
  const isHeld = bias?.isConstant === true;
  const weights = isHeld ? { matrix, bias } : { matrix };
  const flat = x.shape.length === 1 ? only(reshapedTo(call, x, [1, features])) : x;
  const y = only(call.layer('linear', { out, bias: isHeld }, [flat], { weights }));
  const shaped = x.shape.length === 1 ? only(reshapedTo(call, y, [out])) : y;
  return [isHeld ? shaped : sum(call, shaped, bias)];
};

/** The last two axes turned round. */
function turned(call: Call, x: ReadValue): ReadValue {
  const rank = x.shape.length;
  if (rank < 2) return x;
  const order = [...x.shape.keys()].slice(0, -2).concat(rank - 1, rank - 2);
  return x.isConstant ? reordered(x, order) : only(call.layer('permute', { order }, [x]));
}

/** The first axis of a batch moved behind all others but the last, as transBatch says. */
function batchTurned(call: Call, x: ReadValue): ReadValue {
  const [, ...rest] = x.shape.keys();
  const order = [...rest.slice(0, -1), 0, ...rest.slice(-1)];
  return x.isConstant ? reordered(x, order) : only(call.layer('permute', { order }, [x]));
}

/** A product of which operands are turned and which is scaled first. */
const fusedProduct: ReadRule = (call) => {
  const { node } = call;
  const operand = (index: number, letter: 'A' | 'B'): ReadValue => {
    const x = input(call, index);
    const own = int(node, `transBatch${letter}`) === 1 ? batchTurned(call, x) : x;
    return int(node, `trans${letter}`) === 1 ? turned(call, own) : own;
  };
  const y = only(delegate(products, call, 'MatMul', [operand(0, 'A'), operand(1, 'B')]));
  const alpha = decimal(node, 'alpha') ?? 1;
  const scaled = alpha === 1 ? y : only(call.layer('arithmetic', { operation: 'multiply', number: alpha }, [y], { shapes: [y.shape] }));
  return [activated(call, scaled)];
};

const WINDOW = ['auto_pad', 'dilations', 'group', 'kernel_shape', 'pads', 'strides', 'ceil_mode', 'count_include_pad'];

export const some = (call: Call, names: readonly string[]) =>
  Object.fromEntries(Object.entries(call.node.attributes).filter(([name]) => names.includes(name)));

/** A convolution, with something added to it, and an activation. */
const fusedConvolution: ReadRule = (call) => {
  const y = only(delegate(products, call, 'Conv', [input(call, 0), input(call, 1), call.inputs[2]], some(call, WINDOW)));
  return [activated(call, sum(call, y, call.inputs[3]))];
};

const channelsFirst = (x: Shape): number[] => [0, x.length - 1, ...[...x.keys()].slice(1, -1)];
const channelsLast = (x: Shape): number[] => [0, ...[...x.keys()].slice(2), 1];

/** The same with the channels last. */
const withChannelsLast =
  (rule: ReadRule): ReadRule =>
  (call) => {
    const [x, ...others] = call.inputs;
    if (x === undefined || x.shape.length < 3) return rule(call);
    const turnedX = only(call.layer('permute', { order: channelsFirst(x.shape) }, [x]));
    return rule({ ...call, inputs: [turnedX, ...others] }).map((y) => only(call.layer('permute', { order: channelsLast(y.shape) }, [y])));
  };

/** Layouts that an attribute names. */
const byLayout =
  (rule: ReadRule, usual: number): ReadRule =>
  (call) =>
    ((int(call.node, 'channels_last') ?? usual) === 1 ? withChannelsLast(rule) : rule)(call);

/** From eight bits, by a scale and a zero. */
const wide = (call: Call, x: ReadValue, scale: ReadValue | undefined, zero: ReadValue | undefined): ReadValue =>
  scale === undefined ? x : only(delegate(normalisation, call, 'DequantizeLinear', [x, scale, zero]));

/** To eight bits, by a scale and a zero. */
const narrow = (call: Call, x: ReadValue, scale: ReadValue | undefined, zero: ReadValue | undefined): ReadValue =>
  scale === undefined ? x : only(delegate(normalisation, call, 'QuantizeLinear', [x, scale, zero]));

/** An operator of one input of eight bits: widened, computed, and brought back. */
const quantised =
  (rules: ReadRules, operator: string, names: readonly string[] = []): ReadRule =>
  (call) => {
    const x = wide(call, input(call, 0), call.inputs[1], call.inputs[2]);
    const y = only(delegate(rules, call, operator, [x], some(call, names)));
    return [narrow(call, y, call.inputs[3], call.inputs[4])];
  };

/** The same of two inputs. */
const quantisedPair =
  (operation: string): ReadRule =>
  (call) => {
    const a = wide(call, input(call, 0), call.inputs[1], call.inputs[2]);
    const b = wide(call, input(call, 3), call.inputs[4], call.inputs[5]);
    const [y] = joinedBy(call, operation, [a, b], broadcastAll(call.node, [a.shape, b.shape]), a.type);
    return [narrow(call, y as ReadValue, call.inputs[6], call.inputs[7])];
  };

const quantisedConcat: ReadRule = (call) => {
  const parts = Array.from({ length: Math.floor((call.inputs.length - 2) / 3) }, (_, i) =>
    wide(call, input(call, 2 + 3 * i), call.inputs[3 + 3 * i], call.inputs[4 + 3 * i]),
  );
  const y = only(delegate(moving, call, 'Concat', parts, some(call, ['axis'])));
  return [narrow(call, y, call.inputs[0], call.inputs[1])];
};

const quantisedMean: ReadRule = (call) => {
  const x = wide(call, input(call, 0), call.inputs[1], call.inputs[2]);
  const axes = ints(call.node, 'axes') ?? [...x.shape.keys()];
  const y = only(delegate(reductions, call, 'ReduceMean', [x], { axes: intsAttribute(axes), ...some(call, ['keepdims']) }));
  return [narrow(call, y, call.inputs[3], call.inputs[4])];
};

const quantisedWhere: ReadRule = (call) => {
  const [a, b] = [wide(call, input(call, 1), call.inputs[2], call.inputs[3]), wide(call, input(call, 4), call.inputs[5], call.inputs[6])];
  const y = only(delegate(elementwise, call, 'Where', [input(call, 0), a, b]));
  return [narrow(call, y, call.inputs[7], call.inputs[8])];
};

/** What brings sums of integers to real numbers. */
const rescaled = (call: Call, y: ReadValue, scale: ReadValue | undefined): ReadValue =>
  scale === undefined ? y : only(joinedBy(call, 'multiply', [y, held(scale)], broadcastAll(call.node, [y.shape, scale.shape]), 'float32'));

/** An input that is quantised on the way: its product with a matrix of eight bits, as real numbers. */
const dynamicProduct: ReadRule = (call) => {
  const x = input(call, 0);
  const quantisedX = delegate(normalisation, { ...call, node: { ...call.node, outputs: ['y', 's', 'z'] } }, 'DynamicQuantizeLinear', [x]);
  const y = only(delegate(products, call, 'MatMul', [quantisedX[0], input(call, 1)]));
  return [sum(call, rescaled(call, y, call.inputs[2]), call.inputs[4])];
};

const integerProduct: ReadRule = (call) => {
  const y = only(delegate(products, call, 'MatMulInteger', [input(call, 0), input(call, 1), call.inputs[4], call.inputs[5]]));
  return [sum(call, rescaled(call, rescaled(call, y, call.inputs[2]), call.inputs[3]), call.inputs[6])];
};

const quantisedGemm: ReadRule = (call) => {
  const y = only(
    delegate(products, call, 'Gemm', [input(call, 0), input(call, 3), call.inputs[6]], some(call, ['alpha', 'transA', 'transB'])),
  );
  return [narrow(call, y, call.inputs[7], call.inputs[8])];
};

/** With its matrices the other way round. */
const quantisedLstm: ReadRule = (call) => {
  const matrices = [1, 2].map((index) => reordered(input(call, index), [0, 2, 1]));
  const [x, , , ...others] = call.inputs;
  const rule = recurrence.LSTM as ReadRule;
  return rule({ ...call, opset: 14, inputs: [x, ...matrices, ...others.slice(0, 5)] });
};

/** Normalised groups of channels, and an activation. */
function groupNormalised(call: Call, x: ReadValue): ReadValue {
  const factors = [input(call, 1), input(call, 2)];
  const attributes = { num_groups: intAttribute(int(call.node, 'groups') ?? 1), ...some(call, ['epsilon']) };
  // Factors are for each channel, as in the standard since opset 21.
  const node = { ...call.node, operator: 'GroupNormalization', attributes };
  const y = only((normalisation.GroupNormalization as ReadRule)({ ...call, opset: 21, inputs: [x, ...factors], node }));
  return int(call.node, 'activation') === 1 ? only(call.layer('silu', {}, [y])) : y;
}

const skipGroupNormalised: ReadRule = (call) => {
  const x = input(call, 0);
  const skipped = input(call, 3);
  const isVector = skipped.shape.length === 2;
  const total = sum(
    call,
    sum(call, x, isVector ? only(reshapedTo(call, skipped, [skipped.shape[0] as number, 1, 1, skipped.shape[1] as number])) : skipped),
    call.inputs[4],
  );
  const y = byLayout((one) => [groupNormalised(one, input(one, 0))], 1)({ ...call, inputs: [total, ...call.inputs.slice(1)] });
  return [only(y), total];
};

/** Half of the features times the GELU of the other half. */
const splitGelu: ReadRule = (call) => {
  const x = sum(call, input(call, 0), call.inputs[1]);
  const half = (x.shape.at(-1) as number) / 2;
  const [left, right] = call.layer('split', { sizes: [half, half], axis: x.shape.length - 1 }, [x]) as [ReadValue, ReadValue];
  return joinedBy(call, 'multiply', [left, gelu(call, right)], left.shape, left.type);
};

const LATEST = 17;

/** What the standard has too. */
export const same =
  (rules: ReadRules, operator: string): ReadRule =>
  (call) =>
    (rules[operator] as ReadRule)({ ...call, opset: LATEST });

const expandDims: ReadRule = (call) => same(shapes, 'Unsqueeze')({ ...call, inputs: [call.inputs[0], call.inputs[1]] });

export const contrib: ReadRules = {
  BiasGelu: (call) => [gelu(call, sum(call, input(call, 0), input(call, 1)))],
  Gelu: (call) => [gelu(call, input(call, 0))],
  FastGelu: (call) => [gelu(call, sum(call, input(call, 0), call.inputs[1]), 'tanh')],
  QuickGelu: (call) => [quickGelu(call, input(call, 0), decimal(call.node, 'alpha') ?? 1.702)],
  BiasSplitGelu: splitGelu,
  BiasAdd: (call) => [sum(call, sum(call, input(call, 0), input(call, 1)), input(call, 2))],
  BiasSoftmax: (call) => delegate(normalisation, call, 'Softmax', [sum(call, input(call, 0), input(call, 1))], { axis: intAttribute(-1) }),
  BiasDropout: (call) => [sum(call, sum(call, input(call, 0), input(call, 1)), call.inputs[2])],
  BitmaskDropout: (call) => passedOn(call, input(call, 0)),

  SimplifiedLayerNormalization: rmsNormalisation,
  SkipLayerNormalization: skip((call, x) => layerNormalised(call, x, input(call, 2), call.inputs[3]), 4),
  SkipSimplifiedLayerNormalization: skip((call, x) => rmsNormalised(call, x, input(call, 2), x.shape.length - 1), 3),
  EmbedLayerNormalization: embedded,
  GroupNorm: byLayout((call) => [groupNormalised(call, input(call, 0))], 1),
  SkipGroupNorm: skipGroupNormalised,

  FusedMatMul: fusedProduct,
  TransposeMatMul: fusedProduct,
  FusedMatMulActivation: fusedProduct,
  FusedGemm: (call) => [
    activated(call, only(delegate(products, call, 'Gemm', call.inputs, some(call, ['alpha', 'beta', 'transA', 'transB'])))),
  ],
  GemmFastGelu: (call) => [
    gelu(call, sum(call, only(delegate(products, call, 'MatMul', [input(call, 0), input(call, 1)])), call.inputs[2]), 'tanh'),
  ],
  FusedConv: fusedConvolution,
  NhwcConv: withChannelsLast(fusedConvolution),
  NhwcFusedConv: withChannelsLast(fusedConvolution),
  NhwcMaxPool: withChannelsLast((call) => delegate(pooling, call, 'MaxPool', [input(call, 0)], some(call, WINDOW))),
  MatMulNBits: packedProduct,
  MatMulBnb4: packedProduct,

  QLinearConv: byLayout((call) => (products.QLinearConv as ReadRule)(call), 0),
  QLinearAdd: quantisedPair('add'),
  QLinearMul: quantisedPair('multiply'),
  QLinearAveragePool: byLayout(quantised(pooling, 'AveragePool', WINDOW), 0),
  QLinearGlobalAveragePool: byLayout(quantised(pooling, 'GlobalAveragePool'), 0),
  QLinearLeakyRelu: quantised(elementwise, 'LeakyRelu', ['alpha']),
  QLinearSigmoid: quantised(elementwise, 'Sigmoid'),
  QLinearSoftmax: quantised(normalisation, 'Softmax', ['axis']),
  QLinearConcat: quantisedConcat,
  QLinearReduceMean: quantisedMean,
  QLinearWhere: quantisedWhere,
  QGemm: quantisedGemm,
  DynamicQuantizeMatMul: dynamicProduct,
  DynamicQuantizeLSTM: quantisedLstm,
  MatMulIntegerToFloat: integerProduct,
  MatMulInteger16: same(products, 'MatMulInteger'),
  QuantizeLinear: same(normalisation, 'QuantizeLinear'),
  DequantizeLinear: same(normalisation, 'DequantizeLinear'),

  ExpandDims: expandDims,
  GatherND: same(moving, 'GatherND'),
  GridSample: same(unknownWork, 'GridSample'),
  Pad: same(moving, 'Pad'),
  Range: same(shapes, 'Range'),
  Trilu: same(moving, 'Trilu'),
  Unique: same(moving, 'Unique'),
};
