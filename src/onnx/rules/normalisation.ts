import { elements as countElements } from '../../core/shape.ts';
import { axisIn, broadcastAll, type Call, decimal, input, int, ints, type Rule, type Rules, real } from '../call.ts';
import type { ElementType } from '../model.ts';
import { countOf } from '../strides.ts';
import { known, numberIn, type Value } from '../value.ts';
import { joinedBy } from './elementwise.ts';
import { movedTo, passedOn, reshapedTo } from './layers.ts';

/** What is added to a variance. */
const epsilonOf = ({ node }: Call): object => {
  const epsilon = decimal(node, 'epsilon');
  return epsilon === undefined ? {} : { epsilon };
};

/** In training it gives the running statistics too, which are not what inference computes. */
const batchnorm: Rule = (call) => {
  const x = input(call, 0);
  const [scale, shift, mean, variance] = [1, 2, 3, 4].map((index) => input(call, index)) as [Value, Value, Value, Value];
  const weights = { scale, shift, mean, variance };
  const others = call.node.outputs.slice(1).flatMap(() => movedTo(call, [x], [mean.shape]));
  if (x.shape.length > 1) return [...call.layer('batchnorm', epsilonOf(call), [x], { weights }), ...others];
  const [row] = reshapedTo(call, x, [...x.shape, 1]);
  const [y] = call.layer('batchnorm', epsilonOf(call), [row as Value], { weights });
  return [...reshapedTo(call, y as Value, x.shape), ...others];
};

const instancenorm: Rule = (call) => {
  const [x, scale, shift] = [input(call, 0), input(call, 1), input(call, 2)];
  return call.layer('instancenorm', { affine: true, ...epsilonOf(call) }, [x], { weights: { scale, shift } });
};

const scaled = (call: Call, x: Value, scale: Value): Value[] =>
  joinedBy(call, 'multiply', [x, scale], broadcastAll(call.node, [x.shape, scale.shape]), x.type);

const layernorm: Rule = (call) => {
  const [x, scale, shift] = [input(call, 0), input(call, 1), call.inputs[2]];
  const axis = axisIn(call.node, int(call.node, 'axis') ?? -1, x.shape.length);
  const over = [...x.shape.keys()].slice(axis);
  const affine = shift !== undefined;
  const weights = shift === undefined ? {} : { scale, shift };
  // The mean and 1/deviation of every vector, where somebody wants them, are there already.
  const statistics = call.node.outputs.length > 1 ? { statistics: true } : {};
  const attributes = { affine, ...epsilonOf(call), ...statistics };
  if (axis > 0) {
    const [y, ...others] = call.layer('layernorm', { axis: over, ...attributes }, [x], { weights });
    return [...(affine ? [y as Value] : scaled(call, y as Value, scale)), ...others];
  }
  // The whole tensor is one vector.
  const [row] = reshapedTo(call, x, [1, countOf(x.shape)]);
  const [y, ...others] = call.layer('layernorm', attributes, [row as Value], { weights });
  const back = reshapedTo(call, y as Value, x.shape);
  const ones = x.shape.map(() => 1);
  return [...(affine ? back : scaled(call, back[0] as Value, scale)), ...others.flatMap((one) => reshapedTo(call, one, ones))];
};

const groupnorm: Rule = (call) => {
  const [x, scale, shift] = [input(call, 0), input(call, 1), input(call, 2)];
  return call.layer('groupnorm', { groups: int(call.node, 'num_groups') ?? 1, ...epsilonOf(call) }, [x], { weights: { scale, shift } });
};

/** (x − mean) / √variance over some axes, step by step. */
const standardise: Rule = (call) => {
  const x = input(call, 0);
  const axis = (ints(call.node, 'axes') ?? [0, 2, 3]).map((one) => axisIn(call.node, one, x.shape.length));
  const [mean] = call.layer('reduce', { by: 'mean', axis }, [x]);
  const [difference] = joinedBy(call, 'subtract', [x, mean as Value], x.shape, x.type);
  const [squares] = call.layer('arithmetic', { operation: 'square', number: 2 }, [difference as Value]);
  const [variance] = call.layer('reduce', { by: 'mean', axis }, [squares as Value]);
  const [deviation] = call.layer('pointwise', { function: 'sqrt' }, [variance as Value]);
  return joinedBy(call, 'divide', [difference as Value, deviation as Value], x.shape, x.type);
};

