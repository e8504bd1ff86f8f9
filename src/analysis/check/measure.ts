import { sum } from '../../core/exact.ts';
import { elements } from '../../core/shape.ts';
import type { TrainingRow } from '../../gradients/work.ts';
import type { Weight } from '../../graph/graph.ts';
import { BUDGET_METRICS, type BudgetMetric } from '../../language/budget.ts';
import { fail } from '../../problems/problem.ts';
import type { Analysis, CostRow, Counter } from '../cost.ts';
import { depthOf } from '../layer-depth.ts';
import { cacheOf, ELEMENT_BYTES, memoryOf } from '../memory.ts';
import { train } from '../training/step.ts';

/** What is measured: some layers of a network, by a convention where there is one, of one operator where it is a share. */
export interface Subject {
  readonly analysis: Analysis;
  readonly rows: readonly CostRow[];
  readonly counter?: Counter | undefined;
  readonly operator?: string | undefined;
}

/** A value, and what each layer adds to it. */
export interface Measurement {
  readonly value: bigint;
  /** What the value is a part of, where it is a share. */
  readonly whole?: bigint;
  /** `undefined` where layers do not add up to it. */
  readonly weigh?: (row: CostRow) => bigint;
}

type Measure = (subject: Subject) => Measurement;

const added =
  (weigh: (row: CostRow) => bigint): Measure =>
  ({ rows }) => ({ value: sum(rows.map(weigh)), weigh });

export const operationsOf = ({ operations }: CostRow): bigint => sum(Object.values(operations));

/** Bytes of fp32 that each layer holds; a tensor that several share, at the first of them. */
function weightBytes({ rows }: Subject): Measurement {
  const seen = new Set<Weight>();
  const bytes = new Map(
    rows.map((row) => {
      const own = Object.values(row.weights).filter((weight) => !seen.has(weight));
      for (const weight of own) seen.add(weight);
      return [row, sum(own.map(({ shape }) => elements(shape) * ELEMENT_BYTES.fp32))] as const;
    }),
  );
  const weigh = (row: CostRow): bigint => bytes.get(row) ?? 0n;
  return { value: sum(bytes.values()), weigh };
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** The most bytes of fp32 that are alive while any of the layers runs; what is alive while each does. */
function peakBytes({ analysis, rows }: Subject): Measurement {
  const { alive } = memoryOf(analysis.graph);
  const bytes = new Map(analysis.rows.map((row, index) => [row, alive[index] as bigint]));
  const weigh = (row: CostRow): bigint => bytes.get(row) ?? 0n;
  return { value: rows.map(weigh).reduce(larger, 0n), weigh };
}

/** Bytes of fp32 that are kept for the next step. */
function cacheBytes({ analysis, rows }: Subject): Measurement {
  const { byNode } = cacheOf(analysis.graph);
  const bytes = new Map(analysis.rows.map((row, index) => [row, byNode[index]?.bytes ?? 0n]));
  const weigh = (row: CostRow): bigint => bytes.get(row) ?? 0n;
  return { value: sum(rows.map(weigh)), weigh };
}

/** Multiply-accumulates of a training step, all weights being trained. */
function trainingMacs({ analysis: { graph, rows: all }, rows }: Subject): Measurement {
  const step = train(graph, {});
  const macs = new Map(
    all.map((row, index) => {
      const { forward, inputGradient, weightGradient } = step.rows[index] as TrainingRow;
      return [row, forward.macs + inputGradient.macs + weightGradient.macs] as const;
    }),
  );
  const weigh = (row: CostRow): bigint => macs.get(row) ?? 0n;
  return { value: sum(rows.map(weigh)), weigh };
}

/** The most bytes of a training step in fp32 with AdamW: of a whole model, since a step has one peak. */
function trainingPeakBytes({ analysis, rows }: Subject): Measurement {
  if (rows.length < analysis.rows.length)
    throw fail('CONTRADICTION', { message: 'A training step has one peak, not one of each part. Limit that of the whole model' });
  return { value: train(analysis.graph, {}).memory.peak };
}

function layerDepth({ analysis, rows }: Subject): Measurement {
  const nodes = new Set(rows.map(({ node }) => node));
  return { value: BigInt(depthOf(analysis.graph, (node) => nodes.has(node))) };
}

const countedBy = (counter: Counter | undefined) => (row: CostRow) => (counter === undefined ? operationsOf(row) : counter.count([row]));

/** The part that one operator has of all operations, or of what a convention counts. */
function share({ rows, counter, operator }: Subject): Measurement {
  const weighAny = countedBy(counter);
  const weigh = (row: CostRow): bigint => (row.operator === operator ? weighAny(row) : 0n);
  return { value: sum(rows.map(weigh)), whole: sum(rows.map(weighAny)), weigh };
}

/** Complete by type: a metric that cannot be measured does not compile. */
export const measures: { readonly [M in BudgetMetric]: Measure } = {
  parameters: added(({ parameters }) => parameters),
  activeParameters: added(({ activeParameters }) => activeParameters),
  macs: added(({ macs }) => macs),
  flops: added(({ flops }) => flops),
  activations: added(({ activations }) => activations),
  weightBytes,
  peakActivationBytes: peakBytes,
  cacheBytes,
  trainingMacs,
  trainingPeakBytes,
  depth: layerDepth,
  count: (subject) => added(countedBy(subject.counter))(subject),
  share,
};

/** As a person calls it: "MACs", "share of softmax", "fvcore (MACs)". */
export function labelOf(metric: BudgetMetric, { counter, operator }: Pick<Subject, 'counter' | 'operator'>): string {
  if (metric === 'count') return counter?.title ?? BUDGET_METRICS.count.label;
  if (metric === 'share') return `share of ${operator}${counter === undefined ? '' : ` by ${counter.title}`}`;
  return BUDGET_METRICS[metric].label;
}
