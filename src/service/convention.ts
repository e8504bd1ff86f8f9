import { type Convention, counterOf } from '../analysis/conventions/convention.ts';
import { readConvention } from '../analysis/conventions/file.ts';
import { conventionOf } from '../analysis/conventions/registry.ts';
import type { Analysis, Counter } from '../analysis/cost.ts';
import { parseReference, specOf } from '../library/reference.ts';
import { FlopwiseError } from '../problems/problem.ts';
import { isSpecPath } from '../spec/folder.ts';
import { parseSource } from '../spec/source.ts';
import { analyseAll, eachOf, type ModelOptions, type Models } from './models.ts';

/** Models counted by a convention. */

export interface ConventionOptions {
  readonly convention?: string;
}

/** The convention of a name, or of a file of one's own. */
export function openConvention(text: string, { library }: Models): Convention {
  if (!isSpecPath(text)) return conventionOf(text);
  const { folder, path } = library.open(text);
  const { source, problems } = parseSource(`${folder.prefix}${path}`, folder.read(path));
  if (problems.length > 0) throw new FlopwiseError(problems);
  return readConvention(source);
}

/** How a person would name the network of the paper, `resnet50:stride_at=1x1`, where it is another than the one named. */
function paperReference(model: string, models: Models): string {
  const reference = parseReference(model);
  const spec = specOf(reference, models.library);
  const added = [...(spec?.paper ?? [])].filter(([name]) => !Object.hasOwn(reference.set, name)).map(([name, value]) => `${name}=${value}`);
  return added.length === 0 ? model : `${model}${Object.keys(reference.set).length === 0 ? ':' : ','}${added.join(',')}`;
}

/** A convention that was asked for: what counts by it, and the models as it understands them. */
export interface AskedConvention {
  readonly counter: Counter;
  readonly models: readonly string[];
}

export function conventionFor(text: string, models: readonly string[], known: Models): AskedConvention {
  const convention = openConvention(text, known);
  const isPaper = convention.network === 'paper';
  return { counter: counterOf(convention), models: isPaper ? models.map((model) => paperReference(model, known)) : models };
}

/** Counts the models that were named; by a convention too where one is asked for. */
export function analyseAsAsked(references: readonly string[], options: ModelOptions & ConventionOptions, models: Models): Analysis[] {
  const each = eachOf(references, options, models);
  if (options.convention === undefined) return analyseAll(each, options, models);
  const { counter, models: asked } = conventionFor(options.convention, each, models);
  return analyseAll(asked, options, models).map((analysis, index) => ({
    ...analysis,
    name: asked[index] === each[index] ? analysis.name : (asked[index] as string),
    counter,
  }));
}
