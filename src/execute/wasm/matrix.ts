// Products of matrices, as convolutions with windows of one position: rows are positions, columns are filters.

import { POSITION, Position } from './window';

/** Lists rows that are `step` bytes apart as positions. */
export function listRows(x: i32, rows: i32, step: i32, into: usize): void {
  for (let row = 0; row < rows; row++) {
    const position = changetype<Position>(into);
    position.place = x + row * step;
    position.depth = 0;
    position.height = 0;
    position.width = 0;
    into += POSITION;
  }
}

/** Packs `columns` columns of a matrix of `inner` rows: `[inner][column]`. `down` and `across` are from one element to the next, in elements. */
export function packColumns(x: usize, inner: i32, down: i32, across: i32, columns: i32, into: usize): void {
  for (let row = 0; row < inner; row++) {
    let from = x + ((row * down) << 2);
    for (let column = 0; column < columns; column++) {
      store<f32>(into, load<f32>(from));
      into += 4;
      from += across << 2;
    }
  }
}
