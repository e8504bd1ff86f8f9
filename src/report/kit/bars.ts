import type { Table } from './table.ts';

/** Bars of blocks, in eighths of a character. */

const LONGEST = 8;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const FULL = '█';
const STEPS = BigInt(EIGHTHS.length);

/** A bar as long as the part is of the whole; something of it is seen of every part. */
function bar(part: bigint, whole: bigint): string {
  if (part === 0n || whole === 0n) return '';
  const eighths = (part * BigInt(LONGEST) * STEPS) / whole;
  const seen = eighths === 0n ? 1n : eighths;
  return FULL.repeat(Number(seen / STEPS)) + EIGHTHS[Number(seen % STEPS)];
}

/** The table with a last column of bars, one for the value of each row; the first that goes where there is no room. */
export function withBars(table: Table, values: readonly bigint[]): Table {
  const most = values.reduce((greatest, value) => (value > greatest ? value : greatest), 0n);
  const drop = Math.max(...table.columns.map((column) => column.drop)) + 1;
  return {
    ...table,
    columns: [...table.columns, { header: '', align: 'left', drop }],
    rows: table.rows.map((row, index) => [...row, bar(values[index] ?? 0n, most)]),
    footer: table.footer.map((row) => [...row, '']),
  };
}
