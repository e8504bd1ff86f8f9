import type { Command } from 'commander';
import { type Analysis, analyse } from '../analysis/cost.ts';
import { FlopwiseError, fail, type Problem, ProblemError } from '../core/problem.ts';
import type { Shape } from '../core/shape.ts';
import { withoutControls } from '../core/text.ts';
import type { Graph } from '../graph/graph.ts';
import type { Settings } from '../spec/expand.ts';
import { openModel, parseReference, parseSetting } from '../spec/reference.ts';
import type { Io } from './io.ts';
import { countOption } from './options.ts';

/** The models that a command line names, and the options that say how to count them. */

export interface ModelOptions {
  readonly input?: readonly string[];
  readonly batch?: number;
  readonly set?: readonly string[];
}

export const MODEL_HELP = `A model is the path of a .yaml, .yml or .json file, a name of the zoo (see
"flopwise list"), or a part of a file: my.yaml#block. Values for its parameters
may follow: bottleneck:d=128,stride=2`;

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

export const addModelOptions = (command: Command): Command =>
  command
    .option('--input <shape>', 'shape of the input without the batch, as in 3x224x224; name=shape where there are several', collect)
    .addOption(countOption('--batch <n>', 'number of inputs in a batch'))
    .option('--set <name=value>', "a value for one of the model's parameters, as in classes=10; may be repeated", collect)
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

const settingsOf = ({ input, batch, set }: ModelOptions): Settings => ({
  batch,
  input: input && Object.fromEntries(input.map(parseInput)),
  set: set && Object.fromEntries(set.map(parseSetting)),
});

/** The problems that an error tells of; any other error is a bug, and is thrown on. */
export function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof FlopwiseError) return error.problems;
  if (error instanceof ProblemError) return [error.problem];
  throw error;
}

/** Opens the models that were named. Throws the problems of all of them at once. */
export function openAll(references: readonly string[], options: ModelOptions, io: Io): Graph[] {
  const settings = settingsOf(options);
  const problems: Problem[] = [];
  const graphs = references.flatMap((reference) => {
    try {
      return [openModel(parseReference(reference), io.library, settings)];
    } catch (error) {
      problems.push(...problemsOf(error));
      return [];
    }
  });
  if (problems.length > 0) throw new FlopwiseError(problems);
  return named(graphs, references);
}

/** Counts the models that were named. Throws the problems of all of them at once. */
export const analyseAll = (references: readonly string[], options: ModelOptions, io: Io): Analysis[] =>
  openAll(references, options, io).map(analyse);

/** Models that have the same name, such as two settings of one, are called as they were asked for. */
function named(graphs: readonly Graph[], references: readonly string[]): Graph[] {
  const isTaken = (name: string, index: number) => graphs.some((other, place) => place !== index && other.name === name);
  return graphs.map((graph, index) => ({
    ...graph,
    name: withoutControls(isTaken(graph.name, index) ? (references[index] as string) : graph.name),
    source: withoutControls(graph.source),
  }));
}
