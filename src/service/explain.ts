import { type Convention, TRAINING } from '../analysis/conventions/convention.ts';
import { networkFacts } from '../analysis/conventions/network-facts.ts';
import { conventions } from '../analysis/conventions/registry.ts';
import type { Analysis } from '../analysis/cost.ts';
import { type Explanation, explain, type Variant } from '../analysis/explain.ts';
import { type Candidate, findNumber, isFound, type Match, parseNumber } from '../analysis/find-number.ts';
import { explainTraining, QUOTED_NAMES } from '../analysis/training/explain.ts';
import { train } from '../analysis/training/step.ts';
import { withoutClassifier } from '../analysis/without-classifier.ts';
import type { Shape } from '../core/shape.ts';
import type { FlowOptions } from '../gradients/flow.ts';
import type { Value } from '../language/expression.ts';
import { parseReference, parseSettings, parseValue, specOf } from '../library/reference.ts';
import { fail } from '../problems/problem.ts';
import {
  explanationJson,
  explanationMarkdown,
  explanationText,
  matchesJson,
  matchesMarkdown,
  matchesText,
  type Notes,
  overviewJson,
  overviewMarkdown,
  overviewText,
} from '../report/explanation/explanation.ts';
import type { Screen } from '../report/kit/terminal.ts';
import type { Spec } from '../spec/compiled.ts';
import { type ConventionOptions, openConvention } from './convention.ts';
import { analyseAll, type ModelOptions, type Models, problemsOf } from './models.ts';

/** What `explain` tells, ready to be written in one of its formats. */

export interface ExplainOptions extends ModelOptions, ConventionOptions, FlowOptions {
  readonly checkpoint?: string;
  readonly from?: string;
  readonly to?: string;
  readonly number?: string;
  /** A training step, in place of the forward pass. */
  readonly training?: boolean;
}

/** An answer, to be written in one of these formats. */
export interface Explained {
  readonly table: (screen: Screen) => string;
  readonly json: () => string;
  readonly markdown: () => string;
}

type Values = Readonly<Record<string, Value>>;

/** A model that can be counted with other values for its parameters. */
interface Model {
  readonly reference: string;
  readonly spec: Spec | undefined;
  /** The values that were asked for; they stay. */
  readonly fixed: ReadonlySet<string>;
  /** Whether a size of the input was asked for; it stays. */
  readonly isSized: boolean;
  count(values: Values, input?: readonly string[]): Analysis;
}

function openVariants(reference: string, options: ModelOptions, models: Models): Model {
  const { set } = parseReference(reference);
  const given = (options.set ?? []).flatMap((text) => parseSettings(text)).map(([name]) => name);
  const count = (values: Values, input?: readonly string[]): Analysis => {
    const more = Object.entries(values).map(([name, value]) => `${name}=${value}`);
    const sized = input === undefined ? options : { ...options, input };
    return analyseAll([reference], { ...sized, set: [...(options.set ?? []), ...more] }, models)[0] as Analysis;
  };
  const spec = specOf(parseReference(reference), models.library);
  return { reference, spec, fixed: new Set([...Object.keys(set), ...given]), isSized: options.input !== undefined, count };
}

/** What the model has where nothing is said: the default of the parameter, as it is written. */
const usual = ({ spec }: Model, name: string): string => String(spec?.parameters.get(name)?.template?.constant);

const words = ({ spec }: Model, name: string, value: string): string => spec?.alternatives.get(name)?.get(value) ?? `${name}=${value}`;

/** `stride on the 1×1 instead of the 3×3`: what both begin with is said once. */
function inPlaceOf(now: string, before: string): string {
  const [words, others] = [now.split(' '), before.split(' ')];
  const differs = Math.max(
    words.findIndex((word, index) => word !== others[index]),
    0,
  );
  const start = words[differs - 1] === 'the' ? differs - 1 : differs;
  return `${now} instead of ${others.slice(start).join(' ')}`;
}

/** Values of the paper's network that differ from the model's. */
const paperValues = (model: Model): [string, Value][] =>
  [...(model.spec?.paper ?? [])].filter(([name, value]) => !model.fixed.has(name) && usual(model, name) !== String(value));

