import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { addResultOptions, type ResultOptions, report } from '../options.ts';

const FORMATS = { table: String, json: String, markdown: String };

export const addConventions = (program: Command, io: Io): Command =>
  addResultOptions(program.command('conventions [name]'), FORMATS)
    .description('list the counting conventions, with what each counts per operator; or the rules of one')
    .action(async (name: string | undefined, options: ResultOptions) => {
      const { openConvention } = await import('../convention.ts');
      const { conventions } = await import('../../analysis/conventions/registry.ts');
      const { conventionsJson, conventionsMarkdown, conventionsText } = await import('../../report/conventions/conventions.ts');
      const formats = { table: conventionsText, json: conventionsJson, markdown: conventionsMarkdown };
      await report(name === undefined ? conventions : [openConvention(name, io)], formats, options, io);
    });
