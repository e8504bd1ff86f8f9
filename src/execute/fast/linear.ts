import type { Tensor } from '../../core/tensor.ts';
import type { Elements } from '../elements.ts';
import type { FastKernel } from './index.ts';
import { project } from './product.ts';
import { elementsOf } from './resident.ts';

export const linear: FastKernel = ({ machine, node, inputs, weights }) => {
  const x = machine.asIn(inputs[0] as Tensor, 'channels first');
  const y = machine.take(node.outputs[0]?.shape ?? []);
  project(machine, x.place, elementsOf(x.shape.slice(0, -1)), weights.matrix as Elements, weights.bias, y.place);
  return y;
};
