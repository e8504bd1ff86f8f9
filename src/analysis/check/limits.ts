import { BUDGET_METRICS, type Growth, TOTAL_METRICS, type TotalMetric } from '../../language/budget.ts';
import { glob } from '../../language/glob.ts';
import type { Bound, Decimal, Limit, Severity } from '../../language/limit.ts';
import { charge } from '../../problems/allowance.ts';
import { fail } from '../../problems/problem.ts';
import { withoutControls } from '../../problems/text.ts';
import type { Analysis, CostRow, Counter } from '../cost.ts';
import { labelOf, type Measurement, measures } from './measure.ts';
import type { CheckedLimit, HeavyLayer, ModelRecord } from './result.ts';

/** Holds the limits of a budget against what a model costs. */

/** What limits are compared with. */
export interface LimitContext {
  readonly analysis: Analysis;
  /** What counts by the conventions that the limits name. */
  readonly counters: ReadonlyMap<string, Counter>;
  /** The model as it was; `undefined` where it is new. */
  readonly before: ModelRecord | undefined;
  /** Whether there is anything that it could have been compared with. */
  readonly hasBaseline: boolean;
}

const HEAVIEST = 3;

function heaviest(rows: readonly CostRow[], { weigh }: Measurement): HeavyLayer[] {
  if (weigh === undefined) return [];
  const weighed = rows.map((row) => ({ row, value: weigh(row) })).filter(({ value }) => value > 0n);
  return weighed
    .toSorted((a, b) => Number(b.value > a.value) - Number(b.value < a.value))
    .slice(0, HEAVIEST)
    .map(({ row, value }) => ({ path: row.path, value, position: row.node.locate?.() }));
}

/** A quotient as a number with six decimals, for percentages that people read; whether a limit is exceeded does not depend on it. */
const asNumber = (numerator: bigint, denominator: bigint): number =>
  denominator === 0n ? 0 : Number((numerator * 1_000_000n) / denominator) / 1_000_000;

type Verdict = Pick<CheckedLimit, 'limit' | 'actual' | 'over' | 'broken'>;

/** Of a count: exact. */
function countVerdict(limit: bigint, strict: boolean, actual: bigint): Verdict {
  const over = actual - limit;
  return { limit, actual, over, broken: strict ? over >= 0n : over > 0n };
}

/** Of a share: compared as fractions, shown as decimals. */
function shareVerdict({ digits, scale }: Decimal, strict: boolean, part: bigint, whole: bigint): Verdict {
  const [limit, actual] = [asNumber(digits, scale), asNumber(100n * part, whole)];
  const difference = 100n * part * scale - digits * whole;
  return { limit, actual, over: asNumber(difference, whole * scale), broken: strict ? difference >= 0n : difference > 0n };
}

/** The most that a total may come to; what is less than one over it is not allowed. */
const grown = (before: bigint, { digits, scale }: Decimal): bigint => (before * (100n * scale + digits)) / (100n * scale);

const isTotal = (metric: string): metric is TotalMetric => (TOTAL_METRICS as readonly string[]).includes(metric);

/** What the model had of it before; `undefined` where that is not known. Only totals of whole models are kept. */
function totalBefore({ metric, scope, convention, written }: Limit, { before, hasBaseline }: LimitContext): bigint | undefined {
  if (!isTotal(metric) || scope !== undefined || convention !== undefined)
    throw fail('WRONG_VALUE', {
      key: BUDGET_METRICS[metric].key,
      value: written,
      expected: 'an amount: baselines keep the totals of whole models, not those of parts, of shares or by conventions',
    });
  if (!hasBaseline) throw fail('BASELINE_NEEDED', { written });
  return before?.totals[metric];
}

function verdictOf(bound: Bound, limit: Limit, measured: Measurement, context: LimitContext): Verdict | undefined {
  if (bound.kind === 'growth') {
    const before = totalBefore(limit, context);
    return before === undefined ? undefined : countVerdict(grown(before, bound.percent), false, measured.value);
  }
  if (measured.whole !== undefined) return shareVerdict(bound.value, bound.strict, measured.value, measured.whole);
  return countVerdict(bound.value.digits, bound.strict, measured.value);
}

/** The layers that a limit is about: those that fit its pattern, or are part of what does. */
function rowsOf({ rows }: Analysis, scope: string | undefined): readonly CostRow[] {
  if (scope === undefined) return rows;
  const isInside = glob(`${scope}/**`);
  const found = rows.filter(({ path }) => isInside(path));
  if (found.length === 0) throw fail('NO_MATCH', { pattern: scope, of: 'layer of this model' });
  return found;
}

/**
 * Holds one limit against a model. Nothing comes of a limit on growth where the model is new.
 * @throws ProblemError where its pattern fits no layer, or it needs a baseline that is not there.
 */
export function checkLimit(limit: Limit, context: LimitContext): CheckedLimit | undefined {
  const { metric, operator, convention, scope, bound, written, severity, origin } = limit;
  const { analysis } = context;
  charge('comparisons', analysis.rows.length);
  const rows = rowsOf(analysis, scope);
  const counter = convention === undefined ? undefined : context.counters.get(convention);
  const measured = measures[metric]({ analysis, rows, counter, operator });
  const verdict = verdictOf(bound, limit, measured, context);
  if (verdict === undefined) return undefined;
  return {
    metric,
    label: withoutControls(labelOf(metric, { counter, operator })),
    scope: scope === undefined ? undefined : withoutControls(scope),
    convention,
    written,
    unit: BUDGET_METRICS[metric].unit,
    ...verdict,
    severity,
    position: limit.locate?.(),
    origin,
    heaviest: heaviest(rows, measured),
  };
}

const SEVERITIES: Readonly<Record<Growth, Severity | undefined>> = { allow: undefined, warn: 'warning', refuse: 'error' };

/** FLOPs are twice the MACs, more active parameters are more MACs, and a layer more is no cost in itself. */
const GROWING = TOTAL_METRICS.filter((metric) => metric !== 'flops' && metric !== 'activeParameters' && metric !== 'depth');

/** Limits that forbid growth of the totals that the budget does not limit. */
export function growthLimits(growth: Growth, limits: readonly Limit[]): Limit[] {
  const severity = SEVERITIES[growth];
  if (severity === undefined) return [];
  const limited = new Set(
    limits.filter(({ scope, convention }) => scope === undefined && convention === undefined).map(({ metric }) => metric),
  );
  return GROWING.filter((metric) => !limited.has(metric)).map((metric) => ({
    metric,
    bound: { kind: 'growth', percent: { digits: 0n, scale: 1n } },
    written: '<= baseline',
    severity,
    origin: 'growth',
  }));
}
