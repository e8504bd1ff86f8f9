import type { Command } from 'commander';
import { readWeights } from '../../node/weights.ts';
import { type WeightOptions, weightsJson, weightsMarkdown, weightsText } from '../../report/weights/weights.ts';
import type { Io } from '../io.ts';
import { addResultOptions, countOption, type ResultOptions, report } from '../options.ts';

const formats = { table: weightsText, json: weightsJson, markdown: weightsMarkdown };

export const addWeights = (program: Command, io: Io): Command =>
  addResultOptions(
    program
      .command('weights <file>')
      .description(
        'print what the header of a .safetensors file, its .index.json, or a .gguf file says: parameters and bytes by name and type',
      )
      .addOption(countOption('--depth <n>', 'group by the first n steps of the name').default(undefined, '2')),
    formats,
  ).action((file: string, options: WeightOptions & ResultOptions) => report(readWeights(file), formats, options, io));
