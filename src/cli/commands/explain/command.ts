import { type Command, Option } from 'commander';
import type { Screen } from '../../../report/kit/terminal.ts';
import { type Explained, type ExplainOptions, explainModel } from '../../../service/explain.ts';
import { addConventionOption } from '../../convention.ts';
import { addFlowOptions } from '../../flow-options.ts';
import type { Io } from '../../io.ts';
import { addModelOptions, eachOf, forAll } from '../../models.ts';
import { addResultOptions, type ResultOptions, report } from '../../options.ts';
import { CHECKPOINT } from '../../training-options.ts';

/** One as it is, several as a list. */
const oneOrList = (texts: readonly string[]): string => (texts.length === 1 ? (texts[0] as string) : `[${texts.join(',\n')}]`);

const formats = {
  table: (all: readonly Explained[], _: unknown, screen: Screen) => all.map(({ table }) => table(screen)).join('\n\n'),
  json: (all: readonly Explained[]) => oneOrList(all.map(({ json }) => json())),
  markdown: (all: readonly Explained[]) => all.map(({ markdown }) => markdown()).join('\n\n'),
};

export const addExplain = (program: Command, io: Io): Command =>
  addResultOptions(addFlowOptions(addConventionOption(addModelOptions(program.command('explain <model>')))), formats)
    .description('say why tools print different numbers for a model, or where a number comes from')
    .addOption(new Option('--from <convention>', 'the convention to start from').default(undefined, 'macs'))
    .option('--to <convention>', 'the convention to end at')
    .option('--number <count>', 'a figure to trace to its variant, convention and unit: 3.8G, 8.18e9, "4.13 GMac"')
    .option('--training', 'what is quoted for a training step: hardware and model FLOPs, three times the forward pass, 6ND and others')
    .option(...CHECKPOINT)
    .action((model: string, options: ExplainOptions & ResultOptions) => {
      const models = eachOf([model], options, io);
      report(
        forAll(models, (one) => explainModel(one, options, io)),
        formats,
        options,
        io,
      );
    });
