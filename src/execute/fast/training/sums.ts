import type { Machine } from '../machine.ts';
import type { Resident } from '../resident.ts';

/** The sum of all rows of so many columns, in memory until it is released: the gradient of what was added to each row. */
export function columnSums(machine: Machine, x: Resident, columns: number): Resident {
  const sums = machine.take([columns]);
  machine.memory.floats(sums.place, columns).fill(0);
  machine.exports.addRows(x.place, x.elements / columns, columns, sums.place);
  return sums;
}
