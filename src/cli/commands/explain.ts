import type { Command } from 'commander';
import { addConventionOption, type ConventionOptions } from '../by-convention.ts';
import type { Io } from '../io.ts';
import { addModelOptions, addOutputOption, deliver, formatOption, type ModelOptions, type OutputOptions } from '../options.ts';
import { screenFor } from '../screen.ts';

const FORMATS = ['table', 'json', 'markdown'] as const;

interface ExplainOptions extends ModelOptions, OutputOptions, ConventionOptions {
  readonly from?: string;
  readonly to?: string;
  readonly number?: string;
  readonly format: (typeof FORMATS)[number];
}

export const addExplain = (program: Command, io: Io): Command =>
  addOutputOption(addConventionOption(addModelOptions(program.command('explain <model>'))))
    .description('say why tools print different numbers for a model, or where a number comes from')
    .option('--from <convention>', 'the convention to start from, macs if not given')
    .option('--to <convention>', 'the convention to come to')
    .option('--number <count>', 'a figure to trace to its variant, convention and unit: 3.8G, 8.18e9, "4.13 GMac"')
    .addOption(formatOption(FORMATS))
    .action(async (model: string, options: ExplainOptions) => {
      const { explainModel } = await import('../explain.ts');
      deliver(explainModel(model, options, io)[options.format](await screenFor(io, options)), options, io);
    });
