import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { addOutputOption, deliver, formatOption, type OutputOptions } from '../options.ts';
import { screenFor } from '../screen.ts';

const FORMATS = ['table', 'json', 'markdown'] as const;

type ConventionsOptions = OutputOptions & { readonly format: (typeof FORMATS)[number] };

export const addConventions = (program: Command, io: Io): Command =>
  addOutputOption(program.command('conventions [name]'))
    .description('list the counting conventions, with what each counts per operator; or the rules of one')
    .addOption(formatOption(FORMATS))
    .action(async (name: string | undefined, options: ConventionsOptions) => {
      const { conventions: all } = await import('../../analysis/conventions/index.ts');
      const { openConvention } = await import('../convention.ts');
      const conventions = name === undefined ? all : [openConvention(name, io)];
      const { conventionsJson, conventionsMarkdown, conventionsText } = await import('../../report/conventions.ts');
      const screen = await screenFor(io, options);
      const formats = {
        table: () => conventionsText(conventions, screen),
        json: () => conventionsJson(conventions),
        markdown: () => conventionsMarkdown(conventions),
      } as const;
      deliver(formats[options.format](), options, io);
    });
