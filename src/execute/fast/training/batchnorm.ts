import type { CountingAlu } from '../../../core/alu.ts';
import { type Element, elementOf, numbersOf, ONE, type Tensor } from '../../../core/tensor.ts';
import { runningMoved } from '../../../operators/batchnorm.ts';
import { type Elements, tensorFrom } from '../../elements.ts';
import type { Runnable } from '../../kernels.ts';
import type { Machine } from '../machine.ts';
import type { Resident } from '../resident.ts';
import type { FastBackward, Statistics } from './running-back.ts';
import { columnSums } from './sums.ts';

interface Attributes {
  readonly affine: boolean;
  readonly epsilon: number;
}

/** For each channel, a number from those of others. */
const each = (channels: number, alu: CountingAlu, valueAt: (channel: number) => Element): Float32Array => {
  const result = alu.zeros([channels]);
  for (let channel = 0; channel < channels; channel++) result.data[channel] = valueAt(channel);
  return numbersOf(result);
};

const at = (numbers: Float32Array, channel: number): Element => elementOf(numbers[channel] as number);

/** Normalises each channel by mean and variance of the batch, and gives what is kept of it. */
export function normaliseBatch(
  machine: Machine,
  node: Runnable,
  input: Tensor,
  weights: Readonly<Record<string, Elements>>,
  alu: CountingAlu,
): { readonly y: Resident; readonly statistics: Statistics } {
  const { affine, epsilon } = node.attributes as Attributes;
  const { exports } = machine;
  const x = machine.asIn(input, 'channels last');
  const channels = x.shape[1] as number;
  const rows = x.elements / channels;
  const size = elementOf(rows);
  const sums = columnSums(machine, x, channels);
  const total = machine.memory.floats(sums.place, channels).slice();
  machine.release(sums);
  const means = each(channels, alu, (channel) => alu.divide(at(total, channel), size));
  const y = machine.take(x.shape, x.layout);
  const [heldMeans, squares] = [machine.hold(means), machine.fill(channels, 0)];
  exports.deviate(x.place, rows, channels, heldMeans, y.place, squares);
  const sumsOfSquares = machine.memory.floats(squares, channels).slice();
  const variances = each(channels, alu, (channel) => alu.divide(at(sumsOfSquares, channel), size));
  const factors = each(channels, alu, (channel) => alu.divide(ONE, alu.sqrt(alu.add(at(variances, channel), elementOf(epsilon)))));
  exports.scaleChannels(y.place, rows, channels, machine.hold(factors), y.place);
  if (affine) exports.scale(y.place, rows, channels, machine.vector(weights.scale), machine.vector(weights.shift), y.place);
  const held = Object.fromEntries(Object.entries(weights).map(([role, elements]) => [role, tensorFrom(elements)]));
  const tensor = (data: Float32Array): Tensor => ({ shape: [channels], data: data as unknown as Tensor['data'] });
  runningMoved(held, tensor(means), tensor(variances), rows, alu);
  return { y, statistics: { means, factors } };
}

export const batchnorm: FastBackward = ({ machine, node, pass, tally, statistics }) => {
  if (statistics === undefined) return undefined;
  const { affine } = node.attributes as Attributes;
  const { exports } = machine;
  const { needs, weights } = pass;
  const [x, g] = [pass.inputs[0], pass.gradients[0]].map((tensor) => machine.asIn(tensor as Tensor, 'channels last')) as [
    Resident,
    Resident,
  ];
  const channels = x.shape[1] as number;
  const rows = x.elements / channels;
  const [means, factors] = [machine.hold(statistics.means), machine.hold(statistics.factors)];
  const normalised = machine.room(x.elements);
  tally.for('inputs', () => exports.normaliseChannels(x.place, rows, channels, means, factors, normalised));
  const products = (gradient: number): Resident => {
    const sums = machine.take([channels]);
    machine.memory.floats(sums.place, channels).fill(0);
    exports.addProducts(gradient, normalised, rows, channels, sums.place);
    return sums;
  };
  const toScale = needs.weights.scale === true ? tally.for('weights', () => products(g.place)) : undefined;
  const toShift = needs.weights.shift === true ? tally.for('weights', () => columnSums(machine, g, channels)) : undefined;
  const toX =
    needs.inputs[0] === true
      ? tally.for('inputs', (alu) => {
          const y = machine.take(x.shape, x.layout);
          let scaled = g;
          if (affine) {
            exports.scaleChannels(g.place, rows, channels, machine.vector(weights.scale), y.place);
            scaled = y;
          }
          const size = elementOf(rows);
          const mean = (sums: Resident): number => {
            const numbers = machine.memory.floats(sums.place, channels).slice();
            machine.release(sums);
            return machine.hold(each(channels, alu, (channel) => alu.divide(at(numbers, channel), size)));
          };
          const [meanGradient, meanProduct] = [mean(columnSums(machine, scaled, channels)), mean(products(scaled.place))];
          exports.unnormalise(scaled.place, normalised, rows, channels, factors, meanGradient, meanProduct, y.place);
          return y;
        })
      : undefined;
  return { inputs: [toX], weights: { ...(toScale && { scale: toScale }), ...(toShift && { shift: toShift }) } };
};
