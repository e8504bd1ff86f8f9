import type { Table } from './table.ts';

/** Text that means nothing but itself. */
export const escaped = (text: string): string => text.replace(/[\\|`*_~&[\]<>]/g, '\\$&').replace(/\s+/g, ' ');

const ALIGN = { left: ':--', right: '--:' } as const;

/** A table of GitHub-flavoured Markdown. */
export function renderMarkdown({ columns, rows, footer }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const strong = (cell: string) => (cell === '' ? '' : `**${escaped(cell)}**`);
  return [
    line(columns.map(({ header }) => escaped(header))),
    line(columns.map(({ align }) => ALIGN[align])),
    ...rows.map((row) => line(row.map(escaped))),
    ...footer.map((row) => line(row.map(strong))),
  ].join('\n');
}
