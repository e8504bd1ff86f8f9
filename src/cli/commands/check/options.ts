import { BUDGET_METRICS, type Growth, LIMITED_METRICS, type LimitedMetric } from '../../../language/budget.ts';
import { type Limit, parseBound } from '../../../language/limit.ts';
import { fail, type ProblemList } from '../../../problems/problem.ts';
import type { ConventionOptions } from '../../convention.ts';
import type { ModelOptions } from '../../models.ts';
import type { ResultOptions } from '../../options.ts';

/** The options of `flopwise check`. */

type MaxOptions = { readonly [M in LimitedMetric as `max${Capitalize<M>}`]?: string };

export type CheckOptions = ModelOptions &
  ConventionOptions &
  ResultOptions &
  MaxOptions & {
    readonly config?: string;
    readonly baseline?: string;
    readonly against?: string;
    readonly update?: boolean;
    readonly strict?: boolean;
    readonly growth?: Growth;
    readonly report?: readonly string[];
  };

const camel = (metric: LimitedMetric): keyof MaxOptions => `max${metric.charAt(0).toUpperCase()}${metric.slice(1)}` as keyof MaxOptions;

/** `--max-weight-bytes` */
export const maxFlag = (metric: LimitedMetric): string => `--max-${BUDGET_METRICS[metric].key.replaceAll('_', '-')}`;

/** What a convention can count in place of the house's own rule. */
const COUNTED: readonly LimitedMetric[] = ['macs', 'flops'];

function limitOfOption(metric: LimitedMetric, text: string, options: CheckOptions): Limit {
  const origin = maxFlag(metric);
  if (!/^\d/.test(text.trim())) throw fail('WRONG_VALUE', { key: origin, value: text, expected: 'an amount, as in 4.2G or "512 KiB"' });
  const bound = parseBound(text, metric, origin);
  const { convention } = COUNTED.includes(metric) ? options : {};
  const what = convention === undefined ? { metric } : { metric: 'count' as const, convention };
  return { ...what, bound, written: `<= ${text.trim()}`, severity: 'error', origin };
}

/** The limits of the command line. With a convention, those of MACs and FLOPs are of what it counts. Those that are none are told. */
export const limitsOfOptions = (options: CheckOptions, problems: ProblemList): Limit[] =>
  LIMITED_METRICS.flatMap((metric) => {
    const text = options[camel(metric)];
    return (text === undefined ? undefined : problems.attempt(() => limitOfOption(metric, text, options))) ?? [];
  });
