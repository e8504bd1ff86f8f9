import { elementCount } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { axesOf, axisOf } from '../../operators/kit/axes.ts';
import { ropeAngle } from '../../operators/rope.ts';
import type { FastKernel } from './by-operator.ts';

/** Whether some axes are the last ones alone: those whose elements lie together. */
const isLast = (axis: number | readonly number[], rank: number): boolean => {
  const named = typeof axis === 'number' ? [axis] : axis;
  return named.length === 1 && (named[0] === -1 || named[0] === rank - 1);
};

/** Along the last axis; along others it is left to the reference kernel. */
export const softmax: FastKernel = ({ machine, node, inputs }) => {
  const { axis } = node.attributes as { readonly axis: number };
  const input = inputs[0] as Tensor;
  if (axisOf(axis, input.shape) !== input.shape.length - 1) return undefined;
  const x = machine.asIn(input, 'channels first');
  const length = x.shape.at(-1) as number;
  const y = machine.take(x.shape);
  machine.exports.softmax(x.place, x.elements / length, length, y.place);
  return y;
};

interface LayerNorm {
  readonly axis: number | readonly number[];
  readonly epsilon: number;
  readonly statistics: boolean;
}

export const layernorm: FastKernel = ({ machine, node, inputs, weights }) => {
  const { axis, epsilon, statistics } = node.attributes as LayerNorm;
  const input = inputs[0] as Tensor;
  if (statistics || !isLast(axesOf(axis, input.shape), input.shape.length)) return undefined;
  const x = machine.asIn(input, 'channels first');
  const length = x.shape.at(-1) as number;
  const [scale, shift] = [machine.vector(weights.scale), machine.vector(weights.shift)];
  const y = machine.take(x.shape);
  machine.exports.layernorm(x.place, x.elements / length, length, epsilon, scale, shift, y.place);
  return y;
};

export const rmsnorm: FastKernel = ({ machine, node, inputs, weights }) => {
  const { axis, epsilon } = node.attributes as { readonly axis: number; readonly epsilon: number };
  const input = inputs[0] as Tensor;
  if (!isLast(axis, input.shape.length)) return undefined;
  const x = machine.asIn(input, 'channels first');
  const length = x.shape.at(-1) as number;
  const scale = machine.vector(weights.scale);
  const y = machine.take(x.shape);
  machine.exports.rmsnorm(x.place, x.elements / length, length, epsilon, scale, y.place);
  return y;
};

interface Rotation {
  readonly dim?: number;
  readonly theta: number;
  readonly interleaved: boolean;
  readonly start: number;
}

/** The sines and cosines are made beforehand, as by the reference kernel. */
export const rope: FastKernel = ({ machine, node, inputs }) => {
  const rotation = node.attributes as Rotation;
  const x = machine.asIn(inputs[0] as Tensor, 'channels first');
  const [length, features] = x.shape.slice(-2) as [number, number];
  const dim = rotation.dim ?? features;
  const pairs = dim / 2;
  const angles = Float64Array.from({ length: length * pairs }, (_, at) =>
    ropeAngle(rotation, dim, rotation.start + Math.floor(at / pairs), at % pairs),
  );
  const [cosines, sines] = [machine.hold(Float32Array.from(angles, Math.cos)), machine.hold(Float32Array.from(angles, Math.sin))];
  const [next, apart] = rotation.interleaved ? [2, 1] : [1, pairs];
  const y = machine.take(x.shape);
  machine.exports.rotate(x.place, elementCount(x.shape) / features, features, length, pairs, next, apart, cosines, sines, y.place);
  return y;
};
