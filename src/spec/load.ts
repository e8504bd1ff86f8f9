import { frozen } from '../core/freeze.ts';
import type { Value } from '../language/expression.ts';
import { charge } from '../problems/allowance.ts';
import { fail, type ProblemList } from '../problems/problem.ts';
import { FileProblems, type Location, parse } from '../schema/parse.ts';
import { BROKEN, type Broken, wordsOf } from '../schema/words.ts';
import { readBudget } from './budget.ts';
import {
  asList,
  brokenStep,
  brokenTemplate,
  compileArguments,
  compileOutputs,
  compileStage,
  compileSteps,
  compileTemplate,
  type Known,
  type Signature,
} from './compile.ts';
import {
  type Alternatives,
  type Block,
  type Example,
  type InputTemplates,
  isSpecialName,
  type Parameter,
  type Requirement,
  type Spec,
  type Template,
  type Templates,
} from './compiled.ts';
import { compileConfigs } from './config-mapping.ts';
import { blockFile, displayName, fileNames, isSpecPath, modelFile, normalizePath, type SpecFile, type SpecFolder } from './folder.ts';
import { MAX_LENGTH } from './limits.ts';
import {
  type BlockKeys,
  LAYER_KEYS,
  type SpecKeys,
  specSchema,
  type WrittenShape,
  type WrittenValue,
  type WrittenValues,
} from './schema.ts';
import { parseSource, readySource } from './source.ts';

const MAX_FILES = 100;
const REQUIRED = 'required';

/** A spec may be part of a larger whole: what it takes from other files. */
interface Borrowed {
  readonly parameters: Map<string, Parameter>;
  readonly lets: Map<string, Template>;
  readonly blocks: Map<string, Block>;
  readonly alternatives: Map<string, ReadonlyMap<string, string>>;
  readonly paper: Map<string, Value>;
  base: Spec | undefined;
}

/** Specs of zoos: their files stay as they are, so many specs that draw on one find it compiled. */
const ofZoos = new WeakMap<SpecFolder, Map<string, Spec>>();

function ofZoo(zoo: SpecFolder): Map<string, Spec> {
  const known = ofZoos.get(zoo) ?? new Map<string, Spec>();
  ofZoos.set(zoo, known);
  return known;
}

/** Reads a spec and all that it draws on. */
export class SpecLoader {
  readonly #problems: ProblemList;
  readonly #zoo: SpecFolder | undefined;
  readonly #loaded = new Map<string, Spec>();
  /** Files being read, outermost first, to find circles. */
  readonly #open: string[] = [];

  constructor(problems: ProblemList, zoo?: SpecFolder) {
    this.#problems = problems;
    this.#zoo = zoo;
  }

