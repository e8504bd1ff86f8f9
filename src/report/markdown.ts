import type { Table } from './table.ts';

const escape = (text: string): string => text.replace(/[\\|`*_[\]<>]/g, '\\$&').replace(/\s+/g, ' ');

const ALIGN = { left: ':--', right: '--:' } as const;

/** A table of GitHub-flavoured Markdown. */
export function renderMarkdown({ columns, rows, footer }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const strong = (cell: string) => (cell === '' ? '' : `**${escape(cell)}**`);
  return [
    line(columns.map(({ header }) => escape(header))),
    line(columns.map(({ align }) => ALIGN[align])),
    ...rows.map((row) => line(row.map(escape))),
    ...footer.map((row) => line(row.map(strong))),
  ].join('\n');
}
