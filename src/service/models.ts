import { type Analysis, analyse } from '../analysis/cost.ts';
import type { Shape } from '../core/shape.ts';
import type { Graph } from '../graph/graph.ts';
import { type Library, openModel, parseReference, parseSettings, referencesOf } from '../library/reference.ts';
import { FlopwiseError, fail, type Problem, ProblemError } from '../problems/problem.ts';
import { withoutControls } from '../problems/text.ts';
import type { Settings } from '../spec/expand.ts';
import { attempt } from './attempt.ts';

/** Models by what a person calls them, and how they are to be counted: the same for the command line and the page. */

/** Where models are looked up, and who hears of those that are counted. */
export interface Models {
  readonly library: Library;
  /** Told of each model that is counted. */
  opened?(graph: Graph): void;
}

export interface ModelOptions {
  readonly input?: readonly string[];
  readonly batch?: number;
  readonly set?: readonly string[];
  readonly dim?: readonly string[];
  readonly value?: readonly string[];
}

/** Sizes that a count can have. */
const MOST = 1e15;
const MOST_DIGITS = /^\d{1,16}$/;

/** A comma between a setting and the next; others are between sizes or numbers. */
const BETWEEN = /,(?=[^,=]+=)/;

/** Settings of an option, which may be given several times, and each time with several of them. */
const entries = <T>(texts: readonly string[] | undefined, parse: (text: string) => [string, T]): Record<string, T> | undefined =>
  texts && Object.fromEntries(texts.flatMap((text) => text.split(BETWEEN)).map(parse));

/** `3x224x224`, `3×224×224` or `3,224,224` */
function parseShape(text: string): Shape {
  const sizes = text.split(/[x×,]/i).map((size) => size.trim());
  if (!sizes.every((size) => MOST_DIGITS.test(size) && Number(size) > 0 && Number(size) <= MOST))
    throw fail('WRONG_VALUE', {
      key: '--input',
      value: text,
      expected: 'whole numbers from 1 to 10^15 with an x between them, as in 3x224x224',
    });
  return sizes.map(Number);
}

function parseInput(text: string): [string, Shape] {
  const equals = text.indexOf('=');
  return equals < 0 ? ['input', parseShape(text)] : [text.slice(0, equals).trim(), parseShape(text.slice(equals + 1))];
}

/** `batch=1`; names of dimensions may have any sign. */
function parseDimension(text: string): [string, number] {
  const equals = text.lastIndexOf('=');
  const size = text.slice(equals + 1).trim();
  if (equals < 1 || !MOST_DIGITS.test(size) || Number(size) > MOST)
    throw fail('WRONG_VALUE', { key: '--dim', value: text, expected: 'name=size with a whole number up to 10^15, as in batch=1' });
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
  input: entries(input, parseInput),
  set: set && Object.fromEntries(set.flatMap((text) => parseSettings(text))),
  dims: entries(dim, parseDimension),
  values: entries(value, parseGiven),
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
export function eachOf(references: readonly string[], options: ModelOptions, models: Models): string[] {
  const { set } = settingsOf(options);
  // What cannot be read is reported when it is opened.
  return references.flatMap((text) => attempt(() => referencesOf(text, models.library, set)) ?? [text]);
}

/** Opens the models that were named. */
export function openAll(references: readonly string[], options: ModelOptions, models: Models): Graph[] {
  const settings = settingsOf(options);
  const graphs = forAll(references, (reference) => openModel(parseReference(reference), models.library, settings));
  for (const graph of graphs) models.opened?.(graph);
  return named(graphs, references);
}

/** Counts the models that were named. */
export const analyseAll = (references: readonly string[], options: ModelOptions, models: Models): Analysis[] =>
  openAll(references, options, models).map(analyse);

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
