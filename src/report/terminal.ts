import { type Table, withoutColumns } from './table.ts';

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
/** The first column is cut no shorter than this. */
const NARROWEST = 16;

const widthsOf = ({ columns, rows, footer }: Table): number[] =>
  columns.map(({ header }, index) =>
    Math.max(header.length, ...rows.map((row) => row[index]?.length ?? 0), ...footer.map((row) => row[index]?.length ?? 0)),
  );

const sum = (widths: readonly number[]): number => widths.reduce((total, width) => total + width + GAP, 0);

/** Drops the columns that matter least until the rest fits; then cuts the first. */
function fit(table: Table, room: number): { table: Table; first: number } {
  let fitted = table;
  for (;;) {
    const widths = widthsOf(fitted);
    const others = sum(widths.slice(1));
    const wanted = widths[0] ?? 0;
    const least = Math.max(...fitted.columns.map(({ drop }) => drop));
    if (others + wanted <= room || (least === 0 && others + NARROWEST > room)) return { table: fitted, first: wanted };
    if (least === 0 || others + Math.min(wanted, 36) <= room) return { table: fitted, first: Math.max(NARROWEST, room - others) };
    fitted = withoutColumns(fitted, new Set([fitted.columns.findLastIndex(({ drop }) => drop === least)]));
  }
}

/** A path cut from the left, so that the layer itself stays readable. */
const cut = (text: string, width: number): string => (text.length <= width ? text : `…${text.slice(text.length - width + 1)}`);

const pad = {
  left: (text: string, width: number) => text.padEnd(width),
  right: (text: string, width: number) => text.padStart(width),
} as const;

/**
 * Prints a table in columns, as wide as the screen allows. All names that specs can give are one
 * character wide, so padding is all it takes; a table library made this the slowest part of a run.
 */
export function renderTable(table: Table, screen: Screen): string {
  const { table: fitted, first } = fit(table, screen.columns ?? Number.POSITIVE_INFINITY);
  const { columns, rows, footer } = fitted;
  const widths = widthsOf(fitted).with(0, first);
  const gap = ' '.repeat(GAP);
  const line = ([name = '', ...cells]: readonly string[]) =>
    [cut(name, first), ...cells]
      .map((cell, index) => pad[columns[index]?.align ?? 'left'](cell, widths[index] ?? 0))
      .join(gap)
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
