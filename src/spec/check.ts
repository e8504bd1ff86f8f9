import * as z from 'zod/mini';
import { isExpression } from '../language/expression.ts';
import { descriptionOf, isRequired, unwrapped } from '../operators/kit/attributes.ts';
import type { Problem, ProblemList } from '../problems/problem.ts';
import type { ProblemCode, ProblemData } from '../problems/sentences.ts';
import type { Location, Source, Target } from './source.ts';

/** Collects the problems of one file. */
export class Report {
  readonly source: Source;
  readonly problems: ProblemList;

  constructor(source: Source, problems: ProblemList) {
    this.source = source;
    this.problems = problems;
  }

  add<C extends ProblemCode>(code: C, data: ProblemData[C], location: Location, target: Target = 'value'): void {
    this.problems.add({ code, data, position: this.source.locate(location, target) } as Problem);
  }

  /** Runs something that may throw a problem; reports that at the location. */
  attempt<T>(location: Location, run: () => T): T | undefined {
    return this.problems.attempt(run, () => this.source.locate(location, 'value'));
  }
}

export type Keys = Readonly<Record<string, unknown>>;
/** Schemas by key. They take long to make, so a source that was checked before does without. */
export type Schemas = Readonly<Record<string, z.core.$ZodType>>;

export const isObject = (value: unknown): value is Keys => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether any text in the value is an expression, so that it can be checked only once parameters have values. */
export function dependsOnValues(value: unknown): boolean {
  if (typeof value === 'string') return isExpression(value);
  if (Array.isArray(value)) return value.some(dependsOnValues);
  return false;
}

const expectation = (schema: z.core.$ZodType): string => descriptionOf(schema) ?? 'something else';

/** Checks one value against its schema, and reports each problem inside it. Returns whether there was none. */
export function checkValue(report: Report, schema: z.core.$ZodType, value: unknown, location: Location): boolean {
  const inner = unwrapped(schema);
  const key = String(location.at(-1));
  if (inner instanceof z.ZodMiniObject && isObject(value)) {
    const good = checkKeys(report, () => inner.shape, value, location, `"${key}"`);
    return good !== undefined && Object.keys(good).length === Object.keys(value).length;
  }
  if (inner instanceof z.ZodMiniRecord && isObject(value)) return checkEntries(report, inner, value, location);
  if (z.safeParse(schema, value).success) return true;
  report.add('WRONG_VALUE', { key, value, expected: expectation(inner) }, location);
  return false;
}

function checkEntries(report: Report, schema: z.ZodMiniRecord, value: Keys, location: Location): boolean {
  const { keyType, valueType } = schema._zod.def;
  let good = true;
  for (const [name, entry] of Object.entries(value)) {
    if (z.safeParse(keyType, name).success) good = checkValue(report, valueType, entry, [...location, name]) && good;
    else {
      report.add('BAD_NAME', { name, expected: expectation(keyType) }, [...location, name], 'key');
      good = false;
    }
  }
  return good;
}

/**
 * Checks the keys of an object one by one; `owner` names it in messages. Returns the keys that are good,
 * so that the rest can be looked at too, or nothing where a required key is missing or wrong.
 */
export function checkKeys(
  report: Report,
  schemasOf: () => Schemas,
  value: Keys,
  location: Location,
  owner: string,
  check: typeof checkValue = checkValue,
): Keys | undefined {
  if (report.source.isChecked) return value;
  const schemas = schemasOf();
  const good: Record<string, unknown> = Object.create(null);
  for (const [key, part] of Object.entries(value)) {
    const schema = Object.hasOwn(schemas, key) ? (schemas[key] as z.core.$ZodType) : undefined;
    if (schema === undefined) report.add('UNKNOWN_KEY', { key, owner, known: Object.keys(schemas) }, [...location, key], 'key');
    else if (check(report, schema, part, [...location, key])) good[key] = part;
  }
  let isComplete = true;
  for (const [key, schema] of Object.entries(schemas)) {
    if (key in good || !isRequired(schema)) continue;
    if (!(key in value)) report.add('MISSING_KEY', { key, owner, expected: expectation(schema) }, location, 'key');
    isComplete = false;
  }
  return isComplete ? good : undefined;
}

/** The same where values may be expressions: what depends on parameters is checked once these have values. */
export const checkAttributes = (report: Report, schemas: () => Schemas, value: Keys, location: Location, owner: string): Keys | undefined =>
  checkKeys(
    report,
    schemas,
    value,
    location,
    owner,
    (...[, schema, part, place]) => dependsOnValues(part) || checkValue(report, schema, part, place),
  );
