import { type Generation, generate, type Opened, type Request } from '../analysis/generation/generate.ts';
import type { MemoryOptions } from '../analysis/memory.ts';
import { parametersOf } from '../library/parameters.ts';
import { expandFound, type FoundModel, findModel, parseReference } from '../library/reference.ts';
import { fail } from '../problems/problem.ts';
import { eachOf, forAll, type ModelOptions, type Models, named, settingsOf } from './models.ts';

/** Prompts and steps of models that are named. */

/** What the lengths of a run are called in a spec. */
const TOKENS = 'tokens';
const PAST = 'past';

/** The parameters that say how long a run is, as far as a model lacks them: without them it has no steps. */
export function missingLengths(found: FoundModel): string[] {
  const known = parametersOf(found);
  return [TOKENS, PAST].filter((name) => !known.has(name));
}

/** The model with any lengths. What it computes from its parameters alone is found once. */
function opened(text: string, options: ModelOptions, { library }: Models): Opened {
  const reference = parseReference(text);
  const found = findModel(reference, library);
  const settings = settingsOf(options);
  const missing = missingLengths(found);
  if (missing.length > 0) throw fail('NO_STEPS', { model: text, missing, known: [...parametersOf(found).keys()] });
  const set = { ...settings.set, ...reference.set };
  const twice = [TOKENS, PAST].find((name) => Object.hasOwn(set, name));
  if (twice !== undefined)
    throw fail('WRONG_VALUE', { key: twice, value: set[twice], expected: 'left to --prompt and --new, which say the lengths' });
  return (tokens, past) => expandFound(found, { ...reference, set: { ...set, tokens, past } }, settings);
}

/** What it costs each of the models to go through a prompt, and to generate after it. */
export function generateReferences(
  references: readonly string[],
  request: Request,
  options: ModelOptions & MemoryOptions,
  models: Models,
): Generation[] {
  const all = eachOf(references, options, models);
  return named(
    forAll(all, (reference) => generate(opened(reference, options, models), request, options)),
    all,
  );
}