/** Before opset 13 the axes from `axis` on are one. */
function softmaxed(call: Call): Value[] {
  const x = input(call, 0);
  const isOld = call.opset < 13;
  const axis = axisIn(call.node, int(call.node, 'axis') ?? (isOld ? 1 : -1), x.shape.length);
  if (x.shape.length === 0) return passedOn(call, x);
  const length = countOf(x.shape.slice(axis));
  if (!isOld || length === x.shape[axis]) return call.layer('softmax', { axis }, [x]);
  const [flat] = reshapedTo(call, x, [countElements(x.shape) === 0n ? 0 : countOf(x.shape) / length, length]);
  const [y] = call.layer('softmax', {}, [flat as Value]);
  return reshapedTo(call, y as Value, x.shape);
}

const logSoftmax: Rule = (call) => {
  const [shares] = softmaxed(call);
  return call.layer('pointwise', { function: 'log' }, [shares as Value]);
};

/** 1 for the greatest, 0 for the others. */
const hardmax: Rule = (call) => {
  const x = input(call, 0);
  const axis = axisIn(call.node, int(call.node, 'axis') ?? (call.opset < 13 ? 1 : -1), x.shape.length);
  const [place] = call.layer('reduce', { by: 'argmax', axis }, [x]);
  return movedTo(call, [place as Value], [x.shape], [x.type], { by: 'OneHot', axis });
};

/** x / length of the vector. */
const lpNorm: Rule = (call) => {
  const x = input(call, 0);
  const axis = axisIn(call.node, int(call.node, 'axis') ?? -1, x.shape.length);
  if ((int(call.node, 'p') ?? 2) === 2) return call.layer('l2norm', { axis }, [x]);
  const [length] = call.layer('reduce', { by: 'l1', axis }, [x]);
  return joinedBy(call, 'divide', [x, length as Value], x.shape, x.type);
};

const localResponse: Rule = (call) => {
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

/** The numbers of quantising, where the file has them. */
export function quantisation(scale: Value | undefined, zero: Value | undefined, type: ElementType): object {
  const [step, start, bounds] = [numberIn(scale), zero === undefined ? 0 : numberIn(zero), BOUNDS[type]];
  return step === undefined || start === undefined || bounds === undefined ? {} : { numbers: [step, start, ...bounds] };
}

/** To eight bits: of a scale that is given. */
const quantize: Rule = (call) => {
  const x = input(call, 0);
  const type = call.inputs[2]?.type ?? 'uint8';
  const attributes = { function: 'quantize', ...quantisation(call.inputs[1], call.inputs[2], type) };
  return call.layer('pointwise', attributes, [x], { shapes: [x.shape], types: [type] });
};

/** From eight bits. A weight of eight bits is the weight. */
const dequantize: Rule = (call) => {
  const x = input(call, 0);
  const type = input(call, 1).type;
  if (x.origin !== undefined) return [{ ...x, type, elements: () => undefined }];
  const [scale, zero] = [numberIn(input(call, 1)), call.inputs[2] === undefined ? 0 : numberIn(call.inputs[2])];
  const numbers = scale === undefined || zero === undefined ? {} : { numbers: [scale, zero] };
  return call.layer('pointwise', { function: 'dequantize', ...numbers }, [x], { shapes: [x.shape], types: [type] });
};

/** To eight bits, of a scale that the greatest and the least element give. */
const dynamicQuantize: Rule = (call) => {
  const x = input(call, 0);
  const axis = [...x.shape.keys()];
  const [most] = call.layer('reduce', { by: 'max', axis, keep: false }, [x], { shapes: [[]] });
  const [least] = call.layer('reduce', { by: 'min', axis, keep: false }, [x], { shapes: [[]] });
  const [range] = joinedBy(call, 'subtract', [most as Value, least as Value], [], x.type);
  const [scale] = joinedBy(call, 'divide', [range as Value, known(x.type, [], [255])], [], x.type);
  const [zero] = joinedBy(call, 'divide', [least as Value, scale as Value], [], 'uint8');
  const [y] = call.layer('pointwise', { function: 'quantize' }, [x], { shapes: [x.shape], types: ['uint8'] });
  return [y as Value, scale as Value, zero as Value];
};

/** Normalisation, softmax, and what goes to and from eight bits. */
export const normalisation: Rules = {
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
