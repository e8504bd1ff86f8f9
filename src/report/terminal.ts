import CliTable from 'cli-table3';
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

const NO_BORDERS = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
    'middle',
  ].map((name) => [name, '']),
);

/** Prints a table in columns, as wide as the screen allows. */
export function renderTable(table: Table, screen: Screen): string {
  const { table: fitted, first } = fit(table, screen.columns ?? Number.POSITIVE_INFINITY);
  const { columns, rows, footer } = fitted;
  const grid = new CliTable({
    colAligns: columns.map(({ align }) => align),
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP },
  });
  const withFirstCut = ([name = '', ...cells]: readonly string[]) => [cut(name, first), ...cells];
  const strong = (cells: readonly string[]) => withFirstCut(cells).map((cell) => screen.bold(cell));
  grid.push(strong(columns.map(({ header }) => header)), ...rows.map(withFirstCut), ...footer.map(strong));
  const [head, ...lines] = grid
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  const rule = screen.dim('─'.repeat(sum(widthsOf(fitted).with(0, first)) - GAP));
  const body = lines.slice(0, rows.length);
  return [head, rule, ...body, ...(footer.length > 0 ? [rule, ...lines.slice(rows.length)] : [])].join('\n');
}
