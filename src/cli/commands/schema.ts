import type { Command } from 'commander';
import { specJsonSchema } from '../../spec/json-schema.ts';
import type { Io } from '../io.ts';
import { addOutputOption, deliver, type OutputOptions } from '../options.ts';

export const addSchema = (program: Command, io: Io): Command =>
  addOutputOption(program.command('schema'))
    .description('print the JSON Schema of specs, for editors')
    .action((options: OutputOptions) => deliver(JSON.stringify(specJsonSchema(), null, 2), options, io));
