import { countOf } from '../../core/shape.ts';
import { threeAxes, type WindowAxis } from '../../operators/kit/window.ts';
import type { Machine } from './machine.ts';
import type { Resident } from './resident.ts';

const POSITION_FIELDS = 4;

/** Windows over a channels-last map, listed in memory until the node has run. */
export interface Positions {
  /** How the window slides. */
  readonly window: number;
  readonly list: number;
  readonly count: number;
}

/** Lists where a window stands on a map. The order of the fields is that of `Window` in `src/execute/wasm/window.ts`. */
export function positionsOf(machine: Machine, x: Resident, axes: readonly WindowAxis[]): Positions {
  const three = threeAxes(axes);
  const [n, channels] = x.shape as [number, number];
  const each = (quantity: (axis: WindowAxis) => number): number[] => three.map(quantity);
  const fields = [
    n,
    4 * channels,
    ...each(({ size }) => size),
    ...each(({ out }) => out),
    ...each(({ kernel }) => kernel),
    ...each(({ stride }) => stride),
    ...each(({ dilation }) => dilation),
    ...each(({ before }) => before),
  ];
  const count = n * countOf(each(({ out }) => out));
  const window = machine.room(fields.length);
  const list = machine.room(POSITION_FIELDS * count);
  machine.memory.integers(window, fields.length).set(fields);
  machine.exports.listPositions(window, x.place, list);
  return { window, list, count };
}

/** A window that stands on one position, as the rows of a matrix do. */
const ONE: WindowAxis = { name: '', letter: '', size: 1, kernel: 1, stride: 1, dilation: 1, span: 1, before: 0, after: 0, out: 1 };

/** Rows of a matrix, `step` elements apart, as positions. */
export function rowsOf(machine: Machine, place: number, rows: number, step: number): Positions {
  const none = machine.take([1, step]);
  const { window } = positionsOf(machine, none, [ONE]);
  machine.memory.give(none.place);
  const list = machine.room(POSITION_FIELDS * rows);
  machine.exports.listRows(place, rows, 4 * step, list);
  return { window, list, count: rows };
}
