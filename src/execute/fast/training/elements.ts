import { elementCount, type Shape, sameShape } from '../../../core/shape.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { poolAxes } from '../../../operators/kit/pool.ts';
import type { WindowAttributes } from '../../../operators/kit/window.ts';
import type { Machine } from '../machine.ts';
import { type AxisOrder, Resident } from '../resident.ts';
import { positionsOf } from '../window.ts';
import { type FastBackward, toInput } from './running-back.ts';

const layoutOf = (tensor: Tensor | undefined): AxisOrder => (tensor instanceof Resident ? tensor.layout : 'channels first');

/** A tensor of its own with the same elements. */
function copied(machine: Machine, x: Resident, shape: Shape = x.shape): Resident {
  const y = machine.take(shape, x.layout);
  machine.memory.floats(y.place, y.elements).set(machine.memory.floats(x.place, x.elements));
  return y;
}

export const relu: FastBackward = ({ machine, pass, tally }) => {
  const layout = layoutOf(pass.outputs[0]);
  const [y, g] = [pass.outputs[0], pass.gradients[0]].map((tensor) => machine.asIn(tensor as Tensor, layout)) as [Resident, Resident];
  const x = machine.take(y.shape, layout);
  tally.for('inputs', () => machine.exports.rectifyBack(y.place, g.place, x.elements, x.place));
  return toInput(x);
};

/** The gradient of a sum is that of each of two inputs of its shape. */
export const add: FastBackward = ({ machine, pass }) => {
  const g = pass.gradients[0] as Tensor;
  if (pass.inputs.some(({ shape }) => !sameShape(shape, g.shape))) return undefined;
  const here = machine.asIn(g, layoutOf(g));
  return { inputs: pass.needs.inputs.map((isNeeded) => (isNeeded ? copied(machine, here) : undefined)), weights: {} };
};

/** What only changed its shape. */
export const copy: FastBackward = ({ machine, pass }) =>
  toInput(copied(machine, machine.asIn(pass.gradients[0] as Tensor, 'channels first'), (pass.inputs[0] as Tensor).shape));

/** What was passed on as it is. */
export const pass: FastBackward = ({ machine, pass: { gradients } }) =>
  toInput(copied(machine, machine.asIn(gradients[0] as Tensor, layoutOf(gradients[0]))));

export const maxpool: FastBackward = ({ machine, node, pass: { inputs, gradients }, tally }) => {
  const attributes = node.attributes as WindowAttributes;
  const [x, g] = [inputs[0], gradients[0]].map((tensor) => machine.asIn(tensor as Tensor, 'channels last')) as [Resident, Resident];
  const to = machine.take(x.shape, 'channels last');
  machine.memory.floats(to.place, to.elements).fill(0);
  const { window, list, count } = positionsOf(machine, x, poolAxes(attributes, x.shape));
  tally.for('inputs', () => machine.exports.poolMaximumBack(window, list, count, x.shape[1] as number, g.place, to.place - x.place));
  return toInput(to);
};

export const globalavgpool: FastBackward = ({ machine, pass: { inputs, gradients }, tally }) => {
  const { shape } = inputs[0] as Tensor;
  const [n, channels, ...spatial] = shape as [number, number, ...number[]];
  const g = machine.asIn(gradients[0] as Tensor, 'channels last');
  const to = machine.take(shape, 'channels last');
  tally.for('inputs', () => machine.exports.poolWholeBack(g.place, n, elementCount(spatial), channels, to.place));
  return toInput(to);
};
