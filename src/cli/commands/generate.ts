import type { Command } from 'commander';
import { type MemoryOptions, WEIGHT_BITS } from '../../analysis/memory.ts';
import { generationCsv, generationJson, generationMarkdown, generationText } from '../../report/generation/generation.ts';
import { generationHtml } from '../../report/generation/html.ts';
import { generateReferences } from '../../service/generation.ts';
import type { Io } from '../io.ts';
import { addModelOptions, type ModelOptions } from '../models.ts';
import { addMemoryOptions, addResultOptions, choiceOption, countOption, EXACT, type ResultOptions, report } from '../options.ts';

type GenerateOptions = ModelOptions &
  ResultOptions &
  MemoryOptions & { readonly exact?: boolean; readonly prompt: number; readonly new: number };

const formats = { table: generationText, json: generationJson, csv: generationCsv, markdown: generationMarkdown, html: generationHtml };

export const addGenerate = (program: Command, io: Io): Command => {
  const command = program
    .command('generate <model...>')
    .description('count what it costs to go through a prompt, and to generate token by token after it')
    .addOption(countOption('--prompt <n>', 'positions of the prompt').makeOptionMandatory())
    .addOption(countOption('--new <n>', 'new tokens, which go through the model one by one').makeOptionMandatory())
    .addOption(choiceOption('--weights-dtype <type>', 'type of the weights, if not that of --dtype', Object.keys(WEIGHT_BITS)))
    .option(...EXACT);
  return addResultOptions(addModelOptions(addMemoryOptions(command)), formats).action((models: string[], options: GenerateOptions) => {
    const request = { prompt: options.prompt, new: options.new };
    report(generateReferences(models, request, options, io), formats, options, io);
  });
};
