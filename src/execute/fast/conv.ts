import { elementCount } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { walkedAxes } from '../../operators/kit/walk.ts';
import type { WindowAttributes } from '../../operators/kit/window.ts';
import type { Elements } from '../elements.ts';
import { blocksOf } from './blocks.ts';
import type { FastKernel } from './by-operator.ts';
import { positionsOf } from './window.ts';

interface ConvAttributes extends WindowAttributes {
  readonly out: number;
  readonly groups: number;
}

export const conv: FastKernel = ({ machine, node, inputs, weights }) => {
  const { exports } = machine;
  const attributes = node.attributes as ConvAttributes;
  const { out, groups } = attributes;
  const x = machine.asIn(inputs[0] as Tensor, 'channels last');
  const axes = walkedAxes(attributes, x.shape);
  const [n, all] = x.shape as [number, number];
  const channels = all / groups;
  const { window, list, count } = positionsOf(machine, x, axes);
  const bias = machine.vector(weights.bias);
  const taps = elementCount(axes.map((axis) => axis.kernel));
  const filtersFrom = machine.filters(weights.kernel as Elements, channels * taps);
  const zeros = machine.fill(all * (axes.at(-1)?.kernel ?? 1), 0);
  const isDepthwise = channels === 1 && out === groups;
  const filters = out / groups;
  const packed = machine.room(taps * (isDepthwise ? out : Math.min(filters, 8) * channels));
  const y = machine.take([n, out, ...axes.map((axis) => axis.out)], 'channels last');
  const pack = (first: number, width: number): void => {
    const { numbers, period, start } = filtersFrom(first);
    exports.pack(numbers, period, start, channels, taps, width, packed);
  };
  if (isDepthwise) {
    pack(0, out);
    exports.convolveDepthwise(window, list, count, out, packed, zeros, bias, y.place);
    return y;
  }
  for (let group = 0; group < groups; group++)
    for (const { first, width } of blocksOf(filters)) {
      const filter = group * filters + first;
      pack(filter, width);
      const biases = bias === 0 ? 0 : bias + 4 * filter;
      const place = y.place + 4 * filter;
      exports.convolve(window, list, count, 4 * channels * group, channels, width, packed, zeros, biases, place, 4 * out);
    }
  return y;
};