  load(file: SpecFile): Spec {
    const name = displayName(file);
    const shared = file.folder === this.#zoo ? ofZoo(file.folder) : undefined;
    const known = this.#loaded.get(name) ?? shared?.get(name);
    if (known !== undefined) return known;
    if (this.#loaded.size + this.#open.length >= MAX_FILES) throw fail('TOO_MANY_FILES', { limit: MAX_FILES });
    this.#open.push(name);
    try {
      const before = this.#problems.found.length;
      const { source, problems } = sourceOf(file);
      for (const problem of problems) this.#problems.add(problem);
      const spec = this.#compile(file, new FileProblems(source, this.#problems));
      this.#loaded.set(name, spec);
      if (this.#problems.found.length === before) shared?.set(name, frozen(spec));
      return spec;
    } finally {
      this.#open.pop();
    }
  }

  #compile(file: SpecFile, report: FileProblems): Spec {
    const { source } = report;
    const raw = keysOf(report);

    const borrowed = this.#borrow(file, report, raw);
    const parameters = compileParameters(report, raw.with, ['with'], borrowed.parameters, borrowed.lets.keys());
    const lets = compileLets(report, raw.let, ['let'], parameters, borrowed.lets, []);
    const values = new Set([...parameters.keys(), ...lets.keys()]);
    const blocks = compileBlocks(report, raw.blocks, borrowed.blocks, values);
    const known: Known = { blocks: signatures(blocks), values, calls: new Set() };
    const base = borrowed.base;

    const stages = new Map(base?.stages);
    for (const [name, stage] of Object.entries(raw.stages ?? {})) {
      if (stage === null) stages.delete(name);
      else stages.set(name, compileStage(report, stage, ['stages', name], known, stages.get(name)));
    }
    const layers = raw.layers === undefined ? (base?.layers ?? []) : compileSteps(report, raw.layers, ['layers'], known);
    const ownName = raw.name ?? /([^/]+?)(?:\.\w+)?$/.exec(file.path)?.[1] ?? file.path;
    return {
      name: ownName,
      file: source.file,
      summary: raw.summary ?? base?.summary,
      citation: raw.source ?? base?.citation,
      task: raw.task ?? base?.task,
      parameters,
      lets,
      requirements: [...(base?.requirements ?? []), ...compileRequirements(report, raw.require, values)],
      input: raw.input === undefined ? base?.input : compileInput(report, raw.input, ['input'], values),
      blocks,
      stages,
      layers,
      outputs: compileOutputs(report, raw.outputs, ['outputs'], values) ?? base?.outputs,
      variants: compileVariants(report, raw.variants, parameters, values),
      alternatives: compileAlternatives(report, raw.alternatives, borrowed.alternatives, parameters),
      configs: compileConfigs(report, raw.config, parameters),
      paper: compilePaper(report, raw.paper, borrowed.paper, parameters),
      budget: raw.budget === undefined ? [] : readBudget(report, raw.budget, ['budget'], `budget of ${source.file}`),
      locate: (key) => source.locate(key === undefined ? [] : [key], 'key'),
    };
  }

  /** Reads the files named by `use` and `extends`, and gathers what they bring. */
  #borrow(file: SpecFile, report: FileProblems, { use, extends: extended }: SpecKeys): Borrowed {
    const borrowed: Borrowed = {
      parameters: new Map(),
      lets: new Map(),
      blocks: new Map(),
      alternatives: new Map(),
      paper: new Map(),
      base: undefined,
    };
    const take = (spec: Spec, location: Location) => {
      for (const [name, parameter] of spec.parameters) borrowed.parameters.set(name, parameter);
      for (const [name, template] of spec.lets) borrowed.lets.set(name, template);
      for (const [name, words] of spec.alternatives) borrowed.alternatives.set(name, words);
      for (const [name, value] of spec.paper) borrowed.paper.set(name, value);
      for (const [name, block] of spec.blocks) {
        const other = borrowed.blocks.get(name);
        if (other !== undefined && other !== block) report.add('NAME_TAKEN', { name, by: `the block of ${other.file}` }, location);
        borrowed.blocks.set(name, block);
      }
    };
    const uses = asList(use) ?? [];
    for (const [index, reference] of uses.entries()) {
      const location = Array.isArray(use) ? ['use', index] : ['use'];
      const found = this.#follow(file, report, reference, location, 'use', blockFile);
      if (found !== undefined) take(found.spec, location);
    }
    if (extended !== undefined) {
      const found = this.#follow(file, report, extended, ['extends'], 'extends', modelFile);
      if (found !== undefined) {
        const base = found.variant === undefined ? found.spec : withVariant(found.spec, found.variant);
        if (base === undefined)
          report.add('UNKNOWN_PART', { name: found.variant ?? '', file: found.spec.file, known: [...found.spec.variants.keys()] }, [
            'extends',
          ]);
        else {
          take(base, ['extends']);
          borrowed.base = base;
        }
      }
    }
    return borrowed;
  }

