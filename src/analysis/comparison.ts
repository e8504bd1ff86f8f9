import { OPERATIONS } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { type FactoredMetric, productsOf } from './algebra/products.ts';
import type { Product } from './algebra/sum.ts';
import { align, type Pair } from './align.ts';
import type { Analysis } from './cost.ts';
import { type CostGroup, type Grouping, groupBy } from './group.ts';
import type { MemoryOptions } from './memory.ts';
import { METRICS, type Metric, measure } from './metrics.ts';

/** A model to compare, and what to call it. */
export interface Compared {
  readonly name: string;
  readonly analysis: Analysis;
}

/** One metric of all models. */
export interface Comparison {
  readonly metric: string;
  readonly label: string;
  /** One for each model; `undefined` where there is none. */
  readonly values: readonly (bigint | undefined)[];
  /** Index of the model that is best by this metric; `undefined` where several are, or where no value is better than another. */
  readonly winner: number | undefined;
}

/** Which values are better. Of two depths neither is. */
const BETTER: Readonly<Record<Metric, 'less' | 'more' | undefined>> = {
  parameters: 'less',
  activeParameters: 'less',
  macs: 'less',
  flops: 'less',
  operations: 'less',
  activations: 'less',
  layers: undefined,
  depth: undefined,
  receptiveField: 'more',
  weightBytes: 'less',
  peakBytes: 'less',
  cacheBytes: 'less',
};

/** The only best value's index. */
function winnerOf(values: readonly (bigint | undefined)[], better: 'less' | 'more' | undefined): number | undefined {
  const known = values.filter((value) => value !== undefined);
  if (better === undefined || values.length < 2 || known.length < values.length) return undefined;
  const best = known.reduce((a, b) => (a < b === (better === 'less') ? a : b));
  return known.filter((value) => value === best).length === 1 ? known.indexOf(best) : undefined;
}

/** Checks that the models take inputs of the same kind: images, or sequences. */
function checkComparable(models: readonly Compared[]): void {
  const ranks = new Set(models.map(({ analysis }) => analysis.input[0]?.length));
  if (ranks.size > 1) throw fail('NOT_COMPARABLE', { inputs: models.map(({ name, analysis }) => ({ name, shapes: analysis.input })) });
}

/** Every metric, and each kind of operation that occurs. Throws a `ProblemError` where the models have nothing in common. */
export function compareModels(models: readonly Compared[], options: MemoryOptions): Comparison[] {
  checkComparable(models);
  const measures = models.map(({ analysis }) => measure(analysis, options));
  const kinds = OPERATIONS.filter((kind) => models.some(({ analysis }) => (analysis.totals.operations[kind] ?? 0n) > 0n));
  // Without experts all parameters are active, and only some networks keep anything.
  const isTold: Partial<Record<Metric, boolean>> = {
    activeParameters: measures.some(({ parameters, activeParameters }) => activeParameters !== parameters),
    cacheBytes: measures.some(({ cacheBytes }) => cacheBytes !== 0n),
  };
  const told = (Object.keys(METRICS) as Metric[]).filter((metric) => isTold[metric] !== false);
  const metrics = told.flatMap((metric): Comparison[] => {
    const values = measures.map((measured) => measured[metric]);
    const row = { metric, label: METRICS[metric], values, winner: winnerOf(values, BETTER[metric]) };
    return metric === 'operations' ? [row, ...kinds.map((kind) => operationsOf(kind, models))] : [row];
  });
  return [...conventionOf(models), ...metrics];
}

/** What a convention counts, where one is asked for. */
function conventionOf(models: readonly Compared[]): Comparison[] {
  const title = models[0]?.analysis.counter?.title;
  if (title === undefined) return [];
  const values = models.map(({ analysis }) => analysis.counter?.count(analysis.rows));
  return [{ metric: 'convention', label: title, values, winner: winnerOf(values, 'less') }];
}

function operationsOf(kind: (typeof OPERATIONS)[number], models: readonly Compared[]): Comparison {
  const values = models.map(({ analysis }) => analysis.totals.operations[kind] ?? 0n);
  return { metric: `operations.${kind}`, label: `${kind} operations`, values, winner: winnerOf(values, 'less') };
}

const spatialOf = ({ rows }: CostGroup): string => String(rows.at(-1)?.output[0]?.slice(2));

const lastStep = (path: string): string => (path.split('/').at(-1) as string).replace(/\[\d+\]$/, '');

/** How much two layers, blocks or stages are alike: the same operator or name, the same resolution, the same cost. */
function likeness(a: CostGroup, b: CostGroup): number {
  const isSingle = a.rows.length === 1 && b.rows.length === 1;
  if (isSingle && a.rows[0]?.operator !== b.rows[0]?.operator) return 0;
  const [sameName, sameSize] = [lastStep(a.name) === lastStep(b.name), spatialOf(a) === spatialOf(b)];
  if (!isSingle && !sameName && !sameSize) return 0;
  return 1 + 2 * Number(sameName) + 2 * Number(sameSize) + 4 * Number(a.macs === b.macs && a.parameters === b.parameters);
}

/** The rows of two models side by side where they correspond. */
export const alignModels = (a: Analysis, b: Analysis, by: Grouping): Pair<CostGroup, CostGroup>[] =>
  align(groupBy(a, by), groupBy(b, by), likeness);

/** The products that add up to a total of a model. */
export const numberProducts = (analysis: Analysis, metric: FactoredMetric): Product[] =>
  productsOf[metric](analysis).map((product) => product.map(BigInt));
