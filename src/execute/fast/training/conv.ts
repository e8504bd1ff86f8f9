import { elementCount } from '../../../core/shape.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { walkedAxes } from '../../../operators/kit/walk.ts';
import type { WindowAttributes } from '../../../operators/kit/window.ts';
import type { Elements } from '../../elements.ts';
import { blocksOf } from '../blocks.ts';
import type { Machine } from '../machine.ts';
import type { Resident } from '../resident.ts';
import { positionsOf } from '../window.ts';
import type { FastBackward } from './running-back.ts';
import { columnSums } from './sums.ts';

interface ConvAttributes extends WindowAttributes {
  readonly out: number;
  readonly groups: number;
}

/** A convolution, with every quantity named. */
interface Geometry {
  readonly machine: Machine;
  readonly attributes: ConvAttributes;
  readonly x: Resident;
  readonly g: Resident;
  readonly kernel: Elements;
  /** Of one group: input channels, and filters. */
  readonly channels: number;
  readonly filters: number;
  readonly taps: number;
}

const isDepthwise = ({ channels, attributes }: Geometry): boolean => channels === 1 && attributes.out === attributes.groups;

/** An empty tensor like another. */
function zerosLike(machine: Machine, x: Resident): Resident {
  const zeros = machine.take(x.shape, x.layout);
  machine.memory.floats(zeros.place, zeros.elements).fill(0);
  return zeros;
}

/** Each output's gradient times the weights of its taps, added to the elements under them; what falls on padding is computed too. */
function convToInput(geometry: Geometry): Resident {
  const { machine, attributes, x, g, kernel, channels, filters, taps } = geometry;
  const { exports } = machine;
  const toX = zerosLike(machine, x);
  const axes = walkedAxes(attributes, x.shape);
  const { window, list, count } = positionsOf(machine, toX, axes);
  const all = x.shape[1] as number;
  const nowhere = machine.fill(Math.max(all, 8), 0);
  const numbers = machine.hold(kernel.numbers);
  const period = kernel.numbers.length;
  const pack = (first: number, rows: number, down: number, columns: number, across: number, into: number): void =>
    exports.packMatrix(numbers, period, (kernel.start + first) % period, rows, down % period, columns, across % period, into);
  if (isDepthwise(geometry)) {
    const packed = machine.room(taps * all);
    pack(0, taps, 1, all, taps, packed);
    exports.depthwiseToInput(window, list, count, all, packed, nowhere, g.place);
    return toX;
  }
  const places = machine.room(count);
  const packed = machine.room(8 * filters);
  for (let tap = 0; tap < taps; tap++) {
    exports.listTap(window, list, count, tap, 0, places);
    for (let group = 0; group < attributes.groups; group++)
      for (const { first, width } of blocksOf(channels)) {
        pack((group * filters * channels + first) * taps + tap, filters, channels * taps, width, taps, packed);
        const shift = 4 * (group * channels + first);
        exports.multiplyOnto(g.place + 4 * group * filters, 4 * attributes.out, count, filters, packed, width, places, shift, nowhere);
      }
  }
  return toX;
}

/** The products of gradients and the elements under each tap, summed over all positions. */
function convToKernel(geometry: Geometry): Resident {
  const { machine, attributes, x, g, kernel, channels, filters, taps } = geometry;
  const { exports } = machine;
  const { window, list, count } = positionsOf(machine, x, walkedAxes(attributes, x.shape));
  const toKernel = machine.take(kernel.shape);
  const columns = taps * channels;
  const zeros = machine.fill(Math.max(x.shape[1] as number, 8), 0);
  // As kernels lay filters: tap by tap, the channels of one together.
  const sums = machine.fill(attributes.out * columns, 0);
  if (isDepthwise(geometry)) {
    exports.depthwiseToWeights(window, list, count, attributes.out, zeros, g.place, sums);
    exports.transpose(sums, 1, taps, attributes.out, toKernel.place);
    return toKernel;
  }
  const turned = machine.room(g.elements);
  exports.transpose(g.place, 1, count, attributes.out, turned);
  const packed = machine.room(8 * count);
  const places = machine.room(filters);
  for (let group = 0; group < attributes.groups; group++) {
    const rows = turned + 4 * group * filters * count;
    exports.listPlaces(sums + 4 * group * filters * columns, filters, 4 * columns, places);
    for (const { first, width } of blocksOf(columns)) {
      exports.packWindows(window, list, count, 4 * group * channels, channels, first, width, zeros, packed);
      exports.multiplyOnto(rows, 4 * count, filters, count, packed, width, places, 4 * first, zeros);
    }
  }
  exports.transpose(sums, attributes.out, taps, channels, toKernel.place);
  return toKernel;
}

export const conv: FastBackward = ({ machine, node, pass, tally }) => {
  const attributes = node.attributes as ConvAttributes;
  const { needs } = pass;
  const [x, g] = [pass.inputs[0], pass.gradients[0]].map((tensor) => machine.asIn(tensor as Tensor, 'channels last')) as [
    Resident,
    Resident,
  ];
  const kernel = pass.weights.kernel as Elements;
  const channels = (x.shape[1] as number) / attributes.groups;
  const geometry: Geometry = {
    machine,
    attributes,
    x,
    g,
    kernel,
    channels,
    filters: attributes.out / attributes.groups,
    taps: elementCount(kernel.shape.slice(2)),
  };
  const toX = needs.inputs[0] === true ? tally.for('inputs', () => convToInput(geometry)) : undefined;
  const toKernel = needs.weights.kernel === true ? tally.for('weights', () => convToKernel(geometry)) : undefined;
  const toBias = needs.weights.bias === true ? tally.for('weights', () => columnSums(machine, g, attributes.out)) : undefined;
  return { inputs: [toX], weights: { ...(toKernel && { kernel: toKernel }), ...(toBias && { bias: toBias }) } };
};
