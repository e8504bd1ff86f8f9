import { elementCount } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Elements } from '../elements.ts';
import type { FastKernel } from './by-operator.ts';
import { project } from './product.ts';

export const linear: FastKernel = ({ machine, inputs, weights }) => {
  const x = machine.asIn(inputs[0] as Tensor, 'channels first');
  const matrix = weights.matrix as Elements;
  const leading = x.shape.slice(0, -1);
  const y = machine.take([...leading, matrix.shape[0] as number]);
  project(machine, x.place, elementCount(leading), matrix, weights.bias, y.place);
  return y;
};
