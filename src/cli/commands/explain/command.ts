import { type Command, Option } from 'commander';
import type { Screen } from '../../../report/kit/terminal.ts';
import { type Explained, type ExplainOptions, explainModel } from '../../../service/explain.ts';
import { addConventionOption } from '../../convention.ts';
import type { Io } from '../../io.ts';
import { addModelOptions } from '../../models.ts';
import { addResultOptions, type ResultOptions, report } from '../../options.ts';

const formats = {
  table: ({ table }: Explained, _: unknown, screen: Screen) => table(screen),
  json: ({ json }: Explained) => json(),
  markdown: ({ markdown }: Explained) => markdown(),
};

export const addExplain = (program: Command, io: Io): Command =>
  addResultOptions(addConventionOption(addModelOptions(program.command('explain <model>'))), formats)
    .description('say why tools print different numbers for a model, or where a number comes from')
    .addOption(new Option('--from <convention>', 'the convention to start from').default(undefined, 'macs'))
    .option('--to <convention>', 'the convention to end at')
    .option('--number <count>', 'a figure to trace to its variant, convention and unit: 3.8G, 8.18e9, "4.13 GMac"')
    .action((model: string, options: ExplainOptions & ResultOptions) => {
      report(explainModel(model, options, io), formats, options, io);
    });
