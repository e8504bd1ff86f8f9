import { type Command, Option } from 'commander';
import { WEIGHT_BITS } from '../../analysis/memory.ts';
import { toJson } from '../../report/kit/json-text.ts';
import type { Screen } from '../../report/kit/terminal.ts';
import { type SolutionReport, solutionJson, solutionText } from '../../report/solution/solution.ts';
import { SOLVABLE, type SolveOptions } from '../../service/solve/options.ts';
import { searchedParameters, solveReference } from '../../service/solve/solve.ts';
import type { Io } from '../io.ts';
import { addModelOptions, collect, eachOf, forAll } from '../models.ts';
import { addFormatOptions, addMemoryOptions, choiceOption, type ResultOptions, report } from '../options.ts';

const formats = {
  table: (all: readonly SolutionReport[], _: unknown, screen: Screen) => all.map((one) => solutionText(one, screen)).join('\n\n'),
  json: (all: readonly SolutionReport[]) => toJson(all.length === 1 ? solutionJson(all[0] as SolutionReport) : all.map(solutionJson)),
};

export function addSolve(program: Command, io: Io): Command {
  const command = addFormatOptions(addMemoryOptions(addModelOptions(program.command('solve <model>'))), Object.keys(formats))
    .description('find the value of a parameter at which a cost meets a target')
    .requiredOption(
      '--param <name>',
      'the parameter to find a value for, or batch; of several, the last one for each value of the others',
      collect,
    )
    .addOption(choiceOption('--weights-dtype <type>', 'type of the weights, if not that of --dtype', Object.keys(WEIGHT_BITS)))
    .option('--match <model>', 'cost as much as another model')
    .addOption(choiceOption('--metric <metric>', 'the cost that --match is about', SOLVABLE).default('macs'))
    .option('--memory <target>', 'bytes of weights, cache and tensors at their peak, such as 24GiB or "<= 80 GB"');
  for (const metric of SOLVABLE)
    if (metric !== 'memory') command.option(`--${metric} <target>`, 'a target, such as "<= 2G", ">= 1.5M" or 25557032');
  return command
    .addOption(new Option('--min <n>', 'least value to try; name=n for one of several').argParser(collect).default(undefined, 'one step'))
    .addOption(
      new Option('--max <n>', 'greatest value to try')
        .argParser(collect)
        .default(undefined, 'four times the value that the parameter has, or as far as it fits --memory'),
    )
    .addOption(
      new Option('--step <n>', 'distance between the values to try')
        .argParser(collect)
        .default(undefined, '1; before the last of several, values double'),
    )
    .action((model: string, options: SolveOptions & ResultOptions) => {
      // What is searched tells no variants apart.
      const searched = searchedParameters(options).map((name) => `${name}=1`);
      const models = eachOf([model], { ...options, set: [...(options.set ?? []), ...searched] }, io);
      report(
        forAll(models, (one) => solveReference(one, options, io)),
        formats,
        options,
        io,
      );
    });
}
