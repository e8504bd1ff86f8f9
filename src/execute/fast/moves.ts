import { elementCount, type Shape } from '../../core/shape.ts';
import { numbersOf, type Tensor } from '../../core/tensor.ts';
import { axisOf } from '../../operators/kit/axes.ts';
import { operatorOf } from '../../operators/registry.ts';
import { fail } from '../../problems/problem.ts';
import type { Elements } from '../elements.ts';
import type { FastKernel, Running } from './by-operator.ts';
import type { Resident } from './resident.ts';

/** The input as it is written, and the shape that the operator gives it. */
function moved({ machine, node, inputs }: Running): { x: Resident; shape: Shape } {
  const x = machine.asIn(inputs[0] as Tensor, 'channels first');
  const [shape = x.shape] = operatorOf(node.operator).shapes(node.attributes, [x.shape]);
  return { x, shape };
}

/** `[n, positions, heads · width]` → `[n, heads, positions, width]` */
export const splitheads: FastKernel = (running) => {
  const { x, shape } = moved(running);
  const [n, heads, length, width] = shape as [number, number, number, number];
  const y = running.machine.take(shape);
  const features = heads * width;
  running.machine.exports.gather(x.place, n, heads, length, length * features, width, features, width, y.place);
  return y;
};

/** `[n, heads, positions, width]` → `[n, positions, heads · width]` */
export const mergeheads: FastKernel = (running) => {
  const { x, shape } = moved(running);
  const [n, heads, length, width] = x.shape as [number, number, number, number];
  const y = running.machine.take(shape);
  running.machine.exports.gather(x.place, n, length, heads, heads * length * width, width, length * width, width, y.place);
  return y;
};

/** Cut along an axis: the parts of each of its outer rows lie together. */
export const split: FastKernel = ({ machine, node, inputs }) => {
  const x = machine.asIn(inputs[0] as Tensor, 'channels first');
  const axis = axisOf((node.attributes as { readonly axis: number }).axis, x.shape);
  const [outer, inner] = [elementCount(x.shape.slice(0, axis)), elementCount(x.shape.slice(axis + 1))];
  const row = (x.shape[axis] as number) * inner;
  let from = x.place;
  return operatorOf(node.operator)
    .shapes(node.attributes, [x.shape])
    .map((shape) => {
      const y = machine.take(shape);
      const run = (shape[axis] as number) * inner;
      machine.exports.gather(from, outer, 1, 1, row, 0, 0, run, y.place);
      from += 4 * run;
      return y;
    });
};

/** In a run, the positions of earlier steps are those of the input, in turn. */
export const cache: FastKernel = (running) => {
  const { machine, node } = running;
  const { x, shape } = moved(running);
  const axis = axisOf((node.attributes as { readonly axis: number }).axis, x.shape);
  const [length, all] = [x.shape[axis] as number, shape[axis] as number];
  const kept = all - length;
  const [outer, inner] = [elementCount(x.shape.slice(0, axis)), elementCount(x.shape.slice(axis + 1))];
  const y = machine.take(shape);
  for (let image = 0; image < outer; image++) {
    const [from, to] = [x.place + 4 * image * length * inner, y.place + 4 * image * all * inner];
    for (let done = 0; done < kept; done += length) {
      const rows = Math.min(length, kept - done);
      machine.exports.copyRows(from, 1, 4 * rows * inner, to + 4 * done * inner, 0);
    }
    machine.exports.copyRows(from, 1, 4 * length * inner, to + 4 * kept * inner, 0);
  }
  return y;
};

/** Rows of a table that need not be in memory as a whole. */
function rowsOf({ machine }: Running, table: Elements, rows: readonly number[], y: Resident): void {
  const row = table.shape.at(-1) as number;
  const beginsAt = machine.filters(table, row);
  for (const [index, number] of rows.entries()) {
    const { numbers, period, start } = beginsAt(number);
    const from = Number(start % BigInt(period));
    // A row may be longer than the numbers, which come again.
    for (let done = 0; done < row; done += period) {
      const size = Math.min(period, row - done);
      machine.exports.copyRows(numbers + 4 * from, 1, 4 * size, y.place + 4 * (index * row + done), 0);
    }
  }
}

export const embedding: FastKernel = (running) => {
  const { machine, node, inputs, weights } = running;
  const { rows, out } = node.attributes as { readonly rows: number; readonly out: number };
  const ids = inputs[0] as Tensor;
  const numbers = [...numbersOf({ shape: ids.shape, data: ids.data })];
  for (const id of numbers) if (id < 0 || id >= rows) throw fail('ID_OUT_OF_TABLE', { id, rows }, 'rows');
  const y = machine.take([...ids.shape, out]);
  rowsOf(running, weights.table as Elements, numbers, y);
  return y;
};

export const positions: FastKernel = (running) => {
  const { node, inputs, weights, machine } = running;
  const { start } = node.attributes as { readonly start: number };
  const [, length, features] = (inputs[0] as Tensor).shape as [number, number, number];
  const y = machine.take([1, length, features]);
  rowsOf(
    running,
    weights.table as Elements,
    Array.from({ length }, (_, position) => start + position),
    y,
  );
  return y;
};
