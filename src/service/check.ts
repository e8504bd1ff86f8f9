import { changeSince } from '../analysis/check/changes.ts';
import { checkLimit } from '../analysis/check/limits.ts';
import { recordOf } from '../analysis/check/record.ts';
import type { CheckedModel, CheckResult } from '../analysis/check/result.ts';
import { counterOf } from '../analysis/conventions/convention.ts';
import { conventionOf } from '../analysis/conventions/registry.ts';
import type { Analysis, Counter } from '../analysis/cost.ts';
import { BUDGET_METRICS, LIMITED_METRICS, type LimitedMetric } from '../language/budget.ts';
import { type Limit, parseBound } from '../language/limit.ts';

/** Limits on the totals of a model, as a spec writes them: `{ macs: '<= 4.2 GMAC', parameters: '< 26M' }`. */
export type Limits = { readonly [M in LimitedMetric]?: string };

const limitsOf = (limits: Limits): Limit[] =>
  LIMITED_METRICS.flatMap((metric): Limit[] => {
    const written = limits[metric];
    if (written === undefined) return [];
    const { key } = BUDGET_METRICS[metric];
    return [{ metric, bound: parseBound(written, metric, key), written, severity: 'error', origin: key }];
  });

/** A model to check. */
interface ModelToCheck {
  readonly analysis: Analysis;
  /** The same model as it was counted then. */
  readonly before?: Analysis | undefined;
  /** Limits that its spec sets. */
  readonly budget?: readonly Limit[] | undefined;
}

/** What counts by the conventions that limits name. */
const countersOf = (limits: readonly Limit[]): ReadonlyMap<string, Counter> =>
  new Map(limits.flatMap(({ convention }) => (convention === undefined ? [] : [[convention, counterOf(conventionOf(convention))]])));

function checkModel({ analysis, before: then, budget = [] }: ModelToCheck, ofAll: readonly Limit[]): CheckedModel {
  const { name, source, totals, rows } = analysis;
  const before = then && recordOf(then, name, source);
  const limits = [...budget, ...ofAll];
  const context = { analysis, counters: countersOf(limits), before, hasBaseline: before !== undefined };
  const positionOf = (path: string) => rows.find((row) => row.path === path)?.node.locate?.();
  return {
    name,
    source,
    totals,
    count: () => analysis,
    ...(then && { before: () => then }),
    limits: limits.map((limit) => checkLimit(limit, context)).filter((checked) => checked !== undefined),
    warnings: analysis.graph.warnings ?? [],
    change: before && changeSince(before, recordOf(analysis, name, source), positionOf),
  };
}

/**
 * Holds models against limits on their totals, and against what they were: `before` is the same model as it was counted then.
 * @throws ProblemError where a limit is none, is in a unit that the metric does not have, or is on growth and there is no `before`.
 */
export function checkModels(models: readonly ModelToCheck[], limits: Limits): CheckResult {
  const compiled = limitsOf(limits);
  return {
    models: models.map((model) => checkModel(model, compiled)),
    removed: [],
    problems: [],
    baseline: models.some(({ before }) => before !== undefined) ? 'the models before' : undefined,
  };
}
