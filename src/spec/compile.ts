import * as z from 'zod/mini';
import { once } from '../core/once.ts';
import type { Sharing } from '../graph/builder.ts';
import { checkedList, type Environment, isExpression, parseExpression, type Value } from '../language/expression.ts';
import { isOperatorName, operatorNames, operatorOf } from '../operators/registry.ts';
import { charge } from '../problems/allowance.ts';
import { AlreadyReported, ProblemError } from '../problems/problem.ts';
import { AttributeTemplates, checkAttributes as checkedAttributes, type Values } from './attributes.ts';
import { checkAttributes, checkKeys, checkValue, dependsOnValues, isObject, type Keys, type Report, type Schemas } from './check.ts';
import {
  type BrokenStep,
  type CallStep,
  isSpecialName,
  type Join,
  type ParallelStep,
  type ResidualStep,
  type SequenceStep,
  SPECIAL_NAMES,
  type Step,
  type Template,
  type Templates,
} from './compiled.ts';
import { remembered } from './memo.ts';
import { anyLayers, MODIFIERS, modifiers, operatorModifiers, type StructureName, structureNames, structures, value } from './schema.ts';
import type { Location } from './source.ts';

/** Names of a block's parameters, and whether each is required. */
export type Signature = ReadonlyMap<string, boolean>;

/** What the layers of a file can refer to. */
export interface Known {
  /** The blocks there are, each with its parameters: `true` for one that a call must give. */
  readonly blocks: ReadonlyMap<string, Signature>;
  /** Names that have a value. */
  readonly values: ReadonlySet<string>;
  /** Filled with the blocks that the layers call. */
  readonly calls: Set<string>;
}

const broken = (): never => {
  throw new AlreadyReported();
};

/** Whether it is a value at all: no map, no null, in no list. Told where the keys are checked. */
const isValue = (raw: unknown): boolean => (Array.isArray(raw) ? raw.every(isValue) : raw !== null && typeof raw !== 'object');

/** A value, or an expression, or a list of these, ready to be evaluated. */
export function compileTemplate(report: Report, raw: unknown, location: Location, values: ReadonlySet<string>): Template {
  const locate = () => report.source.locate(location, 'value');
  if (!isValue(raw)) return brokenTemplate(report, location);
  if (!dependsOnValues(raw)) return { constant: raw as Value, evaluate: () => raw as Value, locate };
  // A long expression takes the time of several elements.
  const price = 1 + Math.floor(String(raw).length / 32);
  const evaluate = report.attempt(location, () => compileValue(report, raw, location, values)) ?? broken;
  return {
    constant: undefined,
    evaluate(environment) {
      charge('elements', price);
      try {
        return evaluate(environment);
      } catch (error) {
        throw error instanceof ProblemError ? new ProblemError({ ...error.problem, position: locate() }) : error;
      }
    },
    locate,
  };
}

/** A value that cannot be had, since what is wrong with it has been reported. */
export const brokenTemplate = (report: Report, location: Location): Template => ({
  constant: undefined,
  evaluate: broken,
  locate: () => report.source.locate(location, 'value'),
});

function compileValue(report: Report, raw: unknown, location: Location, values: ReadonlySet<string>): (environment: Environment) => Value {
  if (Array.isArray(raw)) {
    const items = raw.map((item, index) => compileValue(report, item, [...location, index], values));
    return (environment) => checkedList(items.map((item) => item(environment)));
  }
  if (typeof raw !== 'string' || !isExpression(raw)) return () => raw as Value;
  const { names, evaluate } = parseExpression(raw);
  const unknown = [...names].filter((name) => !values.has(name) && !isSpecialName(name));
  for (const name of unknown) report.add('UNKNOWN_VALUE', { name, known: [...values, ...SPECIAL_NAMES] }, location);
  return unknown.length > 0 ? broken : evaluate;
}

/** Names with values or expressions. */
function compileTemplates(report: Report, raw: unknown, location: Location, values: ReadonlySet<string>): Templates {
  const entries = isObject(raw) ? Object.entries(raw) : [];
  return new Map(entries.map(([key, part]) => [key, compileTemplate(report, part, [...location, key], values)]));
}

const asList = (value: unknown): readonly string[] | undefined =>
  value === undefined ? undefined : Array.isArray(value) ? value.map(String) : [String(value)];

const structureKeys = once(() => structures(anyLayers()));
const isModifier = (key: string): boolean => (MODIFIERS as readonly string[]).includes(key);
const isStructure = (name: string): name is StructureName => (structureNames as readonly string[]).includes(name);

/** Compiles the layers of one list. */
export function compileSteps(report: Report, raw: unknown, location: Location, known: Known): readonly Step[] {
  if (!Array.isArray(raw)) return [];
  return raw.map((step, index) => compileStep(report, step, [...location, index], known));
}

