import { ZOO_PREFIX } from '../../../analysis/check/result.ts';
import { type Analysis, analyse } from '../../../analysis/cost.ts';
import { glob, isGlob } from '../../../language/glob.ts';
import { CONFIG_FILES } from '../../../library/config.ts';
import { expandFound, findModel, type Library, openModel, parseReference, referencesOf } from '../../../library/reference.ts';
import type { Workspace } from '../../../library/workspace.ts';
import type { Position, ProblemList } from '../../../problems/problem.ts';
import { withoutControls } from '../../../problems/text.ts';
import { attempt } from '../../../service/attempt.ts';
import type { Spec } from '../../../spec/compiled.ts';
import type { Settings } from '../../../spec/expand.ts';
import { isOwnSpec, isSpecPath, mayBeSpec } from '../../../spec/folder.ts';
import { withVariant } from '../../../spec/load.ts';

/** Which models a check is about, and what they cost. */

export const isOnnx = (path: string): boolean => /\.onnx$/i.test(path);

const isFile = (target: string): boolean => isSpecPath(target) || isOnnx(target);

/** A model of a check. */
export interface OpenedModel {
  readonly name: string;
  readonly source: string;
  /** How it was called for. */
  readonly reference: CheckedReference;
  /** Which of the models that the reference opens it is. */
  readonly place: number;
  readonly analysis: Analysis;
  /** `undefined` for an ONNX file. */
  readonly spec: Spec | undefined;
  /** Whether it is all that its file describes, so that the file's budget is its own. */
  readonly isWhole: boolean;
}

/** A model that was asked for, and where; by a pattern, or by its own name. */
export interface CheckedReference {
  readonly text: string;
  readonly isFound: boolean;
  readonly locate?: (() => Position) | undefined;
}

/** What is asked for: references, patterns of files, and with "!" patterns of files to leave out. */
export interface ModelPattern {
  readonly pattern: string;
  readonly locate?: (() => Position) | undefined;
}

/** The folder that all files of a pattern are in. */
function folderOf(pattern: string): string {
  const steps = pattern.split('/');
  const first = steps.findIndex(isGlob);
  return steps.slice(0, first).join('/');
}

const withoutDot = (path: string): string => path.replace(/^(?:\.[/\\])+/, '');

const isCandidate = (path: string): boolean => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (mayBeSpec(path) || isOnnx(path)) && !(CONFIG_FILES as readonly string[]).includes(name);
};

/** Whether a file is among those asked for. */
export function isAskedFor(asked: readonly ModelPattern[]): (path: string) => boolean {
  const fits = (wanted: boolean) =>
    asked.filter(({ pattern }) => pattern.startsWith('!') !== wanted).map(({ pattern }) => glob(pattern.replace(/^!/, '')));
  const [taken, left] = [fits(true), fits(false)];
  return (path) => isCandidate(path) && taken.some((fit) => fit(path)) && !left.some((fit) => fit(path));
}

/**
 * The references that patterns stand for, in order; each once. Those that match nothing, or lead out of the folder that is checked,
 * are told; `isAsked`: by a person at the command line.
 */
export function resolveAsked(
  asked: readonly ModelPattern[],
  workspace: Workspace,
  problems: ProblemList,
  isAsked: boolean,
): CheckedReference[] {
  const lists = new Map<string, readonly string[]>();
  const list = (folder: string): readonly string[] => {
    const known = lists.get(folder) ?? workspace.list(folder);
    lists.set(folder, known);
    return known;
  };
  const isRefused = (path: string, locate: ModelPattern['locate']): boolean =>
    problems.attempt(() => {
      workspace.refuseOutside(path, isAsked);
      return false;
    }, locate) ?? true;
  const left = asked.filter(({ pattern }) => pattern.startsWith('!')).map(({ pattern }) => glob(pattern.slice(1)));
  const references = asked.flatMap(({ pattern, locate }): CheckedReference[] => {
    if (pattern.startsWith('!')) return [];
    const named = withoutDot(pattern);
    // A file may be called so, whatever its signs.
    if (!isGlob(named)) {
      const reference: CheckedReference = { text: named, isFound: false, locate };
      return isFile(targetOf(reference)) && isRefused(targetOf(reference), locate) ? [] : [reference];
    }
    if (isRefused(folderOf(named), locate)) return [];
    const fits = glob(named);
    const found = list(folderOf(named)).filter((path) => isCandidate(path) && fits(path) && !left.some((leaves) => leaves(path)));
    if (found.length === 0) problems.add({ code: 'NO_MATCH', data: { pattern, of: 'file' }, position: locate?.() });
    return found.filter((path) => !isRefused(path, locate)).map((text) => ({ text, isFound: true, locate }));
  });
  return [...new Map(references.map((reference) => [reference.text, reference])).values()];
}

