import { elementCount } from '../../../core/shape.ts';
import { axesOf, axisOf } from '../../../operators/kit/axes.ts';
import type { OnnxOutput } from '../../file/proto.ts';
import { computed } from '../../write/computed.ts';
import type { LayerWriter } from '../../write/emission.ts';
import { inverse, perChannel, reshaped, transposed } from '../../write/shaping.ts';

interface Normalisation {
  readonly epsilon: number;
}

const epsilonOf = ({ epsilon }: Normalisation) => ({ epsilon: { float: epsilon } });

const repeated = (writer: LayerWriter, shape: readonly number[], element: number): OnnxOutput =>
  writer.numbers(
    shape,
    computed(elementCount(shape), () => element),
  );

export function batchNormalisation(writer: LayerWriter, a: Normalisation): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const channels = [x.shape[1] as number];
  const { scale = repeated(writer, channels, 1), shift = repeated(writer, channels, 0), mean, variance } = writer.weights;
  return writer.node('BatchNormalization', [x, scale, shift, mean, variance], x.shape, epsilonOf(a));
}

/** ONNX normalises over the last axes: others are brought there, and back. */
interface LayerNormalisation extends Normalisation {
  readonly axis: number | readonly number[];
  readonly statistics: boolean;
}

export function layerNormalisation(writer: LayerWriter, a: LayerNormalisation): OnnxOutput[] {
  const [x] = writer.inputs as [OnnxOutput];
  const over = axesOf(a.axis, x.shape);
  const order = [...[...x.shape.keys()].filter((one) => !over.includes(one)), ...over];
  const behind = transposed(writer, x, order);
  const first = order.length - over.length;
  const { scale = repeated(writer, behind.shape.slice(first), 1), shift } = writer.weights;
  const inputs = shift === undefined ? [behind, scale] : [behind, scale, shift];
  const perVector = behind.shape.map((size, axis) => (axis < first ? size : 1));
  const shapes = a.statistics ? [behind.shape, perVector, perVector] : [behind.shape];
  const results = writer.nodes('LayerNormalization', inputs, shapes, { axis: { int: first }, ...epsilonOf(a) });
  return results.map((result) => transposed(writer, result, inverse(order)));
}

function instanceNormalised(writer: LayerWriter, a: Normalisation, x: OnnxOutput, scale?: OnnxOutput, shift?: OnnxOutput): OnnxOutput {
  const channels = [x.shape[1] as number];
  const inputs = [x, scale ?? repeated(writer, channels, 1), shift ?? repeated(writer, channels, 0)];
  return writer.node('InstanceNormalization', inputs, x.shape, epsilonOf(a));
}

export const instanceNormalisation = (writer: LayerWriter, a: Normalisation): OnnxOutput =>
  instanceNormalised(writer, a, writer.inputs[0] as OnnxOutput, writer.weights.scale, writer.weights.shift);

/** Opset 17 has no group normalisation: a group is one channel of an instance normalisation. */
export function groupNormalisation(writer: LayerWriter, a: Normalisation & { readonly groups: number }): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const [n, channels, ...spatial] = x.shape as [number, number, ...number[]];
  const { groups } = a;
  const perGroup = (channels / groups) * elementCount(spatial);
  const normalised = reshaped(writer, instanceNormalised(writer, a, reshaped(writer, x, [n, groups, perGroup])), x.shape);
  const { scale, shift } = writer.weights;
  if (scale === undefined || shift === undefined) return normalised;
  const scaled = writer.node('Mul', [normalised, perChannel(writer, scale, x.shape.length)], x.shape);
  return writer.node('Add', [scaled, perChannel(writer, shift, x.shape.length)], x.shape);
}

const SHORTEST = 1e-12;

export function lengthNormalisation(writer: LayerWriter, a: { readonly axis: number }): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const axis = axisOf(a.axis, x.shape);
  const lengths = x.shape.with(axis, 1);
  const length = writer.node('ReduceL2', [x], lengths, { axes: { ints: [axis] }, keepdims: { int: 1 } });
  return writer.node('Div', [x, writer.node('Max', [length, writer.number(SHORTEST)], lengths)], x.shape);
}

interface LocalResponse {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly bias: number;
}

/**
 * x / (bias + alpha/size · Σ x²)^beta. onnxruntime has LRN for an odd number of neighbours in images only, so that others are the
 * mean of squares over a window along the channels.
 */
export function localResponse(writer: LayerWriter, { size, alpha, beta, bias }: LocalResponse): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const { shape } = x;
  if (shape.length === 4 && size % 2 === 1)
    return writer.node('LRN', [x], shape, { size: { int: size }, alpha: { float: alpha }, beta: { float: beta }, bias: { float: bias } });
  const [n, channels, ...spatial] = shape as [number, number, ...number[]];
  const flat = [n, 1, channels, elementCount(spatial)];
  const before = Math.floor((size - 1) / 2);
  const squares = reshaped(writer, writer.node('Mul', [x, x], shape), flat);
  // A pool must not pad as much as it spans.
  const padded = writer.node('Pad', [squares, writer.ints(0, 0, before, 0, 0, 0, size - 1 - before, 0)], flat.with(2, channels + size - 1));
  const means = writer.node('AveragePool', [padded], flat, { kernel_shape: { ints: [size, 1] } });
  const base = writer.node(
    'Add',
    [writer.node('Mul', [reshaped(writer, means, shape), writer.number(alpha)], shape), writer.number(bias)],
    shape,
  );
  return writer.node('Div', [x, writer.node('Pow', [base, writer.number(beta)], shape)], shape);
}

/** Opset 17 has no RMSNormalization: the mean of squares step by step. */
export function rmsNormalisation(writer: LayerWriter, a: Normalisation & { readonly axis: number }): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const axis = axisOf(a.axis, x.shape);
  const perVector = x.shape.with(axis, 1);
  const squares = writer.node('Mul', [x, x], x.shape);
  const mean = writer.node('ReduceMean', [squares], perVector, { axes: { ints: [axis] }, keepdims: { int: 1 } });
  const root = writer.node('Sqrt', [writer.node('Add', [mean, writer.number(a.epsilon)], perVector)], perVector);
  const normalised = writer.node('Div', [x, root], x.shape);
  const { scale } = writer.weights;
  if (scale === undefined) return normalised;
  const along = x.shape.map((size, index) => (index === axis ? size : 1));
  return writer.node('Mul', [normalised, reshaped(writer, scale, along)], x.shape);
}
