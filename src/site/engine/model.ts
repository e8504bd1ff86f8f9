import type { Analysis } from '../../analysis/cost.ts';
import { formatShape } from '../../core/shape.ts';
import { parametersOf } from '../../library/parameters.ts';
import { type FoundModel, findModel, parseReference, parseSettings } from '../../library/reference.ts';
import { fail } from '../../problems/problem.ts';
import { attempt } from '../../service/attempt.ts';
import { analyseAsAsked, type ConventionOptions } from '../../service/convention.ts';
import type { ModelOptions, Models } from '../../service/models.ts';
import { isOnnxPath, isOwnSpec, type SpecFolder } from '../../spec/folder.ts';
import type { PageState } from '../address.ts';
import { pageLibrary } from './files.ts';
import type { Ground } from './ground.ts';
import type { AskedState, Controls, ShownParameter } from './protocol.ts';

/** The model that the page shows, by the same names and options as the command line. */

export function wholeNumber(key: string, text: string): number {
  if (!/^\d{1,15}$/.test(text) || Number(text) < 1)
    throw fail('WRONG_VALUE', { key, value: text, expected: 'a whole number from 1 to 10^15' });
  return Number(text);
}

const words = (text: string, sign: string): string[] | undefined => {
  const parts = text.split(sign).filter((part) => part.trim() !== '');
  return parts.length === 0 ? undefined : parts;
};

/** Values without those of parameters that are left open: only a comparison has formulas. */
const withoutOpen = (set: string): string =>
  set
    .split(/,(?=\s*[A-Za-z_]\w*\s*=)/)
    .filter((entry) => !/=\s*\?/.test(entry))
    .join(',');

/** How the model is to be counted. */
export const optionsOf = ({ set, input, batch, dim, convention }: PageState): ModelOptions & ConventionOptions => {
  const settled = withoutOpen(set);
  const [count, inputs, dims] = [batch === '' ? undefined : wholeNumber('batch', batch), words(input, ';'), words(dim, ',')];
  return {
    ...(count === undefined ? {} : { batch: count }),
    ...(inputs === undefined ? {} : { input: inputs }),
    ...(dims === undefined ? {} : { dim: dims }),
    ...(settled === '' ? {} : { set: [settled] }),
    ...(convention === '' ? {} : { convention }),
  };
};

/** Variants of a text, then its blocks that can stand alone. */
function partsOf({ spec }: FoundModel): string[] {
  const own = [...spec.blocks.values()].filter((block) => block.file === spec.file && block.example !== undefined);
  return [...spec.variants.keys(), ...own.map(({ name }) => name)];
}

/** What is counted of a text that says more than one thing: what was chosen, or the first where that is gone from the text. */
function partOf(state: PageState, whole: FoundModel | undefined): string {
  if (whole === undefined) return state.part;
  const parts = partsOf(whole);
  if (parts.includes(state.part)) return state.part;
  const isWhole = whole.spec.stages.size > 0 || whole.spec.layers.length > 0;
  return isWhole && whole.spec.variants.size === 0 ? '' : (parts[0] ?? '');
}

const namesOnnx = ({ model, against }: PageState): boolean => /\.onnx(?![\w.-])/i.test(`${model} ${against}`);

/** Where models of the page are looked up. What reads ONNX files is loaded where one is named. */
export async function modelsOf({ state, files }: AskedState, { zoo, openFile }: Ground): Promise<Models> {
  const reader = namesOnnx(state) ? await import('../../onnx/read/read-network.ts') : undefined;
  return { library: pageLibrary(state, files, zoo, openFile, reader?.readNetwork) };
}

/** The model as a reference, settings apart. */
export interface Named {
  readonly reference: string;
  readonly whole: FoundModel | undefined;
  readonly part: string;
}

export function nameModel(state: PageState, models: Models): Named {
  const { model } = state;
  if (isOnnxPath(model) || !isOwnSpec(model)) return { reference: model, whole: undefined, part: '' };
  const whole = attempt(() => findModel({ target: model, part: undefined, set: {} }, models.library));
  const part = partOf(state, whole);
  return { reference: part === '' ? model : `${model}#${part}`, whole, part };
}

export const countModel = (state: PageState, { reference }: Named, models: Models): Analysis =>
  analyseAsAsked([reference], optionsOf(state), models)[0] as Analysis;

/** A slider goes from nothing to so many times the value that the spec has. */
const REACH = 4;

function shownParameter(name: string, value: unknown, now: string | undefined, choices: readonly string[]): ShownParameter {
  const text = now ?? (value === undefined ? '' : Array.isArray(value) ? `[${value.join(',')}]` : String(value));
  if (choices.length > 1) return { name, value: text, kind: 'choice', choices };
  if (typeof value === 'boolean') return { name, value: text, kind: 'boolean' };
  if (typeof value === 'number') return { name, value: text, kind: 'number', most: Math.max(8, REACH * value) };
  return { name, value: text, kind: 'text' };
}

const writtenValue = (value: unknown): string => (Array.isArray(value) ? `[${value.join(',')}]` : String(value));

function parametersIn(found: FoundModel, set: string): ShownParameter[] {
  const given = new Map(attempt(() => (set === '' ? [] : parseSettings(set))) ?? []);
  return [...parametersOf(found)].map(([name, value]) => {
    const known = [...(found.spec.alternatives.get(name)?.keys() ?? [])];
    const now = given.has(name) ? writtenValue(given.get(name)) : undefined;
    return shownParameter(name, value, now, known);
  });
}

const SPECS = /^specs\//;

/** What can be set of the model; as much as can be told of one that is broken. */
export function controlsOf(
  state: PageState,
  { reference, whole, part }: Named,
  analysis: Analysis | undefined,
  models: Models,
  zoo: SpecFolder,
): Controls {
  const { model, text } = state;
  const inputs = (analysis?.graph.inputs ?? []).map(({ name, tensor }) => ({
    name,
    shape: formatShape(tensor.shape.slice(1)).replaceAll('×', 'x'),
  }));
  if (isOnnxPath(model)) return { text: undefined, file: model, parts: [], part: '', parameters: [], inputs };
  const found = attempt(() => findModel(parseReference(reference), models.library));
  const parameters = found === undefined ? [] : parametersIn(found, state.set);
  if (text !== undefined) return { text, file: model, parts: whole === undefined ? [] : partsOf(whole), part, parameters, inputs };
  const file = found?.block?.file ?? found?.spec.file ?? '';
  const own = attempt(() => zoo.read(file.replace(SPECS, '')));
  const isPart = found?.block !== undefined || found?.spec.variants.has(model) === true;
  return { text: own, file, parts: [], part: isPart ? model : '', parameters, inputs };
}
