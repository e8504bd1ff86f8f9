/** A table as data: what every format prints. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  /** Rows below a line, such as totals. */
  readonly footer: readonly (readonly string[])[];
  /** Which rows tell of something that is wrong. */
  readonly bad?: readonly boolean[] | undefined;
}

export interface Column {
  readonly header: string;
  readonly align: 'left' | 'right';
  /** Columns with the highest number go first where there is no room; 0 always stays. */
  readonly drop: number;
}

/** A column that can be filled from a row. */
export interface ColumnOf<R> extends Column {
  cell(row: R): string;
}

export const makeTable = <R>(columns: readonly ColumnOf<R>[], rows: readonly R[], footer: readonly (readonly string[])[] = []): Table => ({
  columns,
  rows: rows.map((row) => columns.map((column) => column.cell(row))),
  footer,
});

/** The table with only the columns at these places. */
export function withColumns({ columns, rows, footer, bad }: Table, places: readonly number[]): Table {
  const kept = <T>(cells: readonly T[]): T[] => places.map((place) => cells[place] as T);
  return { columns: kept(columns), rows: rows.map(kept), footer: footer.map(kept), bad };
}
