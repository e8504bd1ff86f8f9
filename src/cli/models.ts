import type { Command } from 'commander';
import { countOption } from './options.ts';

/** The options that say which models a command line names, and how to count them. */

export { eachOf, forAll, type ModelOptions, openAll, problemsOf, settingsOf } from '../service/models.ts';

export const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

export const addModelOptions = (command: Command): Command =>
  command
    .option('--input <shape>', 'shape of the input without the batch, as in 3x224x224; name=shape where there are several', collect)
    .addOption(countOption('--batch <n>', 'number of inputs in a batch'))
    .option('--dim <name=size>', 'a size for a dimension that an ONNX file names, as in batch=1; may be repeated', collect)
    .option(
      '--value <name=number>',
      'what an input of an ONNX file holds that shapes depend on, as in k=5 or size=32,48; may be repeated',
      collect,
    )
    .option('--strict', 'exit with 1 if an ONNX file has unknown operators, a count rests on an assumption, or a spec has warnings')
    .option('--set <name=value>', 'a value for a parameter, as in classes=10; several with commas between, or repeated', collect)
    .option('--watch', 'run again whenever a file that was read is changed');
