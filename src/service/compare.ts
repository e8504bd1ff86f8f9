import { derive } from '../analysis/algebra/derivation.ts';
import { formatPolynomial } from '../analysis/algebra/polynomial.ts';
import { type FactoredMetric, productsOf } from '../analysis/algebra/products.ts';
import { addUp, collect, type Product } from '../analysis/algebra/sum.ts';
import { type Open, type Point, type SymbolicProducts, symbolicProducts } from '../analysis/algebra/symbolic.ts';
import { alignModels, type Compared, compareModels, numberProducts } from '../analysis/comparison.ts';
import { type Analysis, analyse, type Counter } from '../analysis/cost.ts';
import type { Grouping } from '../analysis/group.ts';
import { describeTypes, type MemoryOptions, memoryRule } from '../analysis/memory.ts';
import { METRICS } from '../analysis/metrics.ts';
import { formatShape } from '../core/shape.ts';
import type { Value } from '../language/expression.ts';
import { parametersOf } from '../library/parameters.ts';
import { expandFound, type FoundModel, findModel, type Library, openModel, parseReference, type Reference } from '../library/reference.ts';
import { fail } from '../problems/problem.ts';
import type { ComparisonReport } from '../report/comparison/comparison.ts';
import type { Settings } from '../spec/expand.ts';
import { isOnnxPath } from '../spec/folder.ts';
import { attempt } from './attempt.ts';
import type { ConventionOptions } from './convention.ts';
import { forAll, type ModelOptions, type Models, named, settingsOf } from './models.ts';

export interface CompareOptions extends ModelOptions, ConventionOptions, MemoryOptions {
  readonly by?: Grouping | undefined;
  readonly factors: FactoredMetric;
  /** Parameters that are left open. */
  readonly symbolic?: readonly string[];
}

/** A model with some parameters left open. */
interface OpenModel extends Compared {
  readonly open: readonly Open[];
  sample(point: Point): Analysis | undefined;
}

/** `d=?` leaves a parameter open under its own name, `out=?N` under another. */
const OPEN = /^\?([A-Za-z_]\w*)?$/;

const symbolOf = (name: string, value: Value): string | undefined => {
  const match = typeof value === 'string' ? OPEN.exec(value) : null;
  return match === null ? undefined : (match[1] ?? name);
};

/** Where samples begin if the parameter has no value of its own. */
const USUAL = 64;

/** The value that stands for an open parameter in the tables. */
function startOf(found: FoundModel, reference: Reference, name: string): number {
  const parameters = parametersOf(found);
  const value = parameters.get(name);
  if (!parameters.has(name)) throw fail('UNKNOWN_PARAMETER', { name, owner: reference.target, known: [...parameters.keys()] });
  if (value !== undefined && !Number.isSafeInteger(value)) {
    const numbers = [...parameters].filter(([, other]) => Number.isSafeInteger(other)).map(([key]) => key);
    throw fail('NOT_A_NUMBER_PARAMETER', { name, value, numbers });
  }
  return (value as number | undefined) ?? USUAL;
}

/** An ONNX file: nothing of it is open. */
function openFixed(text: string, reference: Reference, symbolic: readonly string[], settings: Settings, library: Library): OpenModel {
  if (symbolic.length > 0) throw fail('ONNX_HAS_NONE', { path: reference.target, of: 'parameters to leave open' });
  const analysis = analyse(openModel(reference, library, settings));
  return { name: text, analysis, open: [], sample: () => analysis };
}

function openCompared(text: string, symbolic: readonly string[], settings: Settings, library: Library): OpenModel {
  const reference = parseReference(text);
  if (isOnnxPath(reference.target)) return openFixed(text, reference, symbolic, settings, library);
  const found = findModel(reference, library);
  const given: Readonly<Record<string, Value>> = {
    ...Object.fromEntries(symbolic.map((name) => [name, '?'])),
    ...settings.set,
    ...reference.set,
  };
  const symbols = Object.entries(given).flatMap(([name, value]) => {
    const symbol = symbolOf(name, value);
    return symbol === undefined ? [] : [{ name, symbol, value: startOf(found, reference, name) }];
  });
  const at = (point: Point): Analysis => {
    const values = Object.fromEntries(symbols.map(({ name, symbol, value }) => [name, point[symbol] ?? value]));
    return analyse(expandFound(found, { ...reference, set: { ...given, ...values } }, { ...settings, set: undefined }));
  };
  return { name: text, analysis: at({}), open: symbols, sample: (point) => attempt(() => at(point)) };
}

