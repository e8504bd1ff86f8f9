import { changeSince } from '../analysis/check/changes.ts';
import { checkLimit } from '../analysis/check/limits.ts';
import { recordOf } from '../analysis/check/record.ts';
import type { CheckedModel, CheckResult, ModelRecord } from '../analysis/check/result.ts';
import type { Analysis } from '../analysis/cost.ts';
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

function checkModel(analysis: Analysis, limits: readonly Limit[], before: ModelRecord | undefined): CheckedModel {
  const { name, source, totals, rows } = analysis;
  const context = { analysis, counters: new Map(), before, hasBaseline: before !== undefined };
  const positionOf = (path: string) => rows.find((row) => row.path === path)?.node.locate?.();
  return {
    name,
    source,
    totals,
    count: () => analysis,
    limits: limits.map((limit) => checkLimit(limit, context)).filter((checked) => checked !== undefined),
    warnings: analysis.graph.warnings ?? [],
    change: before && changeSince(before, recordOf(analysis, name, source), positionOf),
  };
}

/**
 * Holds models against limits on their totals, and against what they were: `before` is the same model as it was counted then.
 * @throws ProblemError where a limit is none, is in a unit that the metric does not have, or is on growth and there is no `before`.
 */
export function checkModels(
  models: readonly { readonly analysis: Analysis; readonly before?: Analysis | undefined }[],
  limits: Limits,
): CheckResult {
  const compiled = limitsOf(limits);
  const recorded = ({ analysis, before }: (typeof models)[number]): ModelRecord | undefined =>
    before && recordOf(before, analysis.name, analysis.source);
  return {
    models: models.map((model) => checkModel(model.analysis, compiled, recorded(model))),
    removed: [],
    problems: [],
    baseline: models.some(({ before }) => before !== undefined) ? 'the models before' : undefined,
  };
}
