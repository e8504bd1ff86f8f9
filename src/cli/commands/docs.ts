import type { Command } from 'commander';
import { listPages, type Page, readPage } from '../../node/pages.ts';
import { makeTable } from '../../report/kit/table.ts';
import { renderTable } from '../../report/kit/terminal.ts';
import type { Io } from '../io.ts';
import { addOutputOption, deliver, type OutputOptions } from '../options.ts';
import { screenOf } from '../screen.ts';

const COLUMNS = [
  { header: 'page', align: 'left', drop: 0, cell: ({ name }: Page) => name },
  { header: 'about', align: 'left', drop: 0, cell: ({ title }: Page) => title },
] as const;

export const addDocs = (program: Command, io: Io): Command =>
  addOutputOption(program.command('docs [page]'))
    .description('print a page of the documentation, or list the pages')
    .action((name: string | undefined, options: OutputOptions) => {
      const text = name === undefined ? renderTable(makeTable(COLUMNS, listPages()), screenOf(io, 'stdout')) : readPage(name).trimEnd();
      deliver(text, options, io, true);
    });