/** A symbol has one value for all models: the first that any of them has it at. */
function sharedOpen(models: readonly OpenModel[]): Open[] {
  const all = new Map<string, Open>();
  for (const { open } of models) for (const one of open) if (!all.has(one.symbol)) all.set(one.symbol, one);
  return [...all.values()];
}

interface Symbolic {
  readonly products: readonly Product[];
  readonly found: SymbolicProducts | undefined;
}

/** The products of a model, in symbols where parameters are open. */
function productsIn({ name, analysis, open, sample }: OpenModel, metric: FactoredMetric, shared: readonly Open[]): Symbolic {
  if (open.length === 0) return { products: numberProducts(analysis, metric), found: undefined };
  const own = shared.filter(({ symbol }) => open.some((one) => one.symbol === symbol));
  const found = symbolicProducts(name, own, (point) => {
    const sampled = sample(point);
    return sampled && productsOf[metric](sampled);
  });
  return { products: found.products, found };
}

const isRange = (values: readonly number[], step: number): string =>
  `${values[0]} to ${values.at(-1)}${step === 1 ? '' : ` in steps of ${step}`}`;

/** The values at which symbolic formulas were compared with the model. */
function symbolNotes({ found }: Symbolic, { name }: OpenModel): string[] {
  if (found === undefined) return [];
  const ranges = Object.keys(found.tried[0] ?? {}).map((symbol) => {
    const values = [...new Set(found.tried.map((point) => point[symbol] as number))].sort((a, b) => a - b);
    return `${symbol} = ${isRange(values, found.step)}`;
  });
  return [`${name}: every factor is a polynomial that was checked at ${found.tried.length} points, ${ranges.join(', ')}.`];
}

/** What a model costs as one polynomial of its open parameters. */
const polynomialNotes = ({ products, found }: Symbolic, { name }: OpenModel, metric: FactoredMetric): string[] =>
  found === undefined ? [] : [`${name}: ${METRICS[metric]} = ${formatPolynomial(addUp(collect(products)))}`];

function inputNotes(models: readonly Compared[]): string[] {
  const inputs = new Set(models.map(({ analysis }) => analysis.input.map(formatShape).join(', ')));
  return inputs.size < 2 ? [] : [`The inputs differ: ${[...inputs].join(' and ')}.`];
}

/** Layers of what is small, blocks of what is large. */
const FEW_LAYERS = 40;
const usualGrouping = (models: readonly Compared[]): Grouping =>
  models.every(({ analysis }) => analysis.rows.length <= FEW_LAYERS) ? 'layer' : 'block';

/** Opens and compares models: all that the formats print. */
export function compareReferences(
  texts: readonly string[],
  options: CompareOptions,
  { library }: Models,
  counter?: Counter,
): ComparisonReport {
  const settings = settingsOf(options);
  const opened = forAll(texts, (text) => openCompared(text, options.symbolic ?? [], settings, library));
  const shared = sharedOpen(opened);
  if (opened.length === 1 && shared.length === 0)
    throw fail('WRONG_CALL', { message: 'The argument <other> is missing', command: 'flopwise compare' });
  const values = Object.fromEntries(shared.map(({ symbol, value }) => [symbol, value]));
  const analyses = named(
    opened.map((model) => model.sample(values) ?? model.analysis),
    texts,
  );
  const models = opened.map((model, index) => ({
    ...model,
    analysis: { ...(analyses[index] as Analysis), counter },
    name: analyses[index]?.name ?? model.name,
  }));
  const comparisons = compareModels(models, options);
  const symbolic = models.map((model) => productsIn(model, options.factors, shared));
  const types = [...new Set(models.map(({ analysis }) => describeTypes(analysis.graph, options)))];
  const by = options.by ?? usualGrouping(models);
  const [first, second] = models as [OpenModel, OpenModel];
  const at = shared.map(({ symbol, value }) => `${symbol} = ${value}`);
  return {
    models,
    comparisons,
    by,
    pairs: models.length === 2 ? alignModels(first.analysis, second.analysis, by) : [],
    derivations: models.slice(1).map((model, index) => ({
      names: [first.name, model.name],
      derivation: derive(symbolic[0]?.products ?? [], symbolic[index + 1]?.products ?? []),
    })),
    label: METRICS[options.factors],
    notes: [
      ...models.flatMap((model, index) => polynomialNotes(symbolic[index] as Symbolic, model, options.factors)),
      ...inputNotes(models),
      ...(at.length === 0
        ? []
        : [`The totals are with ${at.join(', ')}.`, ...models.flatMap((model, index) => symbolNotes(symbolic[index] as Symbolic, model))]),
      `Bytes with ${types.join('; ')}. ${memoryRule(options)}`,
    ],
  };
}