/** A reference taken apart. What a pattern found is the name of a file, whatever its signs mean elsewhere. */
const parsedReference = ({ text, isFound }: CheckedReference): ReturnType<typeof parseReference> =>
  isFound ? { target: text, part: undefined, set: {} } : parseReference(text);

/** Of a file with variants, each of them; of a file of blocks that a pattern found, none. */
export function openChecked(reference: CheckedReference, library: Library, settings: Settings): OpenedModel[] {
  const parsed = parsedReference(reference);
  if (isOnnx(parsed.target)) {
    const analysis = analyse(openModel(parsed, library, settings));
    return [{ ...nameOf(analysis), reference, place: 0, analysis, spec: undefined, isWhole: true }];
  }
  const members = isFile(parsed.target) ? [] : referencesOf(reference.text, library, settings.set);
  if (members.length > 1)
    return members.flatMap((text, place) =>
      openChecked({ ...reference, text }, library, settings).map((model) => ({ ...model, reference, place })),
    );
  const { spec, block } = findModel(parsed, library);
  const isOfFile = isOwnSpec(parsed.target) && parsed.part === undefined;
  if (reference.isFound && spec.stages.size === 0 && spec.layers.length === 0) return [];
  const specs =
    isOfFile && spec.variants.size > 0 ? [...spec.variants.keys()].map((variant) => withVariant(spec, variant) as Spec) : [spec];
  return specs.map((one, place) => {
    const analysis = analyse(expandFound({ spec: one, block }, parsed, settings));
    return { ...nameOf(analysis), reference, place, analysis, spec: one, isWhole: block === undefined && parsed.path === undefined };
  });
}

const nameOf = ({ name, source }: Analysis): { name: string; source: string } => ({
  name: withoutControls(name),
  source: withoutControls(withoutDot(source.replaceAll('\\', '/'))),
});

/** Two settings of one model have its name and source; they are called as they were asked for. */
export function named(models: readonly OpenedModel[]): OpenedModel[] {
  const keyOf = ({ name, source }: OpenedModel): string => `${source}\n${name}`;
  const counts = new Map<string, number>();
  for (const model of models) counts.set(keyOf(model), (counts.get(keyOf(model)) ?? 0) + 1);
  return models.map((model) => ((counts.get(keyOf(model)) ?? 0) > 1 ? { ...model, name: withoutControls(model.reference.text) } : model));
}

/** What a reference names, or names a part or a setting of: a file, or a name of the zoo. */
export const targetOf = (reference: CheckedReference): string => attempt(() => parsedReference(reference).target) ?? reference.text;

/** The references by what they name, in order: two that name one file may come to have one name. */
export function byTarget(references: readonly CheckedReference[]): CheckedReference[][] {
  const groups = new Map<string, CheckedReference[]>();
  for (const reference of references) {
    const target = targetOf(reference);
    groups.set(target, [...(groups.get(target) ?? []), reference]);
  }
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** The files that references name. */
export const filesOf = (references: readonly CheckedReference[]): string[] => references.map(targetOf).filter(isFile);

/** Where models of a check are looked up. The zoo's files are called such that none is taken for one of the folder. */
export const checkLibrary = (library: Library): Library => ({ ...library, zoo: { ...library.zoo, prefix: ZOO_PREFIX } });
