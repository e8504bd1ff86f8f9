import type { Command } from 'commander';
import { conventions } from '../../analysis/conventions/registry.ts';
import { conventionsJson, conventionsMarkdown, conventionsText } from '../../report/conventions/conventions.ts';
import { openConvention } from '../convention.ts';
import type { Io } from '../io.ts';
import { addResultOptions, type ResultOptions, report } from '../options.ts';

const formats = { table: conventionsText, json: conventionsJson, markdown: conventionsMarkdown };

export const addConventions = (program: Command, io: Io): Command =>
  addResultOptions(program.command('conventions [convention]'), formats)
    .description('list the counting conventions, with what each counts per operator; or the rules of one')
    .action((name: string | undefined, options: ResultOptions) => {
      report(name === undefined ? conventions : [openConvention(name, io)], formats, options, io);
    });
