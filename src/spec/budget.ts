import { BUDGET_METRICS, type BudgetMetric, TOTAL_METRICS } from '../language/budget.ts';
import { glob } from '../language/glob.ts';
import { type Limit, parseBound, type Severity } from '../language/limit.ts';
import { isOperatorName, operatorNames } from '../operators/registry.ts';
import { isObject, type Keys, type Report } from './check.ts';
import type { Location } from './source.ts';

/** What all limits of one map of a budget have in common. */
interface Context {
  readonly report: Report;
  readonly origin: string;
  readonly scope: string | undefined;
  readonly convention: string | undefined;
  readonly severity: Severity;
}

const entriesOf = (raw: unknown): [string, unknown][] => Object.entries(isObject(raw) ? raw : {});

/** `<= 4.2 GMAC` as it stands there; a bare number is a limit too. */
const writtenOf = (raw: unknown): string | undefined =>
  typeof raw === 'string' ? raw : Number.isSafeInteger(raw) && (raw as number) >= 0 ? `<= ${raw}` : undefined;

/** The limit at a place; nothing where what stands there is none, which the schema has told already. */
function limitAt(context: Context, raw: unknown, location: Location, metric: BudgetMetric, operator?: string): Limit[] {
  const { report, origin, scope, convention, severity } = context;
  const written = writtenOf(raw);
  if (written === undefined) return [];
  const bound = report.attempt(location, () => parseBound(written, metric, String(location.at(-1))));
  const locate = () => report.source.locate(location, 'value');
  return bound === undefined ? [] : [{ metric, operator, convention, scope, bound, written, severity, origin, locate }];
}

function shares(context: Context, raw: unknown, location: Location): Limit[] {
  return entriesOf(raw).flatMap(([operator, value]) => {
    const place = [...location, operator];
    if (!isOperatorName(operator)) context.report.add('UNKNOWN_OPERATOR', { name: operator, known: operatorNames }, place, 'key');
    return limitAt(context, value, place, 'share', operator);
  });
}

function byConventions(context: Context, raw: unknown, location: Location): Limit[] {
  return entriesOf(raw).flatMap(([convention, value]) => {
    const place = [...location, convention];
    const counted = { ...context, convention };
    if (!isObject(value)) return limitAt(counted, value, place, 'count');
    return [
      ...limitAt(counted, value.total, [...place, 'total'], 'count'),
      ...shares(counted, value.share, [...place, BUDGET_METRICS.share.key]),
    ];
  });
}

/** The limits of one map: those of a whole model, or of a part of it. */
function limitsIn(context: Context, raw: Keys, location: Location): Limit[] {
  const own = raw.severity === 'warning' || raw.severity === 'error' ? { ...context, severity: raw.severity as Severity } : context;
  return [
    ...TOTAL_METRICS.flatMap((metric) => {
      const { key } = BUDGET_METRICS[metric];
      return limitAt(own, raw[key], [...location, key], metric);
    }),
    ...shares(own, raw.share, [...location, BUDGET_METRICS.share.key]),
    ...byConventions(own, raw.conventions, [...location, BUDGET_METRICS.count.key]),
  ];
}

/**
 * The limits of a budget whose keys have been checked by `budgetSchema`; what is wrong with them is reported at its place.
 * `origin` says in reports whose budget it is.
 */
export function readBudget(report: Report, raw: unknown, location: Location, origin: string): Limit[] {
  if (!isObject(raw)) return [];
  const context: Context = { report, origin, scope: undefined, convention: undefined, severity: 'error' };
  const parts = (key: 'stages' | 'layers') =>
    entriesOf(raw[key]).flatMap(([scope, value]) => {
      const place = [...location, key, scope];
      const fits = report.attempt(place, () => glob(scope));
      return fits !== undefined && isObject(value) ? limitsIn({ ...context, scope }, value, place) : [];
    });
  return [...limitsIn(context, raw, location), ...parts('stages'), ...parts('layers')];
}
