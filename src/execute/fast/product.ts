import type { Elements } from '../elements.ts';
import { blocksOf } from './blocks.ts';
import type { Machine } from './machine.ts';
import { rowsOf } from './window.ts';

/** A matrix in memory: where it begins, and how far an element is from the next, in elements. */
export interface Matrix {
  readonly place: number;
  /** From one row to the next. */
  readonly down: number;
  /** From one column to the next. */
  readonly across: number;
}

interface Sizes {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

/** y = a · b, where rows of `a` and `y` lie together. */
export function multiply(machine: Machine, { rows, inner, columns }: Sizes, a: Matrix, b: Matrix, y: Matrix): void {
  const { window, list, count } = rowsOf(machine, a.place, rows, a.down);
  const packed = machine.room(Math.min(columns, 8) * inner);
  for (const { first, width } of blocksOf(columns)) {
    machine.exports.packColumns(b.place + 4 * first * b.across, inner, b.down, b.across, width, packed);
    machine.exports.convolve(window, list, count, 0, inner, width, packed, 0, 0, y.place + 4 * first, 4 * y.down);
  }
}

/** y = x · matrixᵀ + bias for rows of `in` elements, with a matrix `[out, in]`. */
export function project(machine: Machine, x: number, rows: number, matrix: Elements, bias: Elements | undefined, y: number): void {
  const [out, inner] = matrix.shape as [number, number];
  const { window, list, count } = rowsOf(machine, x, rows, inner);
  const filtersFrom = machine.filters(matrix, inner);
  const offsets = machine.vector(bias);
  const packed = machine.room(Math.min(out, 8) * inner);
  for (const { first, width } of blocksOf(out)) {
    const { numbers, period, start } = filtersFrom(first);
    machine.exports.pack(numbers, period, start, inner, 1, width, packed);
    const biases = offsets === 0 ? 0 : offsets + 4 * first;
    machine.exports.convolve(window, list, count, 0, inner, width, packed, 0, biases, y + 4 * first, 4 * out);
  }
}
