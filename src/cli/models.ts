import type { Command } from 'commander';
import { type Analysis, analyse } from '../analysis/cost.ts';
import type { Shape } from '../core/shape.ts';
import type { Graph } from '../graph/graph.ts';
import { openModel, parseReference, parseSettings, referencesOf } from '../library/reference.ts';
import { FlopwiseError, fail, type Problem, ProblemError } from '../problems/problem.ts';
import { withoutControls } from '../problems/text.ts';
import type { Settings } from '../spec/expand.ts';
import { attempt } from './attempt.ts';
import type { Io } from './io.ts';
import { countOption } from './options.ts';

/** The models that a command line names, and the options that say how to count them. */

export interface ModelOptions {
  readonly input?: readonly string[];
  readonly batch?: number;
  readonly set?: readonly string[];
  readonly dim?: readonly string[];
  readonly value?: readonly string[];
}

export const MODEL_HELP = `A model is the path of a .yaml, .yml, .json or .onnx file, a name of the zoo
(see "flopwise list"), the config.json of a published model or its
folder (./llama), a variant or block of a file: my.yaml#small, or a part of a
model: resnet50/conv3_x. A file with variants stands for all of them, and so
does a family: resnet. Values for parameters may follow:
bottleneck:d=128,stride=2; or sizes of dimensions: net.onnx:batch=1`;

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
    .addHelpText('after', `\n${MODEL_HELP}`);

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

/** `batch=1`; names of dimensions may have any sign. */
function parseDimension(text: string): [string, number] {
  const equals = text.lastIndexOf('=');
  const size = text.slice(equals + 1).trim();
  if (equals < 1 || !/^\d{1,15}$/.test(size))
    throw fail('WRONG_VALUE', { key: '--dim', value: text, expected: 'name=size with a whole number, as in batch=1' });
  return [text.slice(0, equals).trim(), Number(size)];
}

/** `k=5`, `sizes=32,48` or `use_cache=true` */
function parseGiven(text: string): [string, number[]] {
  const equals = text.lastIndexOf('=');
  const numbers = text
    .slice(equals + 1)
    .split(',')
    .map((word) => WORDS[word.trim()] ?? (NUMBER.test(word.trim()) ? Number(word) : Number.NaN));
  if (equals < 1 || numbers.some(Number.isNaN))
    throw fail('WRONG_VALUE', { key: '--value', value: text, expected: 'name=number, or numbers with a comma between them, as in k=5' });
  return [text.slice(0, equals).trim(), numbers];
}

const NUMBER = /^-?\d{1,15}(\.\d{1,15})?(e-?\d{1,3})?$/i;
const WORDS: Readonly<Partial<Record<string, number>>> = { true: 1, false: 0 };

export const settingsOf = ({ input, batch, set, dim, value }: ModelOptions): Settings => ({
  batch,
  input: input && Object.fromEntries(input.map(parseInput)),
  set: set && Object.fromEntries(set.flatMap(parseSettings)),
  dims: dim && Object.fromEntries(dim.map(parseDimension)),
  values: value && Object.fromEntries(value.map(parseGiven)),
});

/** The problems that an error tells of; any other error is a bug, and is thrown on. */
export function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof FlopwiseError) return error.problems;
  if (error instanceof ProblemError) return [error.problem];
  throw error;
}

/** Does the same for every model that was named. Throws the problems of all of them at once. */
export function forAll<T>(references: readonly string[], open: (reference: string) => T): T[] {
  const problems: Problem[] = [];
  const results = references.flatMap((reference) => {
    try {
      return [open(reference)];
    } catch (error) {
      problems.push(...problemsOf(error));
      return [];
    }
  });
  if (problems.length > 0) throw new FlopwiseError(problems);
  return results;
}

/** A reference to each model that was named: a file with variants, or a family, stands for all of them. */
export function eachOf(references: readonly string[], options: ModelOptions, io: Io): string[] {
  const { set } = settingsOf(options);
  // What cannot be read is reported when it is opened.
  return references.flatMap((text) => attempt(() => referencesOf(text, io.library, set)) ?? [text]);
}

/** Opens the models that were named. */
export function openAll(references: readonly string[], options: ModelOptions, io: Io): Graph[] {
  const settings = settingsOf(options);
  const graphs = forAll(references, (reference) => openModel(parseReference(reference), io.library, settings));
  for (const graph of graphs) io.opened?.(graph);
  return named(graphs, references);
}

/** Counts the models that were named. */
export const analyseAll = (references: readonly string[], options: ModelOptions, io: Io): Analysis[] =>
  openAll(references, options, io).map(analyse);

/** Models that have the same name, such as two settings of one, are called as they were asked for. */
export function named<M extends { readonly name: string; readonly source: string }>(
  models: readonly M[],
  references: readonly string[],
): M[] {
  const isTaken = (name: string, index: number) => models.some((other, place) => place !== index && other.name === name);
  return models.map((model, index) => ({
    ...model,
    name: withoutControls(isTaken(model.name, index) ? (references[index] as string) : model.name),
    source: withoutControls(model.source),
  }));
}
