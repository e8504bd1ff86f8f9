import type { CheckedLimit, CheckedModel, CheckResult, LayerChange, LayerRecord, TotalChange } from '../../analysis/check/result.ts';
import { BUDGET_METRICS } from '../../language/budget.ts';
import { type Hints, LIBRARY_HINTS } from '../../problems/hints.ts';
import { type Position, type Problem, sentenceIn } from '../../problems/problem.ts';
import { toJson } from '../kit/json-text.ts';

/** A check as JSON: all of its result but the layers of the models, which `flopwise table --format json` writes. */

const place = (position: Position | undefined) =>
  position === undefined ? undefined : { file: position.file, line: position.line, column: position.column };

const limitFields = (limit: CheckedLimit) => ({
  ...limit,
  position: place(limit.position),
  heaviest: limit.heaviest.map((layer) => ({ ...layer, position: place(layer.position) })),
});

const totalFields = ({ metric, before, after }: TotalChange) => ({
  metric,
  label: BUDGET_METRICS[metric].label,
  before,
  after,
  difference: after - before,
});

const recordFields = (record: LayerRecord | undefined) => record && { ...record };

const layerFields = ({ kind, path, before, after, position }: LayerChange) => ({
  kind,
  path,
  position: place(position),
  before: recordFields(before),
  after: recordFields(after),
});

const problemFields = (hints: Hints) => (problem: Problem) => ({
  code: problem.code,
  message: sentenceIn(hints, problem),
  path: problem.path,
  position: place(problem.position),
});

const modelFields =
  (hints: Hints) =>
  ({ name, source, totals, position, limits, warnings, change }: CheckedModel) => {
    const { parameters, macs, flops, activations } = totals;
    return {
      name,
      source,
      position: place(position),
      totals: { parameters, macs, flops, activations },
      limits: limits.map(limitFields),
      warnings: warnings.length === 0 ? undefined : warnings.map(problemFields(hints)),
      change: change && { kind: change.kind, totals: change.totals.map(totalFields), layers: change.layers.map(layerFields) },
    };
  };

const broken = (models: readonly CheckedModel[], severity: CheckedLimit['severity']): number =>
  models.flatMap(({ limits }) => limits).filter((limit) => limit.broken && limit.severity === severity).length;

export const checkJson = ({ models, removed, problems, baseline, hints = LIBRARY_HINTS }: CheckResult): string =>
  toJson({
    summary: {
      models: models.length,
      limits: models.flatMap(({ limits }) => limits).length,
      errors: broken(models, 'error'),
      warnings: broken(models, 'warning'),
      problems: problems.length,
    },
    baseline,
    models: models.map(modelFields(hints)),
    removed: removed.map(({ name, source, totals }) => ({ name, source, totals })),
    problems: problems.map(problemFields(hints)),
  });
