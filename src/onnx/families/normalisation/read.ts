import { elements as countElements, elementCount, sameShape } from '../../../core/shape.ts';
import type { ElementType } from '../../file/model.ts';
import {
  axesOf,
  axisIn,
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
} from '../../read/call.ts';
import { filled, passedOn, picked, reshapedTo } from '../../read/layers.ts';
import { isWeight, known, numberIn, type ReadValue, unlessTrivial, viewed } from '../../read/value.ts';
import { joinedBy } from '../elementwise/read.ts';

/** What is added to a variance. */
const epsilonOf = ({ node }: Call): object => {
  const epsilon = decimal(node, 'epsilon');
  return epsilon === undefined ? {} : { epsilon };
};

/** In training it gives the running statistics too, which are not what inference computes. */
const batchnorm: ReadRule = (call) => {
  const x = input(call, 0);
  const [factors, offsets, mean, variance] = [1, 2, 3, 4].map((index) => input(call, index)) as [
    ReadValue,
    ReadValue,
    ReadValue,
    ReadValue,
  ];
  // Untrained networks have ones and zeros of their own: only those that a node writes are none.
  const scale = factors.isLiteral === true ? unlessTrivial(factors, 1) : factors;
  const shift = offsets.isLiteral === true ? unlessTrivial(offsets, 0) : offsets;
  const weights = { scale, shift, mean, variance };
  if (call.opset >= 14 && call.node.outputs.length === 2) call.fault('it has 2 outputs, and gives 1 or 3');
  const others = call.node.outputs.slice(1).flatMap(() => filled(call, [x], mean.shape));
  if (x.shape.length > 1) return [...call.layer('batchnorm', epsilonOf(call), [x], { weights }), ...others];
  const [row] = reshapedTo(call, x, [...x.shape, 1]);
  const [y] = call.layer('batchnorm', epsilonOf(call), [row as ReadValue], { weights });
  return [...reshapedTo(call, y as ReadValue, x.shape), ...others];
};

const instancenorm: ReadRule = (call) => {
  const [x, scale, shift] = [input(call, 0), unlessTrivial(input(call, 1), 1), unlessTrivial(input(call, 2), 0)];
  return call.layer('instancenorm', { affine: true, ...epsilonOf(call) }, [x], { weights: { scale, shift } });
};

/** Factors of several axes, as those of one: so are the elements that they are for. */
const inARow = (value: ReadValue): ReadValue => viewed(value, [elementCount(value.shape)]);

const scaled = (call: Call, x: ReadValue, scale: ReadValue): ReadValue[] =>
  joinedBy(call, 'multiply', [x, scale], broadcastAll(call.node, [x.shape, scale.shape]), x.type);

const layernorm: ReadRule = (call) => {
  const [x, scale] = [input(call, 0), unlessTrivial(input(call, 1), 1)];
  const offset = call.inputs[2] && unlessTrivial(call.inputs[2], 0);
  const axis = axisIn(call.node, int(call.node, 'axis') ?? -1, x.shape.length);
  const over = [...x.shape.keys()].slice(axis);
  for (const value of [scale, offset])
    if (value !== undefined && !sameShape(broadcastAll(call.node, [x.shape, value.shape]), x.shape))
      throw broken(call.node, `its factors of ${value.shape.join('×')} do not fit an input of ${x.shape.join('×')}`);
  // A factor or an offset that broadcasts is one for all features.
  const isWhole = [scale, offset].every(
    (value) => value === undefined || elementCount(value.shape) === elementCount(over.map((one) => x.shape[one] as number)),
  );
  const shift = isWhole ? offset : undefined;
  const shifted = (y: ReadValue): ReadValue[] =>
    offset === undefined || isWhole ? [y] : joinedBy(call, 'add', [y, offset], broadcastAll(call.node, [y.shape, offset.shape]), y.type);
  const affine = shift !== undefined;
  const weights = shift === undefined ? {} : { scale, shift };
  // The mean and 1/deviation of every vector, where somebody wants them, are there already.
  const statistics = call.node.outputs.length > 1 ? { statistics: true } : {};
  const attributes = { affine, ...epsilonOf(call), ...statistics };
  if (axis > 0) {
    const [y, ...others] = call.layer('layernorm', { axis: over, ...attributes }, [x], { weights });
    return [...(affine ? [y as ReadValue] : shifted(scaled(call, y as ReadValue, scale)[0] as ReadValue)), ...others];
  }
  // The whole tensor is one vector.
  const [row] = reshapedTo(call, x, [1, elementCount(x.shape)]);
  const flat = Object.fromEntries(Object.entries(weights).map(([role, value]) => [role, inARow(value)]));
  const [y, ...others] = call.layer('layernorm', attributes, [row as ReadValue], { weights: flat });
  const back = reshapedTo(call, y as ReadValue, x.shape);
  const ones = x.shape.map(() => 1);
  return [
    ...(affine ? back : shifted(scaled(call, back[0] as ReadValue, scale)[0] as ReadValue)),
    ...others.flatMap((one) => reshapedTo(call, one, ones)),
  ];
};

