/**
 * How rows are dealt to experts: row i of all goes to expert i mod `experts`, so that the best k of a position, which are neighbours,
 * are different ones, and all have as much to do. No count depends on who gets which.
 */

/** Where the rows of an expert start, when those of each are put together. */
export const startOf = (expert: number, experts: number, rows: number): number => {
  const each = Math.floor(rows / experts);
  return expert * each + Math.min(expert, rows - each * experts);
};

/** Where a row is among all, when those of each expert are put together. */
export const placeOf = (row: number, experts: number, rows: number): number =>
  startOf(row % experts, experts, rows) + Math.floor(row / experts);
