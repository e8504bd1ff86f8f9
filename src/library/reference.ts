import type { Graph } from '../graph/graph.ts';
import { partOf } from '../graph/part.ts';
import { parseExpression, type Value } from '../language/expression.ts';
import { FlopwiseError, fail } from '../problems/problem.ts';
import type { Block, Spec } from '../spec/compiled.ts';
import type { Settings } from '../spec/expand.ts';
import { blockFile, blockNames, familyFiles, isOnnxPath, isOwnSpec, modelFile, type SpecFile, type SpecFolder } from '../spec/folder.ts';
import { withVariant } from '../spec/load.ts';
import { expandBlock, expandSpec, readSpec } from '../spec/model.ts';
import { TASKS, type Task } from '../spec/task.ts';
import type { WeightFile } from '../weights/weight-file.ts';
import { readModelConfig } from './model-config.ts';
import { holdWeights } from './stored-weights.ts';

/** How a person names a model: `resnet50`, `my.yaml`, `resnet.yaml#resnet50`, `bottleneck:d=128`; or a part of one: `resnet50/conv3_x`. */
export interface Reference {
  /** A path, or a name of the zoo. */
  readonly target: string;
  /** A variant or block of that file. */
  readonly part: string | undefined;
  /** A stage, a block or a layer of the model, by its path. */
  readonly path?: string | undefined;
  readonly set: Readonly<Record<string, Value>>;
}

const SCALARS: Readonly<Record<string, Value>> = { true: true, false: false };

/** `10`, `0.5`, `true`, `B`, `[2,2,2,2]` as a value. */
export function parseValue(text: string): Value {
  const trimmed = text.trim();
  if (trimmed.startsWith('[') && trimmed.endsWith(']')) {
    const inner = trimmed.slice(1, -1).trim();
    return inner === '' ? [] : inner.split(',').map(parseValue);
  }
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(trimmed)) return Number(trimmed);
  if (/^[\d(.-].*[-+*/^()]/.test(trimmed)) return parseExpression(trimmed).evaluate({});
  return Object.hasOwn(SCALARS, trimmed) ? (SCALARS[trimmed] as Value) : trimmed;
}

/** The option that settings stand behind, and one of its settings. */
interface SettingOption {
  readonly option: string;
  readonly example: string;
}

const SET: SettingOption = { option: 'set', example: 'classes=10' };

/** `name=value` as an entry. */
function parseSetting(text: string, { option, example }: SettingOption): [string, Value] {
  const equals = text.indexOf('=');
  if (equals < 1) throw fail('WRONG_VALUE', { key: option, value: text, expected: `name=value, as in ${example}` });
  return [text.slice(0, equals).trim(), parseValue(text.slice(equals + 1))];
}

/** A comma between settings; others are inside of lists. */
const BETWEEN_SETTINGS = /,(?=\s*[A-Za-z_]\w*\s*=)/;

/** `classes=10` or `classes=10,width=2` as entries. */
export const parseSettings = (text: string, option = SET): [string, Value][] =>
  text.split(BETWEEN_SETTINGS).map((setting) => parseSetting(setting, option));

