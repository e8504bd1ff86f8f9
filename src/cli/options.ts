import { type Command, Option } from 'commander';
import type { Analysis } from '../analysis/cost.ts';
import { analyse } from '../analysis/cost.ts';
import { ELEMENT_BYTES } from '../analysis/memory.ts';
import { fail } from '../core/problem.ts';
import type { Shape } from '../core/shape.ts';
import type { Settings } from '../spec/expand.ts';
import { openModel, parseReference, parseSetting } from '../spec/reference.ts';
import type { Io } from './io.ts';

/** Options that several commands share, and what they mean. */

export interface ModelOptions {
  readonly input?: readonly string[];
  readonly batch?: number;
  readonly set?: readonly string[];
}

export interface OutputOptions {
  readonly output?: string;
}

export const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** A whole number of at least 1, of a size that a count can have. */
export function positiveNumber(option: string, text: string): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (value < 1) throw fail('WRONG_VALUE', { key: option, value: text, expected: 'a whole number of at least 1' });
  return value;
}

const positiveOption = (option: string) => (text: string) => positiveNumber(option, text);

export const addModelOptions = (command: Command): Command =>
  command
    .option('--input <shape>', 'shape of the input without the batch, e.g. 3x224x224; name=shape where there are several', collect)
    .option('--batch <n>', 'number of inputs in a batch', positiveOption('--batch'))
    .option('--set <name=value>', "a value for one of the model's parameters, e.g. classes=10; may be repeated", collect);

export const addOutputOption = (command: Command): Command => command.option('--output <file>', 'write to a file in place of the terminal');

export const formatOption = (formats: readonly string[]): Option =>
  new Option('--format <format>', 'how the result is written').choices([...formats]).default('table');

/** How memory is counted. */
export const dtypeOption = (): Option =>
  new Option('--dtype <type>', 'type of every element in memory').choices(Object.keys(ELEMENT_BYTES)).default('fp32');

export const inplaceOption = (): Option =>
  new Option('--inplace', 'let layers that work element by element write over an input that nothing reads later').default(false);

export const countOption = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(positiveOption(flags.split(' ')[0] as string));

/** `3x224x224`, `3×224×224` or `3,224,224` */
function parseShape(text: string): Shape {
  const sizes = text.split(/[x×,]/i).map((size) => size.trim());
  if (!sizes.every((size) => /^\d{1,15}$/.test(size) && Number(size) > 0))
    throw fail('WRONG_VALUE', {
      key: '--input',
      value: text,
      expected: 'whole numbers of at least 1 with an x between them, as in 3x224x224',
    });
  return sizes.map(Number);
}

function parseInput(text: string): [string, Shape] {
  const equals = text.indexOf('=');
  return equals < 0 ? ['input', parseShape(text)] : [text.slice(0, equals), parseShape(text.slice(equals + 1))];
}

export const settingsOf = ({ input, batch, set }: ModelOptions): Settings => ({
  batch,
  input: input && Object.fromEntries(input.map(parseInput)),
  set: set && Object.fromEntries(set.map(parseSetting)),
});

/** Counts the models that were named. Throws the first's problems; a spec's own come all at once. */
export const analyseAll = (models: readonly string[], options: ModelOptions, io: Io): Analysis[] => {
  const settings = settingsOf(options);
  return models.map((model) => analyse(openModel(parseReference(model), io.library, settings)));
};

/** Puts a result where it was asked to go. */
export function deliver(text: string, { output }: OutputOptions, io: Io): void {
  if (output === undefined) io.stdout(`${text}\n`);
  else io.writeFile(output, `${text}\n`, true);
}
