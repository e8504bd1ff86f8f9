import { cut, withoutControls } from '../../problems/text.ts';
import type { OnnxNode } from '../file/model.ts';

/** How the names that exporters give to nodes become paths, in which stages and blocks are modules. */

/** Where a node stands. */
export interface ModulePath {
  /** The modules that it is in, outermost first. */
  readonly modules: readonly string[];
  /** Its own name in the last of them. */
  readonly layer: string;
  /** The name says only what the operator is: where the module holds nothing else, the module's name says all. */
  readonly isOperator: boolean;
}

/** Deeper modules are named in one step: names are a file's, and may have any length. */
const MOST_STEPS = 16;

/** `layer1.0` for the first layer of `layer1`, as where the module before it is a list. */
const isNumber = (step: string): boolean => /^\d+$/.test(step);

/** What tf2onnx and Keras put before all names of a network, and what onnx puts before names of functions that it inlines. */
const WRAPPERS = /^(StatefulPartitionedCall|PartitionedCall|model|model_\d+|functional|functional_\d+|p2o|\w*__Inline_\d+__)$/;

/** `Conv`, `Conv_12`, `BatchNormalization__7`: operators begin with a capital, modules of most networks do not. */
const OPERATOR = /^[A-Z][A-Za-z\d]*(_\d+|__\d+)?$/;

/** Longer steps are cut. */
const LONGEST_STEP = 100;

/** Paths put numbers in brackets, and slashes between steps; spreadsheets take what begins with some signs for a formula. */
const mended = (step: string): string =>
  cut(withoutControls(step.trim()), LONGEST_STEP)
    .replace(/\[(\d+)\]/g, '.$1')
    .replace(/[[\]/]/g, '_')
    .replace(/^[=+@-]/, '_');

/** Almost all steps are as a path wants them. */
const PLAIN = /^\w[\w.:]*$/;

const clean = (step: string): string => (step.length <= LONGEST_STEP && PLAIN.test(step) ? step : mended(step));

/** `blocks.0.conv` as `blocks.0` and `conv`. */
function dotted(name: string): string[] {
  const steps: string[] = [];
  for (const step of name.split('.')) {
    if (isNumber(step) && steps.length > 0) steps.push(`${steps.pop()}.${step}`);
    else steps.push(step);
  }
  return steps;
}

/** Names have slashes, or else dots. What a function was inlined as ends with underscores and has no slash of its own. */
function steps(name: string): string[] {
  const inlined = name.includes('__Inline_') ? name.replace(/^(\w*?__Inline_\d+__)\/?/, '$1/') : name;
  const all = (inlined.includes('/') ? inlined.split('/') : dotted(inlined)).map(clean).filter((step) => step !== '');
  const first = all.findIndex((step) => !WRAPPERS.test(step));
  return first > 0 ? all.slice(first) : all;
}

/** `layer1`, `layer1.0` and `layer1.0.conv1` as `layer1`, `layer1.0` and `conv1`: each within the one before. */
function nested(modules: readonly string[]): string[] {
  let outer = '';
  return modules.map((module) => {
    const own = outer !== '' && module.startsWith(`${outer}.`) ? module.slice(outer.length + 1) : module;
    const list = outer.split('.').at(-1) as string;
    outer = module;
    return clean(isNumber(own) && list !== '' ? `${list}.${own}` : own);
  });
}

const bounded = (all: readonly string[]): readonly string[] =>
  all.length <= MOST_STEPS ? all : [...all.slice(0, MOST_STEPS - 1), cut(all.slice(MOST_STEPS - 1).join('.'), LONGEST_STEP)];

/** Where a node stands, by its name; by its operator and its number in the graph where it has none. */
export function placeOf({ name, operator, modules }: OnnxNode, index: number): ModulePath {
  const own = steps(name);
  const layer = own.at(-1) ?? `${clean(operator)}_${index}`;
  if (modules !== undefined && modules.length > 0)
    return { modules: bounded(nested(modules)), layer: clean(layer.replace(/^node_(?=.)/, '')), isOperator: true };
  return { modules: bounded(own.slice(0, -1)), layer, isOperator: OPERATOR.test(layer) };
}

/** The steps of a node's path; the last is the layer. */
export function pathOf(node: OnnxNode, index: number): readonly string[] {
  const { modules, layer } = placeOf(node, index);
  return [...modules, layer];
}
