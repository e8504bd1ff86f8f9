import { elementCount } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { poolAxes } from '../../operators/kit/pool.ts';
import type { WindowAttributes } from '../../operators/kit/window.ts';
import type { FastKernel } from './by-operator.ts';
import { positionsOf } from './window.ts';

export const maxpool: FastKernel = ({ machine, node, inputs }) => {
  const attributes = node.attributes as WindowAttributes & { readonly places?: boolean };
  if (attributes.places) return undefined;
  const x = machine.asIn(inputs[0] as Tensor, 'channels last');
  const axes = poolAxes(attributes, x.shape);
  const [n, channels] = x.shape as [number, number];
  const { window, list, count } = positionsOf(machine, x, axes);
  const least = machine.fill(channels, Number.NEGATIVE_INFINITY);
  const y = machine.take([n, channels, ...axes.map((axis) => axis.out)], 'channels last');
  machine.exports.poolMaximum(window, list, count, channels, least, y.place);
  return y;
};

/** The mean of all positions, where one is asked for. */
export const globalavgpool: FastKernel = ({ machine, inputs }) => {
  const x = machine.asIn(inputs[0] as Tensor, 'channels last');
  const [n, channels, ...spatial] = x.shape as [number, number, ...number[]];
  const y = machine.take([n, channels, ...spatial.map(() => 1)], 'channels last');
  machine.exports.poolWhole(x.place, n, elementCount(spatial), channels, y.place);
  return y;
};

/** The mean of each position alone, where as many are asked for as there are. */
const poolNothing: FastKernel = ({ machine, inputs }) => {
  const x = machine.asIn(inputs[0] as Tensor, 'channels last');
  const [n, channels, ...spatial] = x.shape as [number, number, ...number[]];
  const y = machine.take(x.shape, 'channels last');
  machine.exports.poolWhole(x.place, n * elementCount(spatial), 1, channels, y.place);
  return y;
};

export const adaptiveavgpool: FastKernel = (running) => {
  const { size } = running.node.attributes as { readonly size: number | readonly number[] };
  const [, , ...spatial] = (running.inputs[0] as Tensor).shape;
  const sizes = spatial.map((_, axis) => (typeof size === 'number' ? size : size[axis]));
  if (sizes.every((one) => one === 1)) return globalavgpool(running);
  return sizes.every((one, axis) => one === spatial[axis]) ? poolNothing(running) : undefined;
};
