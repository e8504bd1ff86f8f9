import type { Command } from 'commander';
import { type Generation, generate, type Opened, type Request } from '../../analysis/generation/generate.ts';
import { type MemoryOptions, WEIGHT_BITS } from '../../analysis/memory.ts';
import { parametersOf } from '../../library/parameters.ts';
import { expandFound, findModel, parseReference } from '../../library/reference.ts';
import { fail } from '../../problems/problem.ts';
import { generationCsv, generationJson, generationMarkdown, generationText } from '../../report/generation/generation.ts';
import { forAll, named } from '../../service/models.ts';
import type { Io } from '../io.ts';
import { addModelOptions, eachOf, type ModelOptions, settingsOf } from '../models.ts';
import { addMemoryOptions, addResultOptions, choiceOption, countOption, EXACT, type ResultOptions, report } from '../options.ts';

type GenerateOptions = ModelOptions &
  ResultOptions &
  MemoryOptions & { readonly exact?: boolean; readonly prompt: number; readonly new: number };

const formats = { table: generationText, json: generationJson, csv: generationCsv, markdown: generationMarkdown };

/** What the lengths of a run are called in a spec. */
const TOKENS = 'tokens';
const PAST = 'past';

/** The model with any lengths. What it computes from its parameters alone is found once. */
function opened(text: string, options: ModelOptions, io: Io): Opened {
  const reference = parseReference(text);
  const found = findModel(reference, io.library);
  const settings = settingsOf(options);
  const known = [...parametersOf(found).keys()];
  const missing = [TOKENS, PAST].filter((name) => !known.includes(name));
  if (missing.length > 0) throw fail('NO_STEPS', { model: text, missing, known });
  const set = { ...settings.set, ...reference.set };
  const twice = [TOKENS, PAST].find((name) => Object.hasOwn(set, name));
  if (twice !== undefined)
    throw fail('WRONG_VALUE', { key: twice, value: set[twice], expected: 'left to --prompt and --new, which say the lengths' });
  return (tokens, past) => expandFound(found, { ...reference, set: { ...set, tokens, past } }, settings);
}

export const addGenerate = (program: Command, io: Io): Command => {
  const command = program
    .command('generate <model...>')
    .description('count what it costs to go through a prompt, and to generate token by token after it')
    .addOption(countOption('--prompt <n>', 'positions of the prompt').makeOptionMandatory())
    .addOption(countOption('--new <n>', 'new tokens, which go through the model one by one').makeOptionMandatory())
    .addOption(choiceOption('--weights-dtype <type>', 'type of the weights, if not that of --dtype', Object.keys(WEIGHT_BITS)))
    .option(...EXACT);
  return addResultOptions(addModelOptions(addMemoryOptions(command)), formats).action((models: string[], options: GenerateOptions) => {
    const references = eachOf(models, options, io);
    const request: Request = { prompt: options.prompt, new: options.new };
    const all = forAll(references, (reference): Generation => generate(opened(reference, options, io), request, options));
    report(named(all, references), formats, options, io);
  });
};
