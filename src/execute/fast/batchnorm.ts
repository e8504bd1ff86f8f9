import type { Tensor } from '../../core/tensor.ts';
import { numbersOf } from '../../core/tensor.ts';
import { preparedWeights } from '../reference.ts';
import type { FastKernel } from './by-operator.ts';

export const batchnorm: FastKernel = ({ machine, node, inputs, weights, spent }) => {
  const x = machine.asIn(inputs[0] as Tensor, 'channels last');
  const { factor, offset } = preparedWeights(node, weights);
  const [factors, offsets] = [machine.hold(numbersOf(factor as Tensor)), machine.hold(numbersOf(offset as Tensor))];
  const channels = x.shape[1] as number;
  const y = machine.takeOver(x, spent);
  machine.exports.scale(x.place, x.elements / channels, channels, factors, offsets, y.place);
  return y;
};
