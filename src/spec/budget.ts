import { BUDGET_METRICS, type BudgetMetric, LIMITED_METRICS } from '../language/budget.ts';
import { glob } from '../language/glob.ts';
import { type Limit, parseBound, type Severity } from '../language/limit.ts';
import { isOperatorName, operatorNames } from '../operators/registry.ts';
import { writtenHere } from '../operators/synonyms.ts';
import type { FileProblems, Location } from '../schema/parse.ts';
import type { BudgetKeys, LimitValue, PartKeys } from './budget-schema.ts';

/** What all limits of one map of a budget have in common. */
interface Context {
  readonly report: FileProblems;
  readonly origin: string;
  readonly scope: string | undefined;
  readonly convention: string | undefined;
  readonly severity: Severity;
}

/** The limit at a place, if one is there; a bare number is one too. */
function limitAt(context: Context, raw: LimitValue | undefined, location: Location, metric: BudgetMetric, operator?: string): Limit[] {
  if (raw === undefined) return [];
  const { report, origin, scope, convention, severity } = context;
  const written = typeof raw === 'string' ? raw : `<= ${raw}`;
  const bound = report.attempt(location, () => parseBound(written, metric, String(location.at(-1))));
  const locate = () => report.source.locate(location, 'value');
  return bound === undefined ? [] : [{ metric, operator, convention, scope, bound, written, severity, origin, locate }];
}

function shares(context: Context, raw: PartKeys['share'], location: Location): Limit[] {
  return Object.entries(raw ?? {}).flatMap(([operator, value]) => {
    const place = [...location, operator];
    if (!isOperatorName(operator))
      context.report.add('UNKNOWN_OPERATOR', { name: operator, known: operatorNames, written: writtenHere(operator) }, place, 'key');
    return limitAt(context, value, place, 'share', operator);
  });
}

function byConventions(context: Context, raw: PartKeys['conventions'], location: Location): Limit[] {
  return Object.entries(raw ?? {}).flatMap(([convention, value]) => {
    const place = [...location, convention];
    const counted = { ...context, convention };
    if (typeof value !== 'object') return limitAt(counted, value, place, 'count');
    return [
      ...limitAt(counted, value.total, [...place, 'total'], 'count'),
      ...shares(counted, value.share, [...place, BUDGET_METRICS.share.key]),
    ];
  });
}

/** The limits of one map: those of a whole model, or of a part of it. */
function limitsIn(context: Context, raw: PartKeys, location: Location): Limit[] {
  const own = { ...context, severity: raw.severity ?? context.severity };
  return [
    ...LIMITED_METRICS.flatMap((metric) => {
      const { key } = BUDGET_METRICS[metric];
      return limitAt(own, raw[key], [...location, key], metric);
    }),
    ...shares(own, raw.share, [...location, BUDGET_METRICS.share.key]),
    ...byConventions(own, raw.conventions, [...location, BUDGET_METRICS.count.key]),
  ];
}

/** The limits of a budget; what is wrong with them is reported at its place. `origin` says in reports whose budget it is. */
export function readBudget(report: FileProblems, raw: BudgetKeys, location: Location, origin: string): Limit[] {
  const context: Context = { report, origin, scope: undefined, convention: undefined, severity: 'error' };
  const parts = (key: 'stages' | 'layers') =>
    Object.entries(raw[key] ?? {}).flatMap(([scope, value]) => {
      const place = [...location, key, scope];
      return report.attempt(place, () => glob(scope)) === undefined ? [] : limitsIn({ ...context, scope }, value, place);
    });
  return [...limitsIn(context, raw, location), ...parts('stages'), ...parts('layers')];
}
