import type { Shape } from '../../core/shape.ts';
import { placesOf } from '../../operators/elements.ts';
import { matrixAt } from '../../operators/matmul.ts';
import type { FastKernel } from './index.ts';
import { multiply } from './product.ts';
import type { Resident } from './resident.ts';

export const matmul: FastKernel = ({ machine, node, inputs }) => {
  const { transpose } = node.attributes as { readonly transpose: boolean };
  const [a, b] = inputs.map((input) => machine.asIn(input, 'channels first')) as [Resident, Resident];
  const y = machine.take(node.outputs[0]?.shape as Shape);
  const [rows, columns] = y.shape.slice(-2) as [number, number];
  const inner = a.shape.at(-1) as number;
  const [down, across] = transpose ? [1, inner] : [columns, 1];
  let place = y.place;
  for (const at of placesOf(y.shape.slice(0, -2))) {
    const left = a.place + 4 * matrixAt(a.shape, at) * rows * inner;
    const right = b.place + 4 * matrixAt(b.shape, at) * inner * columns;
    const row = { place: left, down: inner, across: 1 };
    multiply(machine, { rows, inner, columns }, row, { place: right, down, across }, { place, down: columns, across: 1 });
    place += 4 * rows * columns;
  }
  return y;
};
