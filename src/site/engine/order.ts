import type { Table } from '../../report/kit/table.ts';

/** A cell as a number: whole counts exactly, what follows a point apart. What is no number comes last. */
function numberIn(cell: string): readonly [bigint, number] {
  const plain = cell.replace(/[,%]/g, '');
  if (/^-?\d+$/.test(plain)) return [BigInt(plain), 0];
  const value = Number.parseFloat(plain);
  return Number.isNaN(value) ? [-1n, 0] : [BigInt(Math.trunc(value)), value % 1];
}

const compareNumbers = ([a, b]: readonly [bigint, number], [c, d]: readonly [bigint, number]): number => (a < c ? -1 : a > c ? 1 : b - d);

const compareTexts = new Intl.Collator('en', { numeric: true }).compare;

/**
 * The order of a table's rows by the column with a header, `-` before it for the other way round: numbers largest first, names from A
 * to Z. As it comes where there is no such column.
 */
export function orderOf({ columns, rows }: Table, sort: string): number[] {
  const places = rows.map((_, index) => index);
  const isReversed = sort.startsWith('-');
  const column = columns.findIndex(({ header }) => header === sort.slice(Number(isReversed)));
  if (column < 0) return places;
  const isNumber = columns[column]?.align === 'right';
  const sign = isReversed === isNumber ? 1 : -1;
  const cell = (row: number): string => rows[row]?.[column] ?? '';
  if (!isNumber) return places.toSorted((a, b) => sign * compareTexts(cell(a), cell(b)));
  const keys = places.map((row) => numberIn(cell(row)));
  return places.toSorted((a, b) => sign * compareNumbers(keys[a] as [bigint, number], keys[b] as [bigint, number]));
}