  /** The spec that a reference names: `blocks/a.yaml`, `family.yaml#variant`, or a name of the zoo. */
  #follow(
    from: SpecFile,
    report: FileProblems,
    reference: string,
    location: Location,
    kind: 'use' | 'extends',
    findInZoo: (zoo: SpecFolder, name: string) => SpecFile | undefined,
  ): { spec: Spec; variant: string | undefined } | undefined {
    return report.attempt(location, () => {
      const [path, variant] = reference.split('#', 2) as [string, string | undefined];
      const target = isSpecPath(path) ? beside(from, path) : this.#inZoo(path, kind, findInZoo);
      const name = displayName(target);
      const start = this.#open.indexOf(name);
      if (start >= 0) throw fail('CIRCLE', { of: 'files', names: [...this.#open.slice(start), name] });
      const spec = this.load(target);
      const isOwnName = !isSpecPath(path) && kind === 'extends' && path !== spec.name;
      return { spec, variant: variant ?? (isOwnName ? path : undefined) };
    });
  }

  #inZoo(name: string, kind: 'use' | 'extends', find: (zoo: SpecFolder, name: string) => SpecFile | undefined): SpecFile {
    if (/\.\w+$/.test(name) || name.includes('/'))
      throw fail('NOT_A_SPEC', { path: name, expected: `"${kind}" takes a path that ends in .yaml, .yml or .json, or a name of the zoo` });
    const found = this.#zoo && find(this.#zoo, name);
    if (found === undefined) throw fail('UNKNOWN_MODEL', { name, known: this.#zoo === undefined ? [] : fileNames(this.#zoo) });
    return found;
  }
}

/** The parsed text of a file. */
function sourceOf(file: SpecFile): ReturnType<typeof parseSource> {
  const { folder, path } = file;
  const text = folder.read(path);
  // A text that is too long is not read any further.
  charge('bytes', Math.min(text.length, MAX_LENGTH));
  const value = folder.ready?.(path, text);
  return value === undefined ? parseSource(displayName(file), text) : { source: readySource(displayName(file), text, value), problems: [] };
}

/** A file named from another. */
function beside(from: SpecFile, path: string): SpecFile {
  const folder = from.path.slice(0, from.path.lastIndexOf('/') + 1);
  const isAbsolute = path.startsWith('/') || /^[A-Za-z][\w+.-]*:/.test(path) || path.includes('\\');
  const target = isAbsolute ? undefined : normalizePath(folder + path);
  if (target === undefined) throw fail('OUTSIDE_FOLDER', { reference: path, folder: from.folder.prefix || './' });
  return { folder: from.folder, path: target };
}

/** The spec with the values of one of its variants in place of its defaults. */
export function withVariant(spec: Spec, variant: string): Spec | undefined {
  const values = spec.variants.get(variant);
  if (values === undefined) return undefined;
  const parameters = new Map(spec.parameters);
  for (const [name, template] of values) parameters.set(name, { template, locate: template.locate });
  return { ...spec, name: variant, parameters };
}

/** The keys of a file; none where it is no spec at all. */
function keysOf(report: FileProblems): SpecKeys {
  const { source } = report;
  if (source.value === undefined) return {};
  if (typeof source.value !== 'object' || Array.isArray(source.value)) {
    report.add('NOT_A_SPEC', { path: source.file, expected: `a spec is ${wordsOf(specSchema, 'accepts')}` }, []);
    return {};
  }
  const keys = parse(specSchema, report);
  return keys === BROKEN ? {} : keys;
}

const signatureOf = (parameters: ReadonlyMap<string, Parameter>): Signature =>
  new Map([...parameters].map(([name, { template }]) => [name, template === undefined]));

const signatures = (blocks: ReadonlyMap<string, Block>): Known['blocks'] =>
  new Map([...blocks].map(([name, block]) => [name, signatureOf(block.parameters)]));

/** Names of values must not hide those that are always there, nor each other. */
function checkValueNames(report: FileProblems, raw: WrittenValues, location: Location, taken: ReadonlyMap<string, unknown>): void {
  for (const name of Object.keys(raw)) {
    const by = isSpecialName(name) ? 'flopwise itself' : taken.has(name) ? 'a parameter' : undefined;
    if (by !== undefined) report.add('NAME_TAKEN', { name, by }, [...location, name], 'key');
  }
}

/** Parameters with their defaults; a default may use the parameters before it. */
function compileParameters(
  report: FileProblems,
  raw: WrittenValues | undefined,
  location: Location,
  inherited: ReadonlyMap<string, Parameter>,
  others: Iterable<string>,
): Map<string, Parameter> {
  checkValueNames(report, raw ?? {}, location, new Map());
  const parameters = new Map(inherited);
  const values = new Set([...inherited.keys(), ...others]);
  for (const [name, value] of Object.entries(raw ?? {})) {
    const at = [...location, name];
    parameters.set(name, {
      template: value === REQUIRED ? undefined : compileTemplate(report, value, at, values),
      locate: () => report.source.locate(at, 'key'),
    });
    values.add(name);
  }
  return parameters;
}

/** Derived values; each may use the parameters, `others`, and those before it. */
function compileLets(
  report: FileProblems,
  raw: WrittenValues | undefined,
  location: Location,
  parameters: ReadonlyMap<string, Parameter>,
  inherited: Templates,
  others: Iterable<string>,
): Templates {
  checkValueNames(report, raw ?? {}, location, parameters);
  const lets = new Map(inherited);
  const values = new Set([...others, ...parameters.keys(), ...inherited.keys()]);
  for (const [name, value] of Object.entries(raw ?? {})) {
    lets.set(name, compileTemplate(report, value, [...location, name], values));
    values.add(name);
  }
  return lets;
}

function compileBlocks(
  report: FileProblems,
  raw: SpecKeys['blocks'],
  borrowed: ReadonlyMap<string, Block>,
  modelValues: ReadonlySet<string>,
): ReadonlyMap<string, Block> {
  const own = Object.entries(raw ?? {});
  const known = new Map(signatures(new Map(borrowed)));
  for (const [name, block] of own) {
    if (LAYER_KEYS.has(name)) report.add('NAME_TAKEN', { name, by: 'the language' }, ['blocks', name], 'key');
    const parameters = Object.entries(block.with ?? {});
    known.set(name, new Map(parameters.map(([key, value]) => [key, value === REQUIRED])));
  }
  const blocks = new Map(borrowed);
  for (const [name, block] of own) blocks.set(name, compileBlock(report, name, block, known, modelValues));
  reportCircles(
    report,
    own.map(([name]) => name),
    blocks,
  );
  return blocks;
}

function compileBlock(
  report: FileProblems,
  name: string,
  raw: BlockKeys,
  blocks: Known['blocks'],
  modelValues: ReadonlySet<string>,
): Block {
  const location = ['blocks', name];
  const parameters = compileParameters(report, raw.with, [...location, 'with'], new Map(), modelValues);
  for (const [index, input] of (raw.inputs ?? []).entries()) {
    const by = isSpecialName(input) ? 'flopwise itself' : parameters.has(input) ? 'a parameter' : undefined;
    if (by !== undefined) report.add('NAME_TAKEN', { name: input, by }, [...location, 'inputs', index]);
  }
  const lets = compileLets(report, raw.let, [...location, 'let'], parameters, new Map(), [...modelValues, ...(raw.inputs ?? [])]);
  const values = new Set([...parameters.keys(), ...lets.keys(), ...modelValues, ...(raw.inputs ?? [])]);
  const calls = new Set<string>();
  return {
    name,
    file: report.source.file,
    summary: raw.summary,
    parameters,
    lets,
    inputs: raw.inputs,
    steps: compileSteps(report, raw.layers, [...location, 'layers'], { blocks, values, calls }),
    calls,
    example: compileExample(report, raw.example, [...location, 'example'], parameters, modelValues),
    locate: () => report.source.locate(location, 'key'),
  };
}

function compileExample(
  report: FileProblems,
  raw: BlockKeys['example'],
  location: Location,
  parameters: ReadonlyMap<string, Parameter>,
  values: ReadonlySet<string>,
): Example | undefined {
  if (raw === undefined) return undefined;
  const inputValues = new Set([...parameters.keys(), ...values]);
  return {
    input: compileInput(report, raw.input, [...location, 'input'], inputValues),
    arguments: compileArguments(report, raw.with ?? {}, [...location, 'with'], parameters, 'This block', values),
  };
}

function compileVariants(
  report: FileProblems,
  raw: SpecKeys['variants'],
  parameters: ReadonlyMap<string, Parameter>,
  values: ReadonlySet<string>,
): Map<string, Templates> {
  const variants = new Map<string, Templates>();
  for (const [name, given] of Object.entries(raw ?? {})) {
    variants.set(name, compileArguments(report, given, ['variants', name], parameters, 'This model', values));
  }
  return variants;
}

/** Reports names that are no parameters of the model; the others, with what is said of them. */
function ofParameters<T>(
  report: FileProblems,
  raw: Readonly<Record<string, T>> | undefined,
  key: string,
  parameters: ReadonlyMap<string, Parameter>,
): [string, T][] {
  return Object.entries(raw ?? {}).filter(([name]) => {
    if (parameters.has(name)) return true;
    report.add('UNKNOWN_PARAMETER', { name, owner: 'This model', known: [...parameters.keys()] }, [key, name], 'key');
    return false;
  });
}

function compileAlternatives(
  report: FileProblems,
  raw: SpecKeys['alternatives'],
  inherited: Alternatives,
  parameters: ReadonlyMap<string, Parameter>,
): Alternatives {
  const own = ofParameters(report, raw, 'alternatives', parameters);
  return new Map([...inherited, ...own.map(([name, words]) => [name, new Map(Object.entries(words))] as const)]);
}

function compilePaper(
  report: FileProblems,
  raw: SpecKeys['paper'],
  inherited: ReadonlyMap<string, Value>,
  parameters: ReadonlyMap<string, Parameter>,
): ReadonlyMap<string, Value> {
  const own = ofParameters(report, raw, 'paper', parameters).filter((entry): entry is [string, WrittenValue] => entry[1] !== BROKEN);
  return new Map([...inherited, ...own]);
}

const compileRequirements = (report: FileProblems, raw: SpecKeys['require'], values: ReadonlySet<string>): Requirement[] =>
  (raw ?? []).map((text, index) => ({ text, condition: compileTemplate(report, text, ['require', index], values) }));

const ONLY_INPUT = 'input';

function compileInput(
  report: FileProblems,
  raw: NonNullable<SpecKeys['input']>,
  location: Location,
  values: ReadonlySet<string>,
): InputTemplates {
  const shape = (sizes: WrittenShape | Broken, location: Location): readonly Template[] =>
    sizes === BROKEN
      ? [brokenTemplate(report, location)]
      : sizes.map((size, axis) => compileTemplate(report, size, [...location, axis], values));
  if (raw === BROKEN || Array.isArray(raw)) return new Map([[ONLY_INPUT, shape(raw, location)]]);
  return new Map(Object.entries(raw).map(([name, sizes]) => [name, shape(sizes, [...location, name])]));
}

/** Reports blocks that call themselves, directly or through others, and cuts the circle. */
function reportCircles(report: FileProblems, names: readonly string[], blocks: Map<string, Block>): void {
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): void => {
    const start = trail.indexOf(name);
    const block = blocks.get(name);
    if (start >= 0 && block !== undefined) {
      const location = ['blocks', name];
      report.add('CIRCLE', { of: 'blocks', names: [...trail.slice(start), name] }, location, 'key');
      blocks.set(name, { ...block, steps: [brokenStep(report, location)] });
      return;
    }
    if (done.has(name)) return;
    for (const called of block?.calls ?? []) visit(called, [...trail, name]);
    done.add(name);
  };
  for (const name of names) visit(name, []);
}
