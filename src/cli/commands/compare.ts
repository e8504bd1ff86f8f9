import type { Command } from 'commander';
import { compareCsv, compareJson, compareMarkdown, compareText } from '../../report/compare.ts';
import { addConventionOption, analyseAsAsked, type ConventionOptions } from '../by-convention.ts';
import type { Io } from '../io.ts';
import { addModelOptions, type ModelOptions } from '../models.ts';
import { addResultOptions, type ResultOptions, report } from '../options.ts';

type CompareOptions = ModelOptions & ConventionOptions & ResultOptions;

const formats = { table: compareText, json: compareJson, csv: compareCsv, markdown: compareMarkdown };

export const addCompare = (program: Command, io: Io): Command =>
  addResultOptions(addConventionOption(addModelOptions(program.command('compare <model> <other...>'))), formats)
    .description('print blocks or models layer by layer, and their totals side by side')
    .action(async (model: string, others: string[], options: CompareOptions) =>
      report(await analyseAsAsked([model, ...others], options, io), formats, options, io),
    );
