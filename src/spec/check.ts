import * as z from 'zod/mini';
import type { Problem, ProblemError } from '../core/problem.ts';
import type { ProblemCode, ProblemData } from '../core/sentences.ts';
import { descriptionOf, isRequired } from '../operators/attributes.ts';
import { isExpression } from './expression.ts';
import type { Location, Source, Target } from './source.ts';

/** Collects the problems of one file. */
export class Report {
  readonly source: Source;
  readonly problems: Problem[];

  constructor(source: Source, problems: Problem[]) {
    this.source = source;
    this.problems = problems;
  }

  add<C extends ProblemCode>(code: C, data: ProblemData[C], location: Location, target: Target = 'value'): void {
    this.problems.push({ code, data, position: this.source.locate(location, target) } as Problem);
  }

  /** Runs something that may throw a problem; reports that at the location. */
  attempt<T>(location: Location, run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      const problem = (error as ProblemError).problem;
      if (problem === undefined) throw error;
      this.problems.push({ ...problem, position: this.source.locate(location, 'value') });
      return undefined;
    }
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether any text in the value is an expression, so that it can be checked only once parameters have values. */
export function dependsOnValues(value: unknown): boolean {
  if (typeof value === 'string') return isExpression(value);
  if (Array.isArray(value)) return value.some(dependsOnValues);
  return false;
}

const WRAPPERS: ReadonlySet<string> = new Set(['optional', 'default', 'nullable']);

/** The schema inside `optional`, `nullable` and defaults. */
const unwrapped = (schema: z.core.$ZodType): z.core.$ZodType => {
  const def = schema._zod.def as { type: string; innerType?: z.core.$ZodType };
  return WRAPPERS.has(def.type) && def.innerType !== undefined ? unwrapped(def.innerType) : schema;
};

/** Checks one value against its schema, and reports each problem inside it. Returns whether there was none. */
export function checkValue(report: Report, schema: z.core.$ZodType, value: unknown, location: Location): boolean {
  const inner = unwrapped(schema);
  const key = String(location.at(-1) ?? report.source.file);
  const expected = descriptionOf(inner) ?? 'something else';
  if (inner instanceof z.ZodMiniObject && isObject(value)) return checkKeys(report, inner.shape, value, location, `"${key}"`);
  if (inner instanceof z.ZodMiniRecord && isObject(value)) return checkEntries(report, inner, value, location);
  if (z.safeParse(schema, value).success) return true;
  report.add('WRONG_VALUE', { key, value, expected }, location);
  return false;
}

function checkEntries(report: Report, schema: z.ZodMiniRecord, value: Record<string, unknown>, location: Location): boolean {
  const { keyType, valueType } = schema._zod.def;
  let good = true;
  for (const [name, entry] of Object.entries(value)) {
    if (z.safeParse(keyType, name).success) good = checkValue(report, valueType, entry, [...location, name]) && good;
    else {
      report.add('BAD_NAME', { name, expected: descriptionOf(keyType) ?? 'another' }, [...location, name], 'key');
      good = false;
    }
  }
  return good;
}

/** Checks the keys of an object one by one; `owner` names it in messages. Returns whether all are good. */
export function checkKeys(
  report: Report,
  shape: Readonly<Record<string, z.core.$ZodType>>,
  value: Readonly<Record<string, unknown>>,
  location: Location,
  owner: string,
): boolean {
  const known = Object.keys(shape);
  let good = true;
  for (const [key, part] of Object.entries(value)) {
    const schema = Object.hasOwn(shape, key) ? (shape[key] as z.core.$ZodType) : undefined;
    if (schema === undefined) report.add('UNKNOWN_KEY', { key, owner, known }, [...location, key], 'key');
    else if (dependsOnValues(part) || checkValue(report, schema, part, [...location, key])) continue;
    good = false;
  }
  for (const [key, schema] of Object.entries(shape)) {
    if (key in value || !isRequired(schema)) continue;
    report.add('MISSING_KEY', { key, owner, expected: descriptionOf(schema) ?? 'a value' }, location, 'key');
    good = false;
  }
  return good;
}
