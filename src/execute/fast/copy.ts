import type { Tensor } from '../../core/tensor.ts';
import { operatorOf } from '../../operators/registry.ts';
import type { FastKernel } from './by-operator.ts';
import { Resident } from './resident.ts';

/** The same elements in the same order, under the shape that the operator gives them. */
export const copy: FastKernel = ({ machine, node, inputs }) => {
  const x = machine.asIn(inputs[0] as Tensor, 'channels first');
  const [shape = x.shape] = operatorOf(node.operator).shapes(node.attributes, [x.shape]);
  const y = machine.take(shape);
  machine.memory.floats(y.place, y.elements).set(machine.memory.floats(x.place, x.elements));
  return y;
};

/** What is passed on as it is, in whatever order it lies. */
export const pass: FastKernel = (running) => {
  const { machine, inputs, spent } = running;
  const [x] = inputs;
  if (!(x instanceof Resident)) return copy(running);
  const y = machine.takeOver(x, spent);
  if (y.place !== x.place) machine.memory.floats(y.place, y.elements).set(machine.memory.floats(x.place, x.elements));
  return y;
};
