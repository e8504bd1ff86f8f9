import { type Table, withColumns } from './table.ts';
import { displayWidth } from './text.ts';

/** What a terminal can show. */
export interface Screen {
  /** Width in characters; `undefined` where the output is no terminal. */
  readonly columns: number | undefined;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
}

/** Text as it is, for pipes and files. */
export const PLAIN: Screen = { columns: undefined, bold: String, dim: String, red: String };

const GAP = 2;
/** A first column wider than this is cut rather than another left out. */
const READABLE = 36;
/** The first column is cut no shorter than this. */
const NARROWEST = 16;

const widthsOf = ({ columns, rows, footer }: Table): number[] =>
  columns.map(({ header }, index) => {
    const width = (row: readonly string[]) => displayWidth(row[index] ?? '');
    return Math.max(displayWidth(header), ...rows.map(width), ...footer.map(width));
  });

/** The width of columns, each with the gap before it. */
const sum = (widths: readonly number[]): number => widths.reduce((total, width) => total + width + GAP, 0);

const indices = ({ columns }: Table): number[] => columns.map((_, index) => index);

/** Leaves out the columns that matter least, until the others fit beside a first column that can be read. */
function fit(table: Table, room: number): Table {
  const [first = 0, ...others] = widthsOf(table);
  const least = Math.max(...table.columns.map(({ drop }) => drop));
  if (least === 0 || Math.min(first, READABLE) + sum(others) <= room) return table;
  const dropped = table.columns.findLastIndex(({ drop }) => drop === least);
  return fit(withColumns(table, indices(table).toSpliced(dropped, 1)), room);
}

/** The columns that fit beside the first; the others in tables below, where nothing more can be left out. */
function split(table: Table, room: number): Table[] {
  const [first = 0, ...others] = widthsOf(table);
  const parts: number[][] = [];
  let free = 0;
  for (const [index, width] of others.entries()) {
    free -= width + GAP;
    if (parts.length === 0 || free < 0) {
      parts.push([0]);
      free = room - Math.min(first, NARROWEST) - width - GAP;
    }
    parts.at(-1)?.push(index + 1);
  }
  return parts.length < 2 ? [table] : parts.map((part) => withColumns(table, part));
}

/** A path cut from the left, so that the layer itself stays readable. */
const cut = (text: string, width: number): string => (displayWidth(text) <= width ? text : `…${text.slice(text.length - width + 1)}`);

const pad = {
  left: (text: string, blanks: string) => text + blanks,
  right: (text: string, blanks: string) => blanks + text,
} as const;

function renderFitted(table: Table, room: number, screen: Screen): string {
  const { columns, rows, footer } = table;
  const [wanted = 0, ...others] = widthsOf(table);
  const widths = [Math.min(wanted, Math.max(NARROWEST, room - sum(others))), ...others];
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, index) => {
        const width = widths[index] as number;
        const cell = index === 0 ? cut(cells[0] as string, width) : (cells[index] as string);
        return pad[align](cell, ' '.repeat(Math.max(0, width - displayWidth(cell))));
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  const rule = screen.dim('─'.repeat(sum(widths) - GAP));
  const strong = (cells: readonly string[]) => screen.bold(line(cells));
  return [
    strong(columns.map(({ header }) => header)),
    rule,
    ...rows.map(line),
    ...(footer.length > 0 ? [rule, ...footer.map(strong)] : []),
  ].join('\n');
}

/**
 * Prints a table in columns, as wide as the screen allows. Padding is all it takes; a table library
 * made this the slowest part of a run.
 */
export function renderTable(table: Table, screen: Screen): string {
  const room = screen.columns ?? Number.POSITIVE_INFINITY;
  return split(fit(table, room), room)
    .map((part) => renderFitted(part, room, screen))
    .join('\n\n');
}
