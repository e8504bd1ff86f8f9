import type { Command } from 'commander';
import { toJson } from '../../../report/kit/json-text.ts';
import { solutionJson, solutionText } from '../../../report/solution/solution.ts';
import type { Io } from '../../io.ts';
import { addModelOptions } from '../../models.ts';
import { addFormatOptions, choiceOption, deliver } from '../../options.ts';
import { SOLVABLE, type SolveOptions } from './options.ts';
import { solveReference } from './run.ts';

export function addSolve(program: Command, io: Io): Command {
  const command = addFormatOptions(addModelOptions(program.command('solve <model>')), ['table', 'json'])
    .description('find the value of a parameter at which a cost meets a target')
    .requiredOption('--param <name>', 'the parameter to find a value for')
    .option('--match <model>', 'cost as much as another model')
    .addOption(choiceOption('--metric <metric>', 'the cost that --match is about', SOLVABLE).default('macs'));
  for (const metric of SOLVABLE) command.option(`--${metric} <target>`, 'a target, such as "<= 2G", ">= 1.5M" or 25557032');
  return command
    .option('--min <n>', 'least value to try (default: one step)')
    .option('--max <n>', 'greatest value to try (default: four times the value that the parameter has)')
    .option('--step <n>', 'distance between the values to try (default: 1)')
    .action((model: string, options: SolveOptions) => {
      const report = solveReference(model, options, io);
      deliver(options.format === 'json' ? toJson(solutionJson(report)) : solutionText(report), options, io, options.format !== 'json');
    });
}