/** `nets/my.yaml` or `nets/my.yaml#small`: no part of a model follows. */
const ENDS_AS_FILE = /\.(ya?ml|json|onnx)(#[^/]*)?$/i;

/** Splits `resnet50/conv3_x/bottleneck[1]` and `nets/my.yaml#small/conv3_x`; slashes before a file's name are its own. */
function withoutPath(text: string): { whole: string; path: string | undefined } {
  const match = /^((?:.*\.(?:ya?ml|json|onnx))(?:#[^/]*)?|[^/.#\\]+)\/(.+)$/i.exec(text);
  if (match === null || ENDS_AS_FILE.test(text)) return { whole: text, path: undefined };
  return { whole: match[1] as string, path: (match[2] as string).replace(/\/$/, '') };
}

/** Takes a reference apart. */
export function parseReference(text: string): Reference {
  // A colon after a letter for a drive, or inside a path, is none of ours: settings have a "=".
  const colon = /^(.*?):([A-Za-z_]\w*=.*)$/.exec(text);
  const named = colon === null ? text : (colon[1] as string);
  const { whole, path } = withoutPath(named);
  const hash = whole.indexOf('#');
  const settings = colon === null ? [] : parseSettings(colon[2] as string);
  return {
    target: hash < 0 ? whole : whole.slice(0, hash),
    part: hash < 0 ? undefined : whole.slice(hash + 1),
    path,
    set: Object.fromEntries(settings),
  };
}

/** Where models are looked up. */
export interface Library {
  /** The file at a path, as a person gives it. */
  open(path: string): SpecFile;
  readonly zoo: SpecFolder;
  /** The network of an ONNX file, of `files` where they are no longer on the disk; not given where nothing reads ONNX. */
  openOnnx?(path: string, settings: Settings, files?: (path: string) => Uint8Array | undefined): Graph;
  /** The file of weights beside a configuration, where there is one; not given where nothing reads such files. */
  weightsBeside?(config: string): WeightFile | undefined;
}

/** A model of the zoo. */
export interface ZooModel {
  readonly name: string;
  /** What it is for. Every family says so. */
  readonly task: Task;
  /** The spec that describes it and its kin. */
  readonly family: string;
  readonly spec: Spec;
}

/** The models that a spec describes: its variants, or else itself. */
const modelsOf = (spec: Spec): ZooModel[] => {
  const task = spec.task as Task;
  const variants = [...spec.variants.keys()].map((name) => ({ name, task, family: spec.name, spec: withVariant(spec, name) as Spec }));
  return variants.length > 0 ? variants : [{ name: spec.name, task, family: spec.name, spec }];
};

/** All models of the zoo, task by task and family by family. */
export const zooModels = (zoo: SpecFolder): ZooModel[] =>
  familyFiles(zoo)
    .flatMap((file) => modelsOf(readSpec(file, zoo)))
    .toSorted((a, b) => TASKS.indexOf(a.task) - TASKS.indexOf(b.task));

/** A path that has no ending, but shows that it is one: `.`, `./llama`, `/models/llama`. */
const isFolder = (target: string): boolean => /^\.{0,2}[/\\]|^\.{1,2}$/.test(target);

/** The configuration of the model in a folder. */
const configIn = (folder: string): string => `${folder.replace(/[/\\]+$/, '')}/config.json`;

/** What a file describes: a spec, or the configuration of a published model. */
const readModel = (file: SpecFile, zoo: SpecFolder): Spec => readModelConfig(file, zoo) ?? readSpec(file, zoo);

/** The spec that a reference names a part of, if there is one. */
export function specOf({ target }: Reference, library: Library): Spec | undefined {
  const { zoo } = library;
  if (isOnnxPath(target)) return undefined;
  if (isFolder(target)) return readModel(library.open(configIn(target)), zoo);
  const file = isOwnSpec(target) ? library.open(target) : (modelFile(zoo, target) ?? blockFile(zoo, target));
  return file && readModel(file, zoo);
}

/** The family of the zoo that has this name, and is no model itself. */
function familyOf(name: string, zoo: SpecFolder): Spec | undefined {
  const file = modelFile(zoo, name);
  const spec = file && readSpec(file, zoo);
  return spec?.name === name && spec.variants.size > 0 && !spec.variants.has(name) ? spec : undefined;
}

/** Whether values are given for all that tells the variants of a spec apart. */
function isSettled({ variants }: Spec, given: ReadonlySet<string>): boolean {
  const names = new Set([...variants.values()].flatMap((values) => [...values.keys()]));
  return names.size > 0 && [...names].every((name) => given.has(name));
}

/**
 * The references to each of the models that a reference stands for: a file with variants stands for all of them, as a family of the
 * zoo does, unless a variant is named or all that tells them apart is set.
 * @throws FlopwiseError or ProblemError if the file has mistakes.
 */
export function referencesOf(text: string, library: Library, set: Readonly<Record<string, Value>> = {}): string[] {
  const reference = parseReference(text);
  const { target, part } = reference;
  if (part !== undefined || isOnnxPath(target)) return [text];
  const isFile = isOwnSpec(target);
  const spec = isFile ? readSpec(library.open(target), library.zoo) : familyOf(target, library.zoo);
  if (spec === undefined || spec.variants.size === 0) return [text];
  if (isSettled(spec, new Set(Object.keys({ ...set, ...reference.set })))) return [text];
  const rest = text.slice(target.length);
  return [...spec.variants.keys()].map((variant) => (isFile ? `${target}#${variant}${rest}` : `${variant}${rest}`));
}

/** What a reference names: a model, or a block of a file. */
export interface FoundModel {
  readonly spec: Spec;
  readonly block: Block | undefined;
}

/** Finds the model or block that a reference names. */
export function findModel({ target, part }: Reference, library: Library): FoundModel {
  if (isOnnxPath(target)) throw fail('ONNX_HAS_NONE', { path: target, of: 'parameters' });
  if (isOwnSpec(target)) return findPart(readModel(library.open(target), library.zoo), part);
  if (isFolder(target)) return findModel({ target: configIn(target), part, set: {} }, library);
  const found = findInZoo(target, library.zoo);
  return part === undefined ? found : findPart(found.spec, part);
}

/** Finds the model or block that a reference names and expands it; or reads it, where it is an ONNX file. */
export function openModel(reference: Reference, library: Library, settings: Settings = {}): Graph {
  if (isOnnxPath(reference.target)) return openNetwork(reference, library, settings);
  const dims = Object.keys({ ...settings.dims, ...settings.values });
  if (dims.length > 0) throw fail('SPEC_HAS_NO_DIMENSIONS', { model: reference.target, names: dims });
  const found = findModel(reference, library);
  return withStored(expandFound(found, reference, settings), found, reference, library, settings);
}

/** The parameter with which a step follows others: some layers of the first do not run then. */
const PAST = 'past';

/** The network of a configuration with the weights beside it, unless it was given other sizes. */
function withStored(graph: Graph, { spec, block }: FoundModel, { path, set }: Reference, library: Library, settings: Settings): Graph {
  if (spec.config === undefined || block !== undefined || path !== undefined) return graph;
  const given = Object.keys({ ...settings.set, ...set });
  if (given.some((name) => name === PAST || spec.config?.parameters.has(name))) return graph;
  const file = library.weightsBeside?.(spec.config.file);
  return file === undefined ? graph : { ...graph, stored: holdWeights(graph, file) };
}

const isSize = (value: Value): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** The network of an ONNX file. What follows the colon of its reference are sizes of dimensions. */
function openNetwork({ target, part, path, set }: Reference, { openOnnx }: Library, settings: Settings): Graph {
  if (openOnnx === undefined) throw fail('NO_ONNX_READER', { path: target });
  if (part !== undefined) throw fail('ONNX_HAS_NONE', { path: target, of: 'variants or blocks to name with "#"' });
  if (Object.keys(settings.set ?? {}).length > 0) throw fail('ONNX_HAS_NONE', { path: target, of: 'parameters to set' });
  const dims = Object.entries(set).map(([name, value]): [string, number] => {
    if (isSize(value)) return [name, value];
    throw fail('WRONG_VALUE', { key: name, value, expected: 'a whole number, the size of a dimension' });
  });
  const graph = openOnnx(target, { ...settings, dims: { ...settings.dims, ...Object.fromEntries(dims) } });
  return path === undefined ? graph : partOf(graph, path);
}

/** Expands what was found; a search does it many times. */
export function expandFound({ spec, block }: FoundModel, reference: Reference, settings: Settings): Graph {
  const all = { ...settings, set: { ...settings.set, ...reference.set } };
  const graph = block === undefined ? expandSpec(spec, all) : expandBlock(spec, block, all);
  const read = spec.config === undefined ? graph : { ...graph, config: spec.config };
  return reference.path === undefined ? read : partOf(read, reference.path);
}

function findPart(spec: Spec, part: string | undefined): FoundModel {
  if (part === undefined) return { spec, block: undefined };
  const variant = withVariant(spec, part);
  if (variant !== undefined) return { spec: variant, block: undefined };
  const block = spec.blocks.get(part);
  if (block !== undefined) return { spec, block };
  const known = [...spec.variants.keys(), ...spec.blocks.keys()];
  throw new FlopwiseError([{ code: 'UNKNOWN_PART', data: { name: part, file: spec.file, known } }]);
}

function findInZoo(name: string, zoo: SpecFolder): FoundModel {
  const model = modelFile(zoo, name);
  if (model !== undefined) {
    const spec = readSpec(model, zoo);
    const variant = withVariant(spec, name) ?? (spec.name === name && spec.variants.size === 0 ? spec : undefined);
    if (variant !== undefined) return { spec: variant, block: undefined };
  }
  const file = blockFile(zoo, name);
  const spec = file && readSpec(file, zoo);
  const block = spec?.blocks.get(name);
  if (spec !== undefined && block !== undefined) return { spec, block };
  const family = familyOf(name, zoo);
  if (family !== undefined) throw fail('NAMES_SEVERAL', { name, variants: [...family.variants.keys()] });
  const models = zooModels(zoo);
  const known = [...models.map((model) => model.name), ...new Set(models.map((model) => model.family)), ...blockNames(zoo)];
  throw new FlopwiseError([{ code: 'UNKNOWN_MODEL', data: { name, known } }]);
}
