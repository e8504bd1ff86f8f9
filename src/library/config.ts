import * as z from 'zod/mini';
import { once } from '../core/once.ts';
import { GROWTHS, type Growth } from '../language/budget.ts';
import { glob } from '../language/glob.ts';
import type { Limit } from '../language/limit.ts';
import { described, optional } from '../operators/kit/attributes.ts';
import type { Position, ProblemList } from '../problems/problem.ts';
import { readBudget } from '../spec/budget.ts';
import { budgetSchema } from '../spec/budget-schema.ts';
import { checkKeys, isObject, Report } from '../spec/check.ts';
import { type Location, parseSource } from '../spec/source.ts';

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

const schema = once(() =>
  z.strictObject({
    $schema: optional(described(z.string(), 'a text')),
    models: optional(described(z.array(z.string()).check(z.minLength(1)), 'a list of files and patterns, as in [nets/**/*.yaml]')),
    budget: optional(budgetSchema()),
    budgets: optional(described(z.record(z.string(), budgetSchema()), 'names of models or patterns of files, with budgets')),
    baseline: optional(described(z.string(), 'the path of a file that "flopwise check --update" writes')),
    growth: optional(described(z.enum(GROWTHS), GROWTHS.join(', '))),
  }),
);

/** Reads a configuration; what is wrong with it goes to `problems`. Nothing, where a package.json has none. */
export function readConfig(file: string, text: string, problems: ProblemList): CheckConfig | undefined {
  const isPackage = PACKAGE.test(file);
  if (isPackage && !text.includes(`"${PACKAGE_KEY}"`)) return undefined;
  const { source, problems: broken } = parseSource(file, text);
  for (const problem of broken)
    problems.add(problem.code === 'FILE_EMPTY' ? { ...problem, code: 'CONFIG_EMPTY', data: { path: file } } : problem);
  const raw = isPackage && isObject(source.value) ? source.value[PACKAGE_KEY] : source.value;
  if (raw === undefined) return undefined;
  const report = new Report(source, problems);
  const base: Location = isPackage ? [PACKAGE_KEY] : [];
  if (!isObject(raw)) {
    report.add('WRONG_VALUE', { key: file, value: raw, expected: 'a map of keys such as "models:" and "budget:"' }, base);
    return undefined;
  }
  checkKeys(report, () => schema().shape, raw, base, 'the configuration');
  const at = (...location: Location) => [...base, ...location];
  const pattern = (text: string, location: Location, target: 'key' | 'value'): ConfigPattern => ({
    pattern: text,
    locate: () => source.locate(location, target),
  });
  /** The pattern, if it is one that can be compared with paths. */
  const checked = (text: string, location: Location): boolean => report.attempt(location, () => glob(text)) !== undefined;
  const models = Array.isArray(raw.models) ? raw.models : [];
  return {
    file,
    models: models.flatMap((text, index) =>
      typeof text === 'string' && checked(text, at('models', index)) ? [pattern(text, at('models', index), 'value')] : [],
    ),
    budget: readBudget(report, raw.budget, at('budget'), file),
    budgets: Object.entries(isObject(raw.budgets) ? raw.budgets : {})
      .filter(([name]) => checked(name, at('budgets', name)))
      .map(([name, value]) => ({
        ...pattern(name, at('budgets', name), 'key'),
        limits: readBudget(report, value, at('budgets', name), file),
      })),
    baseline: typeof raw.baseline === 'string' ? raw.baseline : undefined,
    growth: GROWTHS.find((growth) => growth === raw.growth),
  };
}
