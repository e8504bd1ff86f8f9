import CliTable from 'cli-table3';
import { type Table, withColumns } from './table.ts';
import { displayWidth, wrap } from './text.ts';

/** What a terminal can show. */
export interface Screen {
  /** Width in characters; `undefined` where the output is no terminal. */
  readonly columns: number | undefined;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
}

/** Text as it is, for pipes and files. */
export const PLAIN: Screen = { columns: undefined, bold: String, dim: String, red: String, green: String };

const GAP = 2;
/** A first column wider than this is cut rather than another left out. */
const READABLE = 36;
/** The first column is cut no shorter than this. */
const NARROWEST = 16;

const widthsOf = ({ columns, rows, footer }: Table): number[] =>
  columns.map(({ header }, index) => {
    const width = (row: readonly string[]) => displayWidth(row[index] ?? '');
    // cli-table3 draws no column narrower than 1.
    return Math.max(1, displayWidth(header), ...rows.map(width), ...footer.map(width));
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
function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  const kept = [...text];
  while (displayWidth(kept.join('')) > width - 1) kept.shift();
  return `…${kept.join('')}`;
}

const SIDES = ['top', 'bottom', 'left', 'right', 'mid'] as const;
const BORDERS = SIDES.flatMap((side) => [side, `${side}-left`, `${side}-mid`, `${side}-right`]);

/** No borders but blanks between the columns. */
const BLANK: Readonly<Record<string, string>> = { ...Object.fromEntries(BORDERS.map((name) => [name, ''])), middle: ' '.repeat(GAP) };
const RULE_BELOW = { ...BLANK, bottom: '─', 'bottom-mid': '─'.repeat(GAP) };

/** cli-table3 holds every cell against all cells above it: few rows at a time are drawn in time that grows as their number. */
const PIECE = 4;

function* pieces<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < rows.length; start += PIECE) yield rows.slice(start, start + PIECE);
}

function renderFitted(table: Table, room: number, screen: Screen): string {
  const { columns, rows, footer } = table;
  const [wanted = 0, ...others] = widthsOf(table);
  const first = Math.min(wanted, Math.max(NARROWEST, room - sum(others)));
  const options = {
    colWidths: [first, ...others],
    colAligns: columns.map(({ align }) => align),
    // Styles would be drawn cell by cell; lines are coloured as a whole.
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  };
  const draw = (some: readonly (readonly string[])[], chars = BLANK): string[] => {
    const drawn = new CliTable({ ...options, chars });
    drawn.push(...some.map(([path = '', ...cells]) => [cut(path, first), ...cells]));
    return drawn
      .toString()
      .split('\n')
      .map((line) => line.trimEnd());
  };
  const [header = '', rule = ''] = draw([columns.map(({ header }) => header)], RULE_BELOW);
  const coloured = (text: string, row: number): string => (table.bad?.[row] === true ? screen.red(text) : text);
  const body = [...pieces(rows)].flatMap((some) => draw(some)).map(coloured);
  const totals = footer.length === 0 ? [] : draw(footer);
  const line = screen.dim(rule);
  return [screen.bold(header), line, ...body, ...(totals.length === 0 ? [] : [line, ...totals.map((text) => screen.bold(text))])].join(
    '\n',
  );
}

/** Prints a table in columns, as wide as the screen allows. */
export function renderTable(table: Table, screen: Screen): string {
  const room = screen.columns ?? Number.POSITIVE_INFINITY;
  const fitted = fit(table, room);
  const text = split(fitted, room)
    .map((part) => renderFitted(part, room, screen))
    .join('\n\n');
  const hidden = hiddenColumns(table, fitted);
  if (hidden.length === 0) return text;
  return `${text}\n${screen.dim(wrap(`Too narrow for: ${hidden.join(', ')}`, screen.columns, '  '))}`;
}

/** The columns that were left out, by their headers. */
const hiddenColumns = ({ columns }: Table, fitted: Table): string[] => {
  const shown = new Set(fitted.columns);
  return [...new Set(columns.filter((column) => !shown.has(column)).map(({ header }) => header))].filter((header) => header !== '');
};