function compileStep(report: Report, raw: unknown, location: Location, known: Known): Step {
  if (typeof raw === 'string') return compileKind(report, raw, {}, {}, location, known);
  if (!isObject(raw)) {
    const expected = 'the name of an operator or block, or such a name with its attributes';
    report.add('WRONG_VALUE', { key: 'layer', value: raw, expected }, location);
    return brokenStep(report, location);
  }
  const kind = kindOf(report, raw, location, known);
  if (kind === undefined) return brokenStep(report, location);
  const good = checkKeys(report, () => keysOf(kind, known), raw, location, `a ${kind} layer`);
  const step = compileKind(report, kind, raw[kind] ?? {}, good ?? {}, location, known);
  // What a layer takes is not known where its "from" is wrong.
  const isBroken = good === undefined || ('from' in raw && !('from' in good));
  return isBroken ? { ...brokenStep(report, location), names: step.names } : step;
}

/** Keys of a layer of that kind. */
function keysOf(kind: string, { blocks }: Known): Schemas {
  if (isStructure(kind)) return { ...structureKeys()[kind], ...modifiers() };
  return { [kind]: z.unknown(), ...(blocks.has(kind) ? modifiers() : operatorModifiers()) };
}

/** Which of the keys of a layer says what it is. */
function kindOf(report: Report, raw: Keys, location: Location, known: Known): string | undefined {
  const keys = Object.keys(raw).filter((key) => !isModifier(key));
  const kinds = keys.filter((key) => isOperatorName(key) || known.blocks.has(key) || isStructure(key) || key.startsWith('$'));
  if (kinds.length === 1) return kinds[0];
  const structure = structureNames.find((name) => name in raw);
  const own = structure === undefined ? {} : structureKeys()[structure];
  const others = keys.filter((key) => !Object.hasOwn(own, key));
  const [unknown] = others;
  if (kinds.length === 0 && unknown !== undefined)
    report.add('UNKNOWN_OPERATOR', { name: unknown, known: kindNames(known) }, [...location, unknown], 'key');
  else report.add('NOT_ONE_KIND', { kinds }, location, 'key');
  return undefined;
}

const kindNames = (known: Known): string[] => [...operatorNames, ...known.blocks.keys(), ...structureNames];

function base(report: Report, raw: Keys, kind: string, location: Location, known: Known) {
  const template = (key: 'when' | 'repeat' | 'written') =>
    raw[key] === undefined ? undefined : compileTemplate(report, raw[key], [...location, key], known.values);
  return {
    names: asList(raw.name),
    as: asList(raw.as),
    from: asList(raw.from),
    when: template('when'),
    repeat: template('repeat'),
    written: template('written'),
    weights: raw.weights as Sharing | undefined,
    locate: (attribute?: string, target: 'key' | 'value' = 'value') => {
      if (attribute === undefined) return report.source.locate([...location, kind], 'key');
      return report.source.locate(Object.hasOwn(raw, attribute) ? [...location, attribute] : [...location, kind, attribute], target);
    },
  };
}

const NOTHING_KNOWN: Known = { blocks: new Map(), values: new Set(), calls: new Set() };

export const brokenStep = (report: Report, location: Location): BrokenStep => ({
  kind: 'broken',
  ...base(report, {}, '', location, NOTHING_KNOWN),
});

/** Compiles a layer of which the kind and the other keys, `raw`, are known to be good. */
function compileKind(report: Report, kind: string, content: unknown, raw: Keys, location: Location, known: Known): Step {
  const common = base(report, raw, kind, location, known);
  if (isStructure(kind)) return { ...common, ...compileStructure[kind](report, content, raw, location, known) };
  const at = [...location, kind];
  const given = givenKeys(report, content, at);
  if (given === undefined) return { ...common, kind: 'broken' };
  if (kind.startsWith('$')) {
    const choice = compileTemplate(report, kind, location, known.values);
    const templates = compileTemplates(report, given, at, known.values);
    checkValues(report, given, at);
    return {
      ...common,
      kind: 'chosen',
      chooser: kind,
      choice,
      arguments: templates,
      attributes: remembered((operator) => new AttributeTemplates(operator, templates)),
    };
  }
  if (isOperatorName(kind)) {
    const good = checkAttributes(report, () => operatorOf(kind).attributes.shape, given, at, kind);
    if (good === undefined) {
      compileTemplates(report, given, at, known.values);
      return { ...common, kind: 'broken' };
    }
    return {
      ...common,
      kind: 'operator',
      operator: kind,
      attributes: new AttributeTemplates(kind, compileTemplates(report, good, at, known.values)),
    };
  }
  return compileCall(report, kind, given, at, common, known);
}