/** From the first network to the last, one parameter at a time. */
function way(model: Model, from: Convention, to: Convention): { first: Analysis; variants: Variant[] } {
  const paper = paperValues(model);
  const isPaper = [from.network === 'paper', to.network === 'paper'];
  if (paper.length === 0 || isPaper[0] === isPaper[1])
    return { first: model.count(isPaper[0] ? Object.fromEntries(paper) : {}), variants: [] };
  const toPaper = isPaper[1] === true;
  const variants = paper.map(([name, value], index): Variant => {
    const [here, there] = [words(model, name, usual(model, name)), words(model, name, String(value))];
    const values = Object.fromEntries(toPaper ? paper.slice(0, index + 1) : paper.slice(index + 1));
    return { because: toPaper ? inPlaceOf(there, here) : inPlaceOf(here, there), analysis: model.count(values) };
  });
  return { first: model.count(toPaper ? {} : Object.fromEntries(paper)), variants };
}

function explainWay(model: Model, from: Convention, to: Convention): Explanation {
  const { first, variants } = way(model, from, to);
  return explain(from, to, first, variants);
}

const MOST_VARIANTS = 64;

/** Every combination of the values that the model's parameters are known with. */
function combinations(model: Model): Values[] {
  let all: Values[] = [{}];
  for (const [name, values] of model.spec?.alternatives ?? []) {
    if (model.fixed.has(name)) continue;
    const others = [...values.keys()].filter((value) => value !== usual(model, name)).map(parseValue);
    all = [...all, ...all.flatMap((chosen) => others.map((value) => ({ ...chosen, [name]: value })))].slice(0, MOST_VARIANTS);
  }
  return all;
}

/** The network with every combination of values, each with and without its classifier. */
function candidates(model: Model): Candidate[] {
  const paper = paperValues(model);
  const whole = combinations(model).map(
    (values): Candidate => ({
      analysis: model.count(values),
      changes: Object.entries(values).map(([name, value]) => words(model, name, String(value))),
      isPaper: paper.length === Object.keys(values).length && paper.every(([name, value]) => String(values[name]) === String(value)),
    }),
  );
  const bodies = whole.flatMap(({ analysis, changes }): Candidate[] => {
    const body = withoutClassifier(analysis);
    return body === undefined ? [] : [{ analysis: body, changes: [...changes, 'without the classifier'], isPaper: false }];
  });
  return [...whole, ...bodies];
}

/** Sizes that figures are published for: sides of images, lengths of sequences. */
const SIDES = [
  32, 64, 96, 112, 128, 160, 192, 224, 240, 256, 260, 280, 288, 299, 300, 320, 331, 336, 380, 384, 416, 448, 456, 480, 512, 528, 600, 640,
  768, 800, 1024, 1280,
];
const LENGTHS = [1, 77, 128, 197, 256, 384, 512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072];

/** The inputs of a network with other sizes along some axes, as the command line takes them. */
interface Sized {
  readonly inputs: readonly string[];
  readonly words: string;
}

/** An input may be an image, frames of a film or a sequence: sides lie along its last two axes, a length along its first. */
const axesOf = (shape: Shape): readonly number[] => (shape.length > 2 ? [shape.length - 2, shape.length - 1] : [0]);

/** All inputs that have the size of the first along such axes, with another. Shapes have no batch. */
function resized(inputs: readonly { readonly name: string; readonly shape: Shape }[], before: number, size: number): Sized {
  const shapes = inputs.map(({ name, shape }) => {
    const axes = axesOf(shape);
    return {
      name,
      shape: axes.every((axis) => shape[axis] === before) ? shape.map((other, axis) => (axes.includes(axis) ? size : other)) : shape,
    };
  });
  return {
    inputs: shapes.map(({ name, shape }) => `${name}=${shape.join('x')}`),
    words: shapes.map(({ name, shape }) => `${shapes.length > 1 ? name : 'input'} ${shape.join('×')}`).join(', '),
  };
}

/** A network of another size, if it takes it; its size may also be a parameter. */
function ofSize(model: Model, { inputs, words: changed }: Sized, before: number, size: number): Candidate[] {
  const names = [...(model.spec?.parameters.keys() ?? [])].filter(
    (name) => !model.fixed.has(name) && usual(model, name) === String(before),
  );
  const attempts: (() => Analysis)[] = [() => model.count({}, inputs), ...names.map((name) => () => model.count({ [name]: size }))];
  for (const attempt of attempts)
    try {
      const analysis = attempt();
      if (analysis.input.every((shape) => !shape.slice(1).includes(size))) continue;
      return [{ analysis, changes: [changed], isPaper: false }];
    } catch (error) {
      problemsOf(error);
    }
  return [];
}

/** The network at other sizes of its inputs. */
function otherSizes(model: Model): Candidate[] {
  const inputs = model.count({}).graph.inputs.map(({ name, tensor }) => ({ name, shape: tensor.shape.slice(1) }));
  const [first] = inputs;
  if (model.isSized || first === undefined || first.shape.length === 0) return [];
  const [axis = 0] = axesOf(first.shape);
  const before = first.shape[axis] as number;
  const sizes = (first.shape.length > 2 ? SIDES : LENGTHS).filter((size) => size !== before);
  return sizes.flatMap((size) => ofSize(model, resized(inputs, before, size), before, size));
}

