import * as z from 'zod/mini';
import { fail, type Position, type Problem, type ProblemList } from '../problems/problem.ts';
import type { ProblemCode, ProblemData } from '../problems/sentences.ts';
import { BROKEN, isRequired, named, unwrapped, wordsOf } from './words.ts';

/** Where in a file: keys and indices from its root. */
export type Location = readonly (string | number)[];

/** What to point at: a key, or the value behind it. */
export type Target = 'key' | 'value';

/** The text of a file, parsed: a plain value, and the position of each of its parts. */
export interface Source {
  readonly file: string;
  /** `undefined` where the text as a whole is broken. */
  readonly value: unknown;
  /** Its keys and values were found to be good before; what they refer to may not be. */
  readonly isChecked?: boolean;
  locate(location: Location, target: Target): Position;
}

/** Collects the problems of one file. */
export class FileProblems {
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

type Schema = z.core.$ZodType;
type Def = { readonly [K in z.core.$ZodTypes as K['_zod']['def']['type']]: K['_zod']['def'] };
type Key = string | number;

/** By kind of schema, the one that stands for what is at a key or index. */
const INSIDE: { readonly [K in keyof Def]?: (def: Def[K], step: Key) => Schema | undefined } = {
  object: ({ shape, catchall }, step) => (Object.hasOwn(shape, step) ? shape[step] : typeof step === 'string' ? catchall : undefined),
  record: ({ valueType }, step) => (typeof step === 'string' ? valueType : undefined),
  array: ({ element }, step) => (typeof step === 'number' ? element : undefined),
  union: ({ options }, step) => {
    for (const option of options) {
      const found = inside(option, step);
      if (found !== undefined) return found;
    }
    return undefined;
  },
};

/** The schema without wrappers. */
function bare(schema: Schema): Schema {
  const inner = unwrapped(schema);
  const { def } = inner._zod as z.core.$ZodLazy['_zod'];
  return def.type === 'lazy' ? bare(def.getter()) : inner;
}

function inside(schema: Schema, step: Key): Schema | undefined {
  const { def } = bare(schema)._zod as z.core.$ZodTypes['_zod'];
  const find = INSIDE[def.type] as ((def: unknown, step: Key) => Schema | undefined) | undefined;
  return find?.(def, step);
}

/** The schemas on the way to a location: of the whole, and of each part around it as far as there are any. */
function schemasTo(root: Schema, location: Location): Schema[] {
  const schemas = [root];
  for (const step of location) {
    const found = inside(schemas.at(-1) as Schema, step);
    if (found === undefined) break;
    schemas.push(found);
  }
  return schemas;
}

/** The schema of an object among the alternatives of another. */
function objectIn(schema: Schema): z.core.$ZodObject | undefined {
  const { def } = bare(schema)._zod as z.core.$ZodTypes['_zod'];
  if (def.type === 'object') return bare(schema) as z.core.$ZodObject;
  if (def.type !== 'union') return undefined;
  for (const option of def.options) {
    const found = objectIn(option);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isContainer = (value: unknown): value is Readonly<Record<Key, unknown>> => typeof value === 'object' && value !== null;

function valueAt(value: unknown, location: Location): unknown {
  let part = value;
  for (const step of location) part = isContainer(part) && Object.hasOwn(part, step) ? part[step] : undefined;
  return part;
}

type Issue = z.core.$ZodIssue;

/** Whether the issue is a key of an object that is not there. */
function isMissing({ path }: Issue, value: unknown): boolean {
  const [around, key] = [valueAt(value, path.slice(0, -1) as Location), path.at(-1)];
  return typeof key === 'string' && isContainer(around) && !Object.hasOwn(around, key);
}

/**
 * Of the issues of alternatives, those of the one that was meant: of which the value is of the right type at all, and, where there
 * are several, has all keys.
 */
function flat(issue: Issue, base: Location, root: unknown): { readonly issue: Issue; readonly location: Location }[] {
  const location = [...base, ...(issue.path as Location)];
  if (issue.code !== 'invalid_union') return [{ issue, location }];
  const value = valueAt(root, location);
  const possible = issue.errors.filter((issues) => issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'));
  const meant = possible.find((issues) => !issues.some((inner) => isMissing(inner, value))) ?? possible[0];
  return meant === undefined || meant.length === 0 ? [{ issue, location }] : meant.flatMap((inner) => flat(inner, location, root));
}

/** What is wrong with a value: a problem, which part of the value it is about, and what to leave out for the rest to make sense. */
interface Finding<C extends ProblemCode = ProblemCode> {
  readonly code: C;
  readonly data: ProblemData[C];
  readonly location: Location;
  readonly target: Target;
  readonly broken: Location;
}

const finding = <C extends ProblemCode>(
  code: C,
  data: ProblemData[C],
  location: Location,
  target: Target,
  broken = location,
): Finding<C> => ({
  code,
  data,
  location,
  target,
  broken,
});

const expectation = (schema: Schema | undefined): string => (schema && wordsOf(schema, 'accepts')) ?? 'something else';

const lastKey = (location: Location): string | undefined => location.findLast((step) => typeof step === 'string');

const ownerAt = (schemas: readonly Schema[], location: Location): string => {
  const object = objectIn(schemas[location.length] as Schema);
  return (object && wordsOf(object, 'owner')) ?? wordsOf(schemas[location.length] as Schema, 'owner') ?? `"${lastKey(location)}"`;
};

function findingsOf(root: Schema, value: unknown, issue: Issue, location: Location, name: string): Finding[] {
  const schemas = schemasTo(root, location);
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(objectIn(schemas.at(-1) as Schema)?._zod.def.shape ?? {});
    return issue.keys.map((key) => finding('UNKNOWN_KEY', { key, owner: ownerAt(schemas, location), known }, [...location, key], 'key'));
  }
  const [parent, key] = [location.slice(0, -1), location.at(-1)];
  if (issue.code === 'invalid_key') {
    const { def } = bare(schemas[parent.length] as Schema)._zod as z.core.$ZodRecord['_zod'];
    return [finding('BAD_NAME', { name: String(key), expected: expectation(def.keyType) }, location, 'key')];
  }
  if (typeof key === 'string' && !Object.hasOwn(valueAt(value, parent) as object, key)) {
    const data = { key, owner: ownerAt(schemas, parent), expected: expectation(schemas.at(-1)) };
    return [finding('MISSING_KEY', data, parent, 'key', location)];
  }
  // A mistake inside a value is reported as a mistake of the value.
  const depth = schemas.findLastIndex((schema) => wordsOf(schema, 'accepts') !== undefined);
  const whole = location.slice(0, Math.max(depth, 0));
  const schema = schemas[Math.max(depth, 0)] as Schema;
  const data = { key: wordsOf(schema, 'called') ?? lastKey(whole) ?? name, value: valueAt(value, whole), expected: expectation(schema) };
  return [finding('WRONG_VALUE', data, whole, 'value')];
}

/** A file that holds another kind of thing may not be meant for flopwise, so what it holds is not shown. */
function aboutFile(finding: Finding, path: string): Finding {
  if (finding.code !== 'WRONG_VALUE') return finding;
  const { value, expected } = finding.data as ProblemData['WRONG_VALUE'];
  const kind = Array.isArray(value) ? 'a list' : isContainer(value) ? 'a map of something else' : 'a single value';
  return { ...finding, code: 'WRONG_CONTENTS', data: { path, kind, expected } };
}

/** The mistakes, each with the part that it is about; the same is reported once. `name` is what the whole is called. */
function findings(schema: Schema, value: unknown, issues: readonly Issue[], name: string): Finding[] {
  const all = issues
    .flatMap((issue) => flat(issue, [], value))
    .flatMap(({ issue, location }) => findingsOf(schema, value, issue, location, name));
  const seen = new Set<string>();
  return all.filter(({ code, location, broken }) => {
    const id = JSON.stringify([code, location, broken]);
    return !seen.has(id) && seen.add(id);
  });
}

/** The value with a part replaced, or left out if nothing replaces it. */
function edited(value: unknown, location: Location, by: unknown): unknown {
  const [step, ...rest] = location;
  if (step === undefined) return by;
  if (!isContainer(value)) return value;
  const part = rest.length === 0 ? by : edited(value[step], rest, by);
  if (Array.isArray(value)) return value.with(step as number, part);
  const entries = Object.entries(value).filter(([key]) => key !== step);
  return Object.fromEntries(part === undefined ? entries : [...entries, [step, part]]);
}

/** The value without what is wrong: `BROKEN` where a schema has it, or left out where that may be, or broken as a whole. */
function without(root: Schema, value: unknown, location: Location): unknown {
  const schemas = schemasTo(root, location);
  for (let depth = location.length; depth >= 0; depth--) {
    const place = location.slice(0, depth);
    const schema = schemas[depth];
    if (schema !== undefined && wordsOf(schema, 'mayBreak')) return edited(value, place, BROKEN);
    const around = schemas[depth - 1];
    if (around === undefined || typeof place.at(-1) === 'number') continue;
    const known = objectIn(around)?._zod.def.shape ?? {};
    const key = place.at(-1) as string;
    if (!Object.hasOwn(known, key) || !isRequired(known[key] as Schema)) return edited(value, place, undefined);
  }
  return BROKEN;
}

const PROTO = '__proto__';

/** Where keys are called "__proto__". */
const protoKeys = (value: unknown): Location[] =>
  !isContainer(value)
    ? []
    : Object.entries(value).flatMap(([key, part]) => {
        const step = Array.isArray(value) ? Number(key) : key;
        return [...(key === PROTO ? [[key]] : []), ...protoKeys(part).map((rest) => [step, ...rest])];
      });

/** Names of maps that zod passes over with what they stand for, so that nothing it returns has them. */
function unseenNames(root: Schema, value: unknown): Finding[] {
  const isMap = (schema: Schema): boolean => objectIn(schema) === undefined && inside(schema, PROTO) !== undefined;
  return protoKeys(value)
    .filter((location) => isMap(schemasTo(root, location)[location.length - 1] ?? root))
    .map((location) => finding('BAD_NAME', { name: PROTO, expected: 'another' }, location, 'key'));
}

/**
 * Parses a value of a file, or a part of it: one `safeParse`, whose issues are reported where they are in the file. What
 * is wrong is left out or `BROKEN`, so that the rest can be looked at too; `BROKEN` as a whole if that cannot be.
 * The schema must not transform: a value with problems is returned as it was written.
 */
export function parse<S extends z.ZodMiniType>(
  schema: S,
  report: FileProblems,
  value: unknown = report.source.value,
  base: Location = [],
): z.output<S> | typeof BROKEN {
  if (report.source.isChecked) return value as z.output<S>;
  const unseen = unseenNames(schema, value);
  const seen = unseen.reduce((rest, { location }) => edited(rest, location, undefined), value);
  const result = z.safeParse(schema, seen);
  if (result.success && unseen.length === 0) return result.data;
  const { file } = report.source;
  const located = (finding: Finding): { readonly finding: Finding; readonly position: Position } => ({
    finding: base.length + finding.location.length === 0 ? aboutFile(finding, file) : finding,
    position: report.source.locate([...base, ...finding.location], finding.target),
  });
  const inOrder = (found: readonly Finding[]) =>
    found.map(located).toSorted(({ position: a }, { position: b }) => a.line - b.line || a.column - b.column);
  const found = result.success ? [] : findings(schema, seen, result.error.issues, lastKey(base) ?? file);
  for (const { finding, position } of inOrder([...unseen, ...found]))
    report.problems.add({ code: finding.code, data: finding.data, position } as Problem);
  return inOrder(found).reduce<unknown>((rest, { finding }) => without(schema, rest, finding.broken), seen) as z.output<S> | typeof BROKEN;
}

/** Parses an object that is in no file, such as attributes; throws a `ProblemError` that blames the key that is wrong. */
export function parseKeys<S extends z.ZodMiniObject>(schema: S, value: unknown, owner: string): z.output<S> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const [{ code, data, broken }] = findings(named(schema, owner), value, result.error.issues, owner) as [Finding];
  throw fail(code, data, code === 'MISSING_KEY' ? undefined : String(broken[0]));
}
