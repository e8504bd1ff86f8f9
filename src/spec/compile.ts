import { checkedList, type Environment, isExpression, parseExpression, type Value } from '../language/expression.ts';
import { isOperatorName, operatorNames } from '../operators/registry.ts';
import { writtenHere } from '../operators/synonyms.ts';
import { charge } from '../problems/allowance.ts';
import { AlreadyReported, ProblemError } from '../problems/problem.ts';
import { type FileProblems, type Location, parse } from '../schema/parse.ts';
import { BROKEN, type Broken } from '../schema/words.ts';
import { AttributeTemplates } from './attributes.ts';
import {
  type Branch,
  type BrokenStep,
  type CallStep,
  type CompiledLayer,
  type ExpertsStep,
  isSpecialName,
  type Join,
  type Output,
  type ParallelStep,
  type ResidualStep,
  type SequenceStep,
  type SharingTemplate,
  SPECIAL_NAMES,
  type Template,
  type Templates,
} from './compiled.ts';
import { isJoin, takesAxis } from './join.ts';
import { remembered } from './memo.ts';
import {
  argumentValues,
  CARRIES,
  dependsOnValues,
  type LayerKeys,
  type Layers,
  MODIFIERS,
  type SpecKeys,
  type StructureName,
  structureNames,
  type WrittenBranch,
  type WrittenLoop,
  type WrittenStage,
  type WrittenValue,
  type WrittenValues,
  writtenAttributes,
} from './schema.ts';

/** Names of a block's parameters, and whether each is required. */
export type Signature = ReadonlyMap<string, boolean>;

/** What branches without a name are called. */
const BRANCH = 'branch';

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

const NAME = /\$([A-Za-z_]\w*)/g;
const NAME_ALONE = /^\s*\$([A-Za-z_]\w*)\s*$/;