function traced(model: Model, text: string, all: readonly Convention[]): Explained {
  const number = parseNumber(text);
  const first = findNumber(number, candidates(model), all);
  const second = isFound(first) ? first : findNumber(number, otherSizes(model), all);
  // What another size comes near to says nothing.
  const matches: readonly Match[] = isFound(second) ? second : first;
  return {
    table: (screen) => matchesText(model.reference, number, matches, screen),
    json: () => matchesJson(model.reference, number, matches),
    markdown: () => matchesMarkdown(model.reference, number, matches),
  };
}

function between(model: Model, from: Convention, to: Convention): Explained {
  return explained(explainWay(model, from, to));
}

function explained(explanation: Explanation): Explained {
  return {
    table: (screen) => explanationText(explanation, screen),
    json: () => explanationJson(explanation),
    markdown: () => explanationMarkdown(explanation),
  };
}

const beside = (analysis: Analysis, explanations: readonly Explanation[], notes: Notes): Explained => ({
  table: (screen) => overviewText(analysis, explanations, notes, screen),
  json: () => overviewJson(analysis, explanations),
  markdown: () => overviewMarkdown(analysis, explanations),
});

const applyingTo = ({ graph }: Analysis, all: readonly Convention[]): Convention[] => {
  const { isLanguage } = networkFacts(graph);
  return all.filter(({ network }) => network !== 'language' || isLanguage);
};

function overview(model: Model, macs: Convention, all: readonly Convention[]): Explained {
  const analysis = model.count({});
  return beside(
    analysis,
    applyingTo(analysis, all).map((convention) => explainWay(model, macs, convention)),
    ['--from A --to B tells the steps from one to another.'],
  );
}

const TRAINING_NOTES: Notes = [
  'hardware  what is executed, with what checkpoints do again: of it is hardware FLOPs utilisation (HFU).',
  'model     the same without that: of it is model FLOPs utilisation (MFU).',
  '3x        three times the forward pass.',
  '--to A tells the steps from the first to another.',
];

/** Options of a training step, which the forward pass does not have. */
const OF_TRAINING = { checkpoint: '--checkpoint', freeze: '--freeze', train: '--train', inputGradient: '--input-gradient' } as const;

function refuseWithoutTraining(options: ExplainOptions): void {
  const [given] = Object.entries(OF_TRAINING).flatMap(([name, flag]) =>
    options[name as keyof typeof OF_TRAINING] === undefined ? [] : [flag],
  );
  if (given !== undefined)
    throw fail('WRONG_CALL', { message: `${given} is about a training step. Give --training too`, command: 'flopwise explain' });
}

/** What is quoted for a training step, or the way there. */
function ofTraining(model: Model, options: ExplainOptions, all: readonly Convention[], models: Models): Explained {
  if (options.number !== undefined || options.from !== undefined)
    throw fail('WRONG_CALL', {
      message: 'With --training the way begins at what the hardware does. Leave --from and --number out',
      command: 'flopwise explain',
    });
  const analysis = model.count({});
  const training = train(analysis.graph, options);
  const wayTo = (to: Convention | string): Explanation => explainTraining(training, analysis, to);
  const { to } = options;
  if (to !== undefined) return explained(wayTo(QUOTED_NAMES.includes(to) ? to : openConvention(to, models)));
  const counted = applyingTo(analysis, all).filter(({ unit }) => unit === TRAINING);
  return beside(analysis, [...QUOTED_NAMES, ...counted].map(wayTo), TRAINING_NOTES);
}

/** The answer to `explain`: the origin of a number, the way between two conventions, or all conventions beside each other. */
export function explainModel(reference: string, options: ExplainOptions, models: Models): Explained {
  const own = options.convention === undefined ? undefined : openConvention(options.convention, models);
  const all = own === undefined || conventions.includes(own) ? conventions : [...conventions, own];
  const model = openVariants(reference, options, models);
  const [macs] = conventions as [Convention, ...Convention[]];
  if (options.training === true) return ofTraining(model, options, all, models);
  refuseWithoutTraining(options);
  if (options.number !== undefined) return traced(model, options.number, all);
  const from = options.from === undefined ? macs : openConvention(options.from, models);
  const to = options.to === undefined ? own : openConvention(options.to, models);
  if (to !== undefined) return between(model, from, to);
  return options.from === undefined ? overview(model, macs, all) : between(model, from, macs);
}
