import { placesOf } from '../../core/places.ts';
import { broadcast, type Shape } from '../../core/shape.ts';

import { matrixAt } from '../../operators/matmul.ts';
import type { FastKernel } from './by-operator.ts';
import { multiply } from './product.ts';
import type { Resident } from './resident.ts';

export const matmul: FastKernel = ({ machine, node, inputs }) => {
  const { transpose } = node.attributes as { readonly transpose: boolean };
  const [a, b] = inputs.map((input) => machine.asIn(input, 'channels first')) as [Resident, Resident];
  const [rows, inner] = a.shape.slice(-2) as [number, number];
  const columns = b.shape.at(transpose ? -2 : -1) as number;
  const stack = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)) as Shape;
  const y = machine.take([...stack, rows, columns]);
  const [down, across] = transpose ? [1, inner] : [columns, 1];
  let place = y.place;
  for (const at of placesOf(stack)) {
    const left = a.place + 4 * matrixAt(a.shape, at) * rows * inner;
    const right = b.place + 4 * matrixAt(b.shape, at) * inner * columns;
    const row = { place: left, down: inner, across: 1 };
    multiply(machine, { rows, inner, columns }, row, { place: right, down, across }, { place, down: columns, across: 1 });
    place += 4 * rows * columns;
  }
  return y;
};