/** With a factor and an offset for each channel; before opset 21, for each group. */
const groupnorm: ReadRule = (call) => {
  const [x, scale, shift] = [input(call, 0), unlessTrivial(input(call, 1), 1), unlessTrivial(input(call, 2), 0)];
  const groups = int(call.node, 'num_groups') ?? 1;
  const [batch, channels, ...spatial] = x.shape as [number, number, ...number[]];
  const counts = [scale, shift].map((value) => elementCount(value.shape));
  const isPerChannel = counts.every((count) => count === channels);
  const units = call.opset < 21 && !isPerChannel ? groups : channels;
  if (call.opset < 21 && units !== groups) call.fault('it has factors for each channel, not for each group');
  if (isPerChannel) return call.layer('groupnorm', { groups, ...epsilonOf(call) }, [x], { weights: { scale, shift } });
  const wrong = counts.find((count) => count !== units && count !== 1);
  if (wrong !== undefined) throw broken(call.node, `it has ${wrong} factors for ${units} ${call.opset < 21 ? 'groups' : 'channels'}`);
  const [y] = call.layer('groupnorm', { groups, ...epsilonOf(call), affine: false }, [x]);
  const perUnit = (value: ReadValue): ReadValue => reshapedTo(call, value, [elementCount(value.shape), 1])[0] as ReadValue;
  const [rows] = reshapedTo(call, y as ReadValue, [batch, units, elementCount([channels / units, ...spatial])]);
  const scaledRows = scaled(call, rows as ReadValue, perUnit(scale))[0] as ReadValue;
  const shifted = joinedBy(call, 'add', [scaledRows, perUnit(shift)], scaledRows.shape, x.type);
  return reshapedTo(call, shifted[0] as ReadValue, x.shape);
};

/** (x − mean) / √variance over some axes, step by step. */
const standardise: ReadRule = (call) => {
  const x = input(call, 0);
  const axis = axesOf(call.node, ints(call.node, 'axes') ?? [0, 2, 3], x.shape.length);
  const [mean] = call.layer('reduce', { by: 'mean', axis }, [x]);
  const [difference] = joinedBy(call, 'subtract', [x, mean as ReadValue], x.shape, x.type);
  const [squares] = call.layer('arithmetic', { operation: 'square', number: 2 }, [difference as ReadValue]);
  const [variance] = call.layer('reduce', { by: 'mean', axis }, [squares as ReadValue]);
  const [deviation] = call.layer('pointwise', { function: 'sqrt' }, [variance as ReadValue]);
  return joinedBy(call, 'divide', [difference as ReadValue, deviation as ReadValue], x.shape, x.type);
};

/** Before opset 13 the axes from `axis` on are one. */
function softmaxed(call: Call): ReadValue[] {
  const x = input(call, 0);
  const isOld = call.opset < 13;
  const axis = axisIn(call.node, int(call.node, 'axis') ?? (isOld ? 1 : -1), x.shape.length);
  if (x.shape.length === 0) return passedOn(call, x);
  const length = elementCount(x.shape.slice(axis));
  if (!isOld || length === x.shape[axis]) return call.layer('softmax', { axis }, [x]);
  const [flat] = reshapedTo(call, x, [countElements(x.shape) === 0n ? 0 : elementCount(x.shape) / length, length]);
  const [y] = call.layer('softmax', {}, [flat as ReadValue]);
  return reshapedTo(call, y as ReadValue, x.shape);
}

const logSoftmax: ReadRule = (call) => {
  const [shares] = softmaxed(call);
  return call.layer('pointwise', { function: 'log' }, [shares as ReadValue]);
};

/** 1 for the greatest, 0 for the others. */
const hardmax: ReadRule = (call) => {
  const x = input(call, 0);
  const axis = axisIn(call.node, int(call.node, 'axis') ?? (call.opset < 13 ? 1 : -1), x.shape.length);
  const [place] = call.layer('reduce', { by: 'argmax', axis, keep: false }, [x], {
    shapes: [x.shape.toSpliced(axis, 1)],
    types: ['int64'],
  });
  return picked(call, { by: 'onehot', axis, depth: x.shape[axis] as number }, [place as ReadValue], x.type);
};

/** x / length of the vector. */
const lpNorm: ReadRule = (call) => {
  const x = input(call, 0);
  const axis = axisIn(call.node, int(call.node, 'axis') ?? -1, x.shape.length);
  const p = int(call.node, 'p') ?? 2;
  if (p !== 1 && p !== 2) throw broken(call.node, `its "p" is ${p}, which is neither 1 nor 2`);
  if (p === 2) return call.layer('l2norm', { axis }, [x]);
  const [length] = call.layer('reduce', { by: 'l1', axis }, [x]);
  return joinedBy(call, 'divide', [x, length as ReadValue], x.shape, x.type);
};

const localResponse: ReadRule = (call) => {
  const { node } = call;
  const numbers = { alpha: real(node, 'alpha') ?? 1e-4, beta: real(node, 'beta') ?? 0.75, bias: real(node, 'bias') ?? 1 };
  return call.layer('lrn', { size: int(node, 'size') ?? 1, ...numbers }, [input(call, 0)]);
};

