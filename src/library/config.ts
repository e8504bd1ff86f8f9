import * as z from 'zod/mini';
import { GROWTHS, type Growth } from '../language/budget.ts';
import { glob } from '../language/glob.ts';
import type { Limit } from '../language/limit.ts';
import type { Position, ProblemList } from '../problems/problem.ts';
import { notEmpty } from '../schema/not-empty.ts';
import { FileProblems, type Location, parse } from '../schema/parse.ts';
import { about, BROKEN, described, named } from '../schema/words.ts';
import { readBudget } from '../spec/budget.ts';
import { budgetSchema } from '../spec/budget-schema.ts';
import { parseSource } from '../spec/source.ts';

/** What `flopwise check` checks where a call does not say, and against what: flopwise.config.yaml. */

/** Where the configuration may stand, the first that is there; that of package.json under a key. */
export const CONFIG_FILES = ['flopwise.config.yaml', 'flopwise.config.yml', 'flopwise.config.json', 'package.json'] as const;
const PACKAGE = /(^|[/\\])package\.json$/;
const PACKAGE_KEY = 'flopwise';

/** A pattern of the configuration, and where it stands. */
export interface ConfigPattern {
  readonly pattern: string;
  readonly locate: () => Position;
}

export interface CheckConfig {
  readonly file: string;
  /** Files, patterns of files, and names of the zoo; one that begins with "!" leaves files out. */
  readonly models: readonly ConfigPattern[];
  /** Limits of every model. */
  readonly budget: readonly Limit[];
  /** Limits of some models: of a name, or of files that fit a pattern. */
  readonly budgets: readonly (ConfigPattern & { readonly limits: readonly Limit[] })[];
  readonly baseline: string | undefined;
  readonly growth: Growth | undefined;
}

const optional = z.optional;

const configSchema = named(
  described(
    z.strictObject({
      $schema: optional(described(z.string(), 'a text')),
      models: about(
        optional(described(z.array(z.string()).check(notEmpty()), 'a list of files and patterns, as in [nets/**/*.yaml]')),
        'What is checked where a call names no models.',
      ),
      budget: about(optional(budgetSchema), 'Limits of every model.'),
      budgets: about(
        optional(described(z.record(z.string(), budgetSchema), 'names of models or patterns of files, with budgets')),
        'Limits of some models.',
      ),
      baseline: about(
        optional(described(z.string(), 'the path of a file that "flopwise check" writes as a baseline')),
        'What models are compared with.',
      ),
      growth: about(optional(described(z.enum(GROWTHS), GROWTHS.join(', '))), 'What to do about growth that no budget covers.'),
    }),
    'a map of keys such as "models:" and "budget:"',
  ),
  'the configuration',
);

/** Where a package.json may hold a configuration. */
const packageSchema = z.object({ [PACKAGE_KEY]: optional(configSchema) });

/** Reads a configuration; what is wrong with it goes to `problems`. Nothing, where a package.json has none. */
export function readConfig(file: string, text: string, problems: ProblemList): CheckConfig | undefined {
  const isPackage = PACKAGE.test(file);
  if (isPackage && !text.includes(`"${PACKAGE_KEY}"`)) return undefined;
  const { source, problems: broken } = parseSource(file, text);
  for (const problem of broken)
    problems.add(problem.code === 'FILE_EMPTY' ? { ...problem, code: 'CONFIG_EMPTY', data: { path: file } } : problem);
  if (source.value === undefined) return undefined;
  const report = new FileProblems(source, problems);
  const raw = isPackage ? configOf(parse(packageSchema, report)) : parse(configSchema, report);
  if (raw === undefined || raw === BROKEN) return undefined;
  const at = (...location: Location) => [...(isPackage ? [PACKAGE_KEY] : []), ...location];
  const pattern = (text: string, location: Location, target: 'key' | 'value'): ConfigPattern => ({
    pattern: text,
    locate: () => source.locate(location, target),
  });
  /** Whether it is a pattern that can be compared with paths. */
  const isPattern = (text: string, location: Location): boolean => report.attempt(location, () => glob(text)) !== undefined;
  const { models = [], budget = {}, budgets = {}, baseline, growth } = raw;
  return {
    file,
    models: models.flatMap((text, index) => {
      const location = at('models', index);
      return isPattern(text, location) ? [pattern(text, location, 'value')] : [];
    }),
    budget: readBudget(report, budget, at('budget'), file),
    budgets: Object.entries(budgets).flatMap(([name, value]) => {
      const location = at('budgets', name);
      return isPattern(name, location) ? [{ ...pattern(name, location, 'key'), limits: readBudget(report, value, location, file) }] : [];
    }),
    baseline,
    growth,
  };
}

const configOf = (keys: z.output<typeof packageSchema> | typeof BROKEN) => (keys === BROKEN ? BROKEN : keys[PACKAGE_KEY]);