/** The attributes or arguments as an object; a layer without any is written as its name alone. */
function givenKeys(report: Report, content: unknown, location: Location): Keys | undefined {
  if (isObject(content)) return content;
  report.add(
    'WRONG_VALUE',
    { key: String(location.at(-1)), value: content, expected: 'names with values, as in { kernel: 3, out: 64 }' },
    location,
  );
  return undefined;
}

/** Checks that what a block is given are values. */
function checkValues(report: Report, given: Keys, location: Location): void {
  if (report.source.isChecked) return;
  for (const [name, part] of Object.entries(given)) checkValue(report, value(), part, [...location, name]);
}

function compileCall(
  report: Report,
  block: string,
  given: Keys,
  location: Location,
  common: ReturnType<typeof base>,
  known: Known,
): CallStep | BrokenStep {
  const parameters = known.blocks.get(block);
  if (parameters === undefined) {
    report.add('UNKNOWN_OPERATOR', { name: block, known: kindNames(known) }, location, 'key');
    return { ...common, kind: 'broken' };
  }
  known.calls.add(block);
  const owner = `Block ${block}`;
  const missing = [...parameters].filter(([name, required]) => required && !(name in given));
  for (const [name] of missing) report.add('MISSING_PARAMETER', { name, owner }, location, 'key');
  checkValues(report, given, location);
  const templates = compileArguments(report, given, location, parameters, owner, known.values);
  return missing.length > 0 ? { ...common, kind: 'broken' } : { ...common, kind: 'call', block, arguments: templates };
}

/** Values for parameters of a block or model; what is no value or no parameter is reported. */
export function compileArguments(
  report: Report,
  raw: unknown,
  location: Location,
  parameters: ReadonlyMap<string, unknown>,
  owner: string,
  values: ReadonlySet<string>,
): Templates {
  const given = Object.entries(isObject(raw) ? raw : {});
  for (const [name] of given) {
    if (!parameters.has(name)) report.add('UNKNOWN_PARAMETER', { name, owner, known: [...parameters.keys()] }, [...location, name], 'key');
  }
  return compileTemplates(report, Object.fromEntries(given.filter(([name]) => parameters.has(name))), location, values);
}

type Structure<S> = Omit<S, keyof ReturnType<typeof base>>;
type CompileStructure<S> = (report: Report, content: unknown, raw: Keys, location: Location, known: Known) => Structure<S>;

const compileStructure: {
  readonly residual: CompileStructure<ResidualStep>;
  readonly parallel: CompileStructure<ParallelStep>;
  readonly sequence: CompileStructure<SequenceStep>;
} = {
  residual: (report, content, raw, location, known) => ({
    kind: 'residual',
    body: compileSteps(report, content, [...location, 'residual'], known),
    shortcut: compileShortcut(report, raw.shortcut, [...location, 'shortcut'], known),
    join: compileJoin(report, { join: 'add', ...raw }, location) as Join,
  }),
  parallel: (report, content, raw, location, known) => ({
    kind: 'parallel',
    branches: compileBranches(report, content, [...location, 'parallel'], known),
    join: compileJoin(report, raw, location),
  }),
  sequence: (report, content, _, location, known) => ({
    kind: 'sequence',
    steps: compileSteps(report, content, [...location, 'sequence'], known),
  }),
};

/** The layer that joins branches, if they are joined; `raw` is known to be good. */
function compileJoin(report: Report, raw: Keys, location: Location): Join | undefined {
  const operator = raw.join as Join['operator'] | undefined;
  const given: Keys = raw.axis === undefined ? {} : { axis: raw.axis };
  if (operator === undefined) {
    if ('axis' in given)
      report.add('MISSING_KEY', { key: 'join', owner: 'a parallel layer with an "axis"', expected: 'concat' }, location, 'key');
    return undefined;
  }
  const good = checkKeys(report, () => operatorOf(operator).attributes.shape, given, location, operator);
  return good && { operator, attributes: Object.freeze(checkedAttributes(operator, good as Values)) };
}

function compileShortcut(report: Report, raw: unknown, location: Location, known: Known): ResidualStep['shortcut'] {
  if (raw === undefined) return undefined;
  return Array.isArray(raw) ? compileSteps(report, raw, location, known) : compileTemplate(report, raw, location, known.values);
}

function compileBranches(report: Report, raw: unknown, location: Location, known: Known): ParallelStep['branches'] {
  if (Array.isArray(raw))
    return raw.map((branch, index) => ({ name: 'branch', steps: compileSteps(report, branch, [...location, index], known) }));
  if (!isObject(raw)) return [];
  return Object.entries(raw).map(([name, branch]) => ({ name, steps: compileSteps(report, branch, [...location, name], known) }));
}
