import { type Convention, counterOf } from '../analysis/conventions/convention.ts';
import { readConvention } from '../analysis/conventions/file.ts';
import { conventionOf } from '../analysis/conventions/registry.ts';
import type { Analysis, Counter } from '../analysis/cost.ts';
import { parseReference, specOf } from '../library/reference.ts';
import { FlopwiseError } from '../problems/problem.ts';
import { isSpecPath } from '../spec/folder.ts';
import { parseSource } from '../spec/source.ts';
import type { Io } from './io.ts';
import { analyseAll, type ModelOptions } from './models.ts';

/** The conventions of a command line. Loaded only where one is asked for: `await import('../convention.ts')`. */

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

/** Counts models, and by the convention beside. */
export function analyseBy(text: string, models: readonly string[], options: ModelOptions, io: Io): Analysis[] {
  const { counter, models: asked } = conventionFor(text, models, io);
  return analyseAll(asked, options, io).map((analysis, index) => ({
    ...analysis,
    name: asked[index] === models[index] ? analysis.name : (asked[index] as string),
    counter,
  }));
}
