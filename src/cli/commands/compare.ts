import type { Command } from 'commander';
import type { Analysis } from '../../analysis/cost.ts';
import { compareCsv, compareJson, compareMarkdown, compareText } from '../../report/compare.ts';
import { costJson } from '../../report/cost-json.ts';
import { toJson } from '../../report/json-text.ts';
import type { Screen } from '../../report/terminal.ts';
import { addConventionOption, analyseAsAsked, type ConventionOptions } from '../by-convention.ts';
import type { Io } from '../io.ts';
import { addModelOptions, addOutputOption, deliver, formatOption, type ModelOptions, type OutputOptions } from '../options.ts';
import { screenFor } from '../screen.ts';

type CompareOptions = ModelOptions & ConventionOptions & OutputOptions & { readonly format: keyof typeof formats };

const formats = {
  table: compareText,
  json: (analyses: readonly Analysis[], _: Screen): string =>
    toJson(
      compareJson(
        analyses,
        analyses.map((analysis) => costJson(analysis, { by: 'layer' })),
      ),
    ),
  csv: (analyses: readonly Analysis[], _: Screen): string => compareCsv(analyses),
  markdown: (analyses: readonly Analysis[], _: Screen): string => compareMarkdown(analyses),
} as const;

export const addCompare = (program: Command, io: Io): Command =>
  addOutputOption(addConventionOption(addModelOptions(program.command('compare <a> <b> [others...]'))))
    .description('print blocks or models layer by layer, and their totals side by side')
    .addOption(formatOption(Object.keys(formats)))
    .action(async (a: string, b: string, others: string[], options: CompareOptions) => {
      const analyses = await analyseAsAsked([a, b, ...others], options, io);
      deliver(formats[options.format](analyses, await screenFor(io, options)), options, io);
    });
