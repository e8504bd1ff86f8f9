import type { Tensor } from '../../core/tensor.ts';
import { axisOf } from '../../operators/kit/axes.ts';
import type { FastKernel } from './by-operator.ts';

/** Along the channels; along other axes it is left to the reference kernel. */
export const concat: FastKernel = ({ machine, node, inputs }) => {
  const { axis } = node.attributes as { readonly axis: number };
  const [first] = inputs as [Tensor];
  if (axisOf(axis, first.shape) !== 1) return undefined;
  const parts = inputs.map((input) => machine.asIn(input, 'channels last'));
  const channels = parts.map(({ shape }) => shape[1] as number);
  const all = channels.reduce((total, count) => total + count, 0);
  const y = machine.take(first.shape.with(1, all), 'channels last');
  let place = y.place;
  for (const [index, { place: from, elements }] of parts.entries()) {
    const count = channels[index] as number;
    machine.exports.copyRows(from, elements / count, 4 * count, place, 4 * all);
    place += 4 * count;
  }
  return y;
};
