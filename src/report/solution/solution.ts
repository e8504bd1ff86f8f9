import type { Range, Solution, Target } from '../../analysis/solve.ts';
import { exact } from '../kit/number.ts';

/** A search and what it found. */
export interface SolutionReport {
  readonly model: string;
  readonly parameter: string;
  /** `MACs` */
  readonly label: string;
  readonly target: Target;
  readonly range: Range;
  readonly solution: Solution;
}

export const describeTarget = ({ label, target }: Pick<SolutionReport, 'label' | 'target'>): string =>
  `${label} ${target.relation} ${exact(target.value)}`;

/** `256 values from 1 to 256 in steps of 1, 3 of which the model refuses` */
export const describeSearch = ({
  range: { min, max, step },
  solution: { tried, refused },
}: Pick<SolutionReport, 'range' | 'solution'>): string =>
  `${exact(BigInt(tried))} values from ${min} to ${max} in steps of ${step}${refused === 0 ? '' : `, ${exact(BigInt(refused))} of which the model refuses`}`;

export function solutionText(report: SolutionReport): string {
  const { model, parameter, label, solution } = report;
  const { met, meeting, isMonotone } = solution;
  return [
    `${parameter} = ${met?.value}`,
    `${model} then has ${exact(met?.cost ?? 0n)} ${label}; asked for: ${describeTarget(report)}.`,
    `Searched all ${describeSearch(report)}. ${exact(BigInt(meeting))} of them ${meeting === 1 ? 'meets' : 'meet'} the target, and this one is nearest to it.`,
    isMonotone ? 'The cost is monotonic over this range.' : 'The cost rises and falls between them.',
  ].join('\n');
}

export const solutionJson = ({ model, parameter, label, target, range, solution }: SolutionReport): unknown => ({
  model,
  parameter,
  metric: label,
  target,
  value: solution.met?.value,
  cost: solution.met?.cost,
  searched: range,
  tried: solution.tried,
  refused: solution.refused,
  meeting: solution.meeting,
  monotone: solution.isMonotone,
});