/** A value, or an expression, or a list of these, ready to be evaluated. */
export function compileTemplate(
  report: FileProblems,
  raw: WrittenValue | Broken,
  location: Location,
  values: ReadonlySet<string>,
): Template {
  const locate = () => report.source.locate(location, 'value');
  if (raw === BROKEN) return brokenTemplate(report, location);
  if (!dependsOnValues(raw)) return { constant: raw, evaluate: () => raw, locate };
  // A long expression takes the time of several elements.
  const price = 1 + Math.floor(String(raw).length / 32);
  const evaluate = report.attempt(location, () => compileValue(report, raw, location, values)) ?? broken;
  return {
    constant: undefined,
    name: typeof raw === 'string' ? NAME_ALONE.exec(raw)?.[1] : undefined,
    names: typeof raw === 'string' ? [...raw.matchAll(NAME)].map(([, name]) => name as string) : undefined,
    text: typeof raw === 'string' ? raw : undefined,
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
export const brokenTemplate = (report: FileProblems, location: Location): Template => ({
  constant: undefined,
  evaluate: broken,
  locate: () => report.source.locate(location, 'value'),
});

function compileValue(
  report: FileProblems,
  raw: WrittenValue,
  location: Location,
  values: ReadonlySet<string>,
): (environment: Environment) => Value {
  if (Array.isArray(raw)) {
    const items = raw.map((item, index) => compileValue(report, item, [...location, index], values));
    return (environment) => checkedList(items.map((item) => item(environment)));
  }
  if (typeof raw !== 'string' || !isExpression(raw)) return () => raw;
  const { names, evaluate } = parseExpression(raw);
  const unknown = [...names].filter((name) => !values.has(name) && !isSpecialName(name));
  for (const name of unknown) report.add('UNKNOWN_VALUE', { name, known: [...values, ...SPECIAL_NAMES] }, location);
  return unknown.length > 0 ? broken : evaluate;
}

/** Names with values or expressions. */
const compileTemplates = (report: FileProblems, raw: WrittenValues, location: Location, values: ReadonlySet<string>): Templates =>
  new Map(Object.entries(raw).map(([key, part]) => [key, compileTemplate(report, part, [...location, key], values)]));

/** Names as a list. */
export const asList = (names: string | readonly string[] | undefined): readonly string[] | undefined =>
  names === undefined ? undefined : [names].flat();

const isStructure = (name: string): name is StructureName => (structureNames as readonly string[]).includes(name);

/** Compiles the layers of one list. */
export const compileSteps = (report: FileProblems, raw: Layers | Broken, location: Location, known: Known): readonly CompiledLayer[] =>
  raw === BROKEN ? [brokenStep(report, location)] : raw.map((layer, index) => compileStep(report, layer, [...location, index], known));

/** A stage: its layers, or those that it has anyway, as one layer that may be frozen. */
export function compileStage(
  report: FileProblems,
  raw: WrittenStage | Broken,
  location: Location,
  known: Known,
  inherited: readonly CompiledLayer[] | undefined,
): readonly CompiledLayer[] {
  if (raw === BROKEN || Array.isArray(raw)) return compileSteps(report, raw as Layers | Broken, location, known);
  const { frozen, layers } = raw as Exclude<WrittenStage, Layers>;
  if (layers === undefined && inherited === undefined)
    report.add('MISSING_KEY', { key: 'layers', owner: 'a stage', expected: 'a list of layers' }, location, 'key');
  const steps = layers === undefined ? (inherited ?? []) : compileSteps(report, layers, [...location, 'layers'], known);
  return [{ ...base(report, frozen === undefined ? {} : { frozen }, 'frozen', location, known), kind: 'sequence', steps }];
}

function compileStep(report: FileProblems, raw: Layers[number], location: Location, known: Known): CompiledLayer {
  if (raw === BROKEN) return brokenStep(report, location);
  if (typeof raw === 'string') return compileKind(report, raw, {}, location, known);
  const kind = kindOf(report, raw, location, known);
  if (kind === undefined) return brokenStep(report, location);
  const carried: readonly string[] = carries(kind, known);
  const entries = Object.entries(raw).filter(([key]) => {
    if (key === kind || carried.includes(key)) return true;
    report.add('UNKNOWN_KEY', { key, owner: `a ${kind} layer`, known: [kind, ...carried] }, [...location, key], 'key');
    return false;
  });
  const step = compileKind(report, kind, Object.fromEntries(entries), location, known);
  // What a layer takes is not known where its "from" is wrong.
  return raw.from === BROKEN ? { ...brokenStep(report, location), names: step.names } : step;
}

/** What a layer of that kind may carry. */
const carries = (kind: string, { blocks }: Known): readonly string[] =>
  isStructure(kind) ? CARRIES[kind] : blocks.has(kind) ? CARRIES.block : CARRIES.operator;

/** Which of the keys of a layer says what it is. */
function kindOf(report: FileProblems, raw: LayerKeys, location: Location, known: Known): string | undefined {
  const keys = Object.keys(raw).filter((key) => !MODIFIERS.includes(key));
  const kinds = keys.filter((key) => isOperatorName(key) || known.blocks.has(key) || isStructure(key) || key.startsWith('$'));
  if (kinds.length === 1) return kinds[0];
  const structure = structureNames.find((name) => name in raw);
  const own: readonly string[] = structure === undefined ? [] : [structure, ...CARRIES[structure]];
  const unknown = keys.find((key) => !own.includes(key));
  if (kinds.length === 0 && unknown !== undefined)
    report.add(
      'UNKNOWN_OPERATOR',
      { name: unknown, known: kindNames(known), written: writtenHere(unknown) },
      [...location, unknown],
      'key',
    );
  else report.add('NOT_ONE_KIND', { kinds }, location, 'key');
  return undefined;
}

const kindNames = (known: Known): string[] => [...operatorNames, ...known.blocks.keys(), ...structureNames];

function base(report: FileProblems, raw: LayerKeys, kind: string, location: Location, known: Known) {
  const template = (key: 'when' | 'repeat' | 'written' | 'copies' | 'frozen') => {
    const value = raw[key];
    return value === undefined ? undefined : compileTemplate(report, value, [...location, key], known.values);
  };
  return {
    names: asList(raw.name),
    as: asList(raw.as),
    from: raw.from === undefined || raw.from === BROKEN ? undefined : compileList(report, raw.from, [...location, 'from'], known.values),
    when: template('when'),
    repeat: template('repeat'),
    written: template('written'),
    copies: template('copies'),
    frozen: template('frozen'),
    weights: raw.weights === undefined ? undefined : compileSharing(report, raw.weights, [...location, 'weights'], known.values),
    locate: (attribute?: string, target: 'key' | 'value' = 'value') => {
      if (attribute === undefined) return report.source.locate([...location, kind], 'key');
      return report.source.locate(Object.hasOwn(raw, attribute) ? [...location, attribute] : [...location, kind, attribute], target);
    },
  };
}

/** One value or expression, or a list of these, each by itself. */
function compileList(report: FileProblems, raw: WrittenValue, location: Location, values: ReadonlySet<string>): readonly Template[] {
  if (!Array.isArray(raw)) return [compileTemplate(report, raw, location, values)];
  return raw.map((one, index) => compileTemplate(report, one, [...location, index], values));
}

const compileSharing = (
  report: FileProblems,
  raw: NonNullable<LayerKeys['weights']>,
  location: Location,
  values: ReadonlySet<string>,
): SharingTemplate =>
  typeof raw === 'string' || Array.isArray(raw)
    ? compileList(report, raw, location, values)
    : compileTemplates(report, raw as WrittenValues, location, values);

/** What the model gives: names, each alone or with a condition. */
export function compileOutputs(
  report: FileProblems,
  raw: SpecKeys['outputs'],
  location: Location,
  values: ReadonlySet<string>,
): readonly Output[] | undefined {
  if (raw === undefined) return undefined;
  if (typeof raw === 'string') return [{ reference: compileTemplate(report, raw, location, values), when: undefined }];
  return raw.map((one, index) => {
    const at = [...location, index];
    if (typeof one === 'string') return { reference: compileTemplate(report, one, at, values), when: undefined };
    return {
      reference: compileTemplate(report, one.name, [...at, 'name'], values),
      when: compileTemplate(report, one.when, [...at, 'when'], values),
    };
  });
}

const NOTHING_KNOWN: Known = { blocks: new Map(), values: new Set(), calls: new Set() };

export const brokenStep = (report: FileProblems, location: Location): BrokenStep => ({
  kind: 'broken',
  ...base(report, {}, '', location, NOTHING_KNOWN),
});

/** Compiles a layer of which the kind is known; one that is a name alone has no other keys. */
function compileKind(report: FileProblems, kind: string, raw: LayerKeys, location: Location, known: Known): CompiledLayer {
  const common = base(report, raw, kind, location, known);
  if (isStructure(kind)) return { ...common, ...compileStructure[kind](report, raw, location, known) };
  const at = [...location, kind];
  const argument = Object.hasOwn(raw, kind) ? raw[kind] : {};
  // A block hides an operator of its name, so that a new operator breaks no file.
  if (isOperatorName(kind) && !known.blocks.has(kind)) {
    const given = parse(writtenAttributes(kind), report, argument, at) ?? {};
    if (given === BROKEN) return { ...common, kind: 'broken' };
    const attributes = new AttributeTemplates(kind, compileTemplates(report, given, at, known.values));
    return { ...common, kind: 'operator', operator: kind, attributes };
  }
  const given = parse(argumentValues, report, argument ?? {}, at);
  if (given === BROKEN) return { ...common, kind: 'broken' };
  if (!kind.startsWith('$')) return compileCall(report, kind, given, at, common, known);
  const choice = compileTemplate(report, kind, location, known.values);
  const templates = compileTemplates(report, given, at, known.values);
  return {
    ...common,
    kind: 'chosen',
    chooser: kind,
    choice,
    arguments: templates,
    attributes: remembered((operator) => new AttributeTemplates(operator, templates)),
  };
}

function compileCall(
  report: FileProblems,
  block: string,
  given: WrittenValues,
  location: Location,
  common: ReturnType<typeof base>,
  known: Known,
): CallStep | BrokenStep {
  const parameters = known.blocks.get(block);
  if (parameters === undefined) {
    report.add('UNKNOWN_OPERATOR', { name: block, known: kindNames(known), written: writtenHere(block) }, location, 'key');
    return { ...common, kind: 'broken' };
  }
  known.calls.add(block);
  const owner = `Block ${block}`;
  const missing = [...parameters].filter(([name, required]) => required && !(name in given));
  for (const [name] of missing) report.add('MISSING_PARAMETER', { name, owner }, location, 'key');
  const templates = compileArguments(report, given, location, parameters, owner, known.values);
  return missing.length > 0 ? { ...common, kind: 'broken' } : { ...common, kind: 'call', block, arguments: templates };
}

/** Values for parameters of a block or model; what is no parameter is reported. */
export function compileArguments(
  report: FileProblems,
  given: WrittenValues,
  location: Location,
  parameters: ReadonlyMap<string, unknown>,
  owner: string,
  values: ReadonlySet<string>,
): Templates {
  const known = Object.entries(given).filter(([name]) => {
    if (parameters.has(name)) return true;
    report.add('UNKNOWN_PARAMETER', { name, owner, known: [...parameters.keys()] }, [...location, name], 'key');
    return false;
  });
  return compileTemplates(report, Object.fromEntries(known), location, values);
}

type Structure<S> = Omit<S, keyof ReturnType<typeof base>>;
type CompileStructure<S> = (report: FileProblems, raw: LayerKeys, location: Location, known: Known) => Structure<S>;

const compileStructure: {
  readonly residual: CompileStructure<ResidualStep>;
  readonly parallel: CompileStructure<ParallelStep>;
  readonly sequence: CompileStructure<SequenceStep>;
  readonly experts: CompileStructure<ExpertsStep>;
} = {
  residual: (report, raw, location, known) => ({
    kind: 'residual',
    body: compileSteps(report, raw.residual ?? [], [...location, 'residual'], known),
    shortcut: compileShortcut(report, raw.shortcut, [...location, 'shortcut'], known),
    join: compileJoin(report, { join: 'add', ...raw }, location, known) as Join,
  }),
  parallel: (report, raw, location, known) => ({
    kind: 'parallel',
    ...compileBranches(report, raw.parallel, [...location, 'parallel'], known),
    join: compileJoin(report, raw, location, known),
  }),
  sequence: (report, raw, location, known) => ({
    kind: 'sequence',
    steps: compileSteps(report, raw.sequence ?? [], [...location, 'sequence'], known),
  }),
  experts(report, raw, location, known) {
    const layers = (key: 'router' | 'gates' | 'shared') => {
      const given = raw[key];
      return given === undefined ? undefined : compileSteps(report, given, [...location, key], known);
    };
    const number = (key: 'count' | 'best') => {
      const given = raw[key];
      if (given !== undefined) return compileTemplate(report, given, [...location, key], known.values);
      report.add('MISSING_KEY', { key, owner: 'an experts layer', expected: 'a whole number of at least 1' }, location, 'key');
      return brokenTemplate(report, location);
    };
    const { product } = raw;
    return {
      kind: 'experts',
      body: compileSteps(report, raw.experts ?? [], [...location, 'experts'], known),
      count: number('count'),
      best: number('best'),
      product: product === undefined ? undefined : compileTemplate(report, product, [...location, 'product'], known.values),
      router: layers('router'),
      gates: layers('gates'),
      shared: layers('shared'),
    };
  },
};

/** The layer that joins branches, if they are joined. */
function compileJoin(report: FileProblems, { join, axis }: LayerKeys, location: Location, { values }: Known): Join | undefined {
  if (join === undefined) {
    if (axis !== undefined)
      report.add('MISSING_KEY', { key: 'join', owner: 'a parallel layer with an "axis"', expected: 'concat' }, location, 'key');
    return undefined;
  }
  if (axis !== undefined && isJoin(join) && !takesAxis(join))
    report.add('UNKNOWN_KEY', { key: 'axis', owner: join, known: [] }, [...location, 'axis'], 'key');
  return {
    operator: compileTemplate(report, join, [...location, 'join'], values),
    axis: axis === undefined ? undefined : compileTemplate(report, axis, [...location, 'axis'], values),
  };
}

function compileShortcut(report: FileProblems, raw: LayerKeys['shortcut'], location: Location, known: Known): ResidualStep['shortcut'] {
  if (raw === undefined) return undefined;
  return typeof raw === 'string' ? compileTemplate(report, raw, location, known.values) : compileSteps(report, raw, location, known);
}

type Branches = Pick<ParallelStep, 'branches' | 'each'>;

const isLoop = (raw: object): raw is WrittenLoop => 'each' in raw;

function compileBranches(report: FileProblems, raw: LayerKeys['parallel'], location: Location, known: Known): Branches {
  const branch = (name: string, written: WrittenBranch | Broken, at: Location): Branch => {
    if (written === BROKEN || Array.isArray(written))
      return { name, when: undefined, steps: compileSteps(report, written as Layers | Broken, at, known) };
    // Either may be missing, which has been reported.
    const { when, layers } = written as Partial<Exclude<WrittenBranch, Layers>>;
    return {
      name,
      when: when === undefined ? undefined : compileTemplate(report, when, [...at, 'when'], known.values),
      steps: compileSteps(report, layers ?? BROKEN, [...at, 'layers'], known),
    };
  };
  if (raw === undefined) return { branches: [], each: undefined };
  if (raw === BROKEN) return { branches: [branch(BRANCH, BROKEN, location)], each: undefined };
  if (Array.isArray(raw)) return { branches: raw.map((one, index) => branch(BRANCH, one, [...location, index])), each: undefined };
  if (isLoop(raw)) {
    const { each, ...one } = raw;
    return {
      branches: [branch(BRANCH, one as WrittenBranch, location)],
      each: compileTemplate(report, each, [...location, 'each'], known.values),
    };
  }
  const named = Object.entries(raw as Readonly<Record<string, WrittenBranch | Broken>>);
  return { branches: named.map(([name, one]) => branch(name, one, [...location, name])), each: undefined };
}