const BOUNDS: Partial<Record<ElementType, readonly [least: number, most: number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
};

interface Quantisation {
  readonly numbers: readonly number[] | undefined;
  /** The scale and the zero where they are no single numbers that the file has. */
  readonly given: readonly ReadValue[];
}

/** A list along an axis, in a shape that broadcasts. What the file has of it is held, and no parameter. */
function along(call: Call, x: ReadValue, list: ReadValue): ReadValue {
  const [size] = list.shape;
  const held = list.isConstant ? known(list.type, list.shape, list.elements() ?? []) : list;
  if (size === undefined || elementCount(list.shape) === 1) return held;
  const axis = axisIn(call.node, int(call.node, 'axis') ?? 1, x.shape.length);
  return reshapedTo(
    call,
    held,
    x.shape.map((_, index) => (index === axis ? size : 1)),
  )[0] as ReadValue;
}

function quantisation(
  call: Call,
  x: ReadValue,
  scale: ReadValue,
  zero: ReadValue | undefined,
  bounds: readonly number[] | undefined,
): Quantisation {
  const [step, start] = [numberIn(scale), zero === undefined ? 0 : numberIn(zero)];
  if (bounds === undefined) return { numbers: undefined, given: [] };
  if (step !== undefined && start !== undefined) return { numbers: [step, start, ...bounds], given: [] };
  const lists = zero === undefined ? [scale] : [scale, zero];
  const isThere = lists.every((list) => list.shape.length < 2 && (!list.isConstant || list.elements() !== undefined));
  return { numbers: [1, 0, ...bounds], given: isThere ? lists.map((list) => along(call, x, list)) : [] };
}

/** To eight bits: of a scale that is given. */
const quantize: ReadRule = (call) => {
  const x = input(call, 0);
  const type = call.inputs[2]?.type ?? 'uint8';
  if (isWeight(x)) return [{ ...x, type, elements: () => undefined }];
  const { numbers, given } = quantisation(call, x, input(call, 1), call.inputs[2], BOUNDS[type]);
  return call.layer('pointwise', { function: 'quantize', numbers }, [x, ...given], { shapes: [x.shape], types: [type] });
};

/** From eight bits. A weight of eight bits is the weight. */
const dequantize: ReadRule = (call) => {
  const x = input(call, 0);
  const type = input(call, 1).type;
  if (x.origin !== undefined) return [{ ...x, type, elements: () => undefined }];
  const { numbers, given } = quantisation(call, x, input(call, 1), call.inputs[2], []);
  return call.layer('pointwise', { function: 'dequantize', numbers }, [x, ...given], { shapes: [x.shape], types: [type] });
};

/** To eight bits, of a scale that the greatest and the least element give. */
const dynamicQuantize: ReadRule = (call) => {
  const x = input(call, 0);
  // A scalar has an axis in layers.
  const axis = x.shape.length === 0 ? [0] : [...x.shape.keys()];
  const [most] = call.layer('reduce', { by: 'max', axis, keep: false }, [x], { shapes: [[]] });
  const [least] = call.layer('reduce', { by: 'min', axis, keep: false }, [x], { shapes: [[]] });
  // Zero is within.
  const [top] = call.layer('arithmetic', { operation: 'maximum', number: 0 }, [most as ReadValue], { shapes: [[]] });
  const [bottom] = call.layer('arithmetic', { operation: 'minimum', number: 0 }, [least as ReadValue], { shapes: [[]] });
  const [range] = joinedBy(call, 'subtract', [top as ReadValue, bottom as ReadValue], [], x.type);
  const [scale] = joinedBy(call, 'divide', [range as ReadValue, known(x.type, [], [255])], [], x.type);
  const [below] = call.layer('pointwise', { function: 'negative' }, [bottom as ReadValue], { shapes: [[]] });
  const quantizing = (numbers: readonly ReadValue[], of: ReadValue): ReadValue[] => {
    const attributes = { function: 'quantize', numbers: [1, 0, 0, 255] };
    return call.layer('pointwise', attributes, [of, ...numbers], { shapes: [of.shape], types: ['uint8'] });
  };
  const [zero] = quantizing([scale as ReadValue], below as ReadValue);
  const [y] = quantizing([scale as ReadValue, zero as ReadValue], x);
  return [y as ReadValue, scale as ReadValue, zero as ReadValue];
};

/** Normalisation, softmax, and what goes to and from eight bits. */
export const normalisation: ReadRules = {
  BatchNormalization: batchnorm,
  InstanceNormalization: instancenorm,
  LayerNormalization: layernorm,
  GroupNormalization: groupnorm,
  MeanVarianceNormalization: standardise,
  LpNormalization: lpNorm,
  LRN: localResponse,
  Softmax: softmaxed,
  LogSoftmax: logSoftmax,
  Hardmax: hardmax,
  QuantizeLinear: quantize,
  DequantizeLinear: dequantize,
  DynamicQuantizeLinear: dynamicQuantize,
};
