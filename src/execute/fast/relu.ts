import type { Tensor } from '../../core/tensor.ts';
import type { FastKernel } from './by-operator.ts';
import { Resident } from './resident.ts';

export const relu: FastKernel = ({ machine, inputs, spent }) => {
  const input = inputs[0] as Tensor;
  const x = input instanceof Resident ? input : machine.asIn(input, 'channels first');
  const y = machine.takeOver(x, spent);
  machine.exports.rectify(x.place, x.elements, y.place);
  return y;
};
