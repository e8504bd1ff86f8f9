import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { addOutputOption, deliver, type OutputOptions } from '../options.ts';

export const addSchema = (program: Command, io: Io): Command =>
  addOutputOption(program.command('schema'))
    .description('print the JSON Schema of specs, for editors')
    .action(async (options: OutputOptions) => {
      const { specJsonSchema } = await import('../../spec/json-schema.ts');
      deliver(JSON.stringify(specJsonSchema(), null, 2), options, io);
    });
