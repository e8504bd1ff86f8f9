import type { Command } from 'commander';
import { type Convention, counterOf } from '../analysis/conventions/convention.ts';
import { readConvention } from '../analysis/conventions/file.ts';
import { conventionOf } from '../analysis/conventions/registry.ts';
import type { Analysis, Counter } from '../analysis/cost.ts';
import { parseReference, specOf } from '../library/reference.ts';
import { FlopwiseError } from '../problems/problem.ts';
import { isSpecPath } from '../spec/folder.ts';
import { parseSource } from '../spec/source.ts';
import type { Io } from './io.ts';
import { analyseAll, eachOf, type ModelOptions } from './models.ts';

/** The conventions of a command line. */

export interface ConventionOptions {
  readonly convention?: string;
}

export const addConventionOption = (command: Command): Command =>
  command.option('--convention <name>', 'add a column counted by this convention: a name ("flopwise conventions") or a file of your own');

/** The convention of a name, or of a file of one's own. */
export function openConvention(text: string, io: Io): Convention {
  if (!isSpecPath(text)) return conventionOf(text);
  const { folder, path } = io.library.open(text);
  const { source, problems } = parseSource(`${folder.prefix}${path}`, folder.read(path));
  if (problems.length > 0) throw new FlopwiseError(problems);
  return readConvention(source);
}

/** How a person would name the network of the paper, `resnet50:stride_at=1x1`, where it is another than the one named. */
function paperReference(model: string, io: Io): string {
  const reference = parseReference(model);
  const spec = specOf(reference, io.library);
  const added = [...(spec?.paper ?? [])].filter(([name]) => !Object.hasOwn(reference.set, name)).map(([name, value]) => `${name}=${value}`);
  return added.length === 0 ? model : `${model}${Object.keys(reference.set).length === 0 ? ':' : ','}${added.join(',')}`;
}

/** A convention that was asked for: what counts by it, and the models as it understands them. */
export interface AskedConvention {
  readonly counter: Counter;
  readonly models: readonly string[];
}

export function conventionFor(text: string, models: readonly string[], io: Io): AskedConvention {
  const convention = openConvention(text, io);
  const isPaper = convention.network === 'paper';
  return { counter: counterOf(convention), models: isPaper ? models.map((model) => paperReference(model, io)) : models };
}

/** Counts the models that were named; by a convention too where one is asked for. */
export function analyseAsAsked(references: readonly string[], options: ModelOptions & ConventionOptions, io: Io): Analysis[] {
  const models = eachOf(references, options, io);
  if (options.convention === undefined) return analyseAll(models, options, io);
  const { counter, models: asked } = conventionFor(options.convention, models, io);
  return analyseAll(asked, options, io).map((analysis, index) => ({
    ...analysis,
    name: asked[index] === models[index] ? analysis.name : (asked[index] as string),
    counter,
  }));
}
