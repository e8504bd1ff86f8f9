import type { CheckedLimit, CheckedModel, CheckResult } from '../../analysis/check/result.ts';
import { plural } from '../kit/plural.ts';

const brokenOf = (limits: readonly CheckedLimit[], severity: CheckedLimit['severity']): number =>
  limits.filter((limit) => limit.broken && limit.severity === severity).length;

/** The result of a check: whether it fails, warns or passes. */
export interface Verdict {
  readonly outcome: 'failed' | 'warned' | 'passed';
  /** `1 of 7 limits exceeded, 2 problems` */
  readonly text: string;
}

function verdict(limits: readonly CheckedLimit[], problems: number): Verdict {
  const [errors, warnings] = [brokenOf(limits, 'error'), brokenOf(limits, 'warning')];
  const told = [
    errors > 0 ? `${errors} of ${plural(limits.length, 'limit')} exceeded` : '',
    warnings > 0 ? plural(warnings, 'warning') : '',
    problems > 0 ? plural(problems, 'problem') : '',
  ].filter((text) => text !== '');
  const kept = limits.length === 0 ? 'no limits' : `${plural(limits.length, 'limit')} kept`;
  return {
    outcome: errors + problems > 0 ? 'failed' : warnings > 0 ? 'warned' : 'passed',
    text: told.length === 0 ? kept : told.join(', '),
  };
}

export const verdictOf = ({ models, problems }: CheckResult): Verdict =>
  verdict(
    models.flatMap(({ limits }) => limits),
    problems.length,
  );

export const modelVerdict = ({ limits }: CheckedModel): Verdict => verdict(limits, 0);
