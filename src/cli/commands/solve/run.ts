import { analyse } from '../../../analysis/cost.ts';
import { METRICS } from '../../../analysis/metrics.ts';
import { countOf, type Range, type Relation, solve, type Target } from '../../../analysis/solve.ts';
import type { Value } from '../../../language/expression.ts';
import { parametersOf } from '../../../library/parameters.ts';
import { expandFound, findModel, openModel, parseReference } from '../../../library/reference.ts';
import { fail } from '../../../problems/problem.ts';
import { exact } from '../../../report/kit/number.ts';
import { describeSearch, describeTarget, type SolutionReport } from '../../../report/solution/solution.ts';
import { attempt } from '../../../service/attempt.ts';
import type { Io } from '../../io.ts';
import { settingsOf } from '../../models.ts';
import { SOLVABLE, type Solvable, type SolveOptions } from './options.ts';

const TARGET = /^(<=|>=|==?|<|>|≤|≥)?\s*(\d[\d,]*)(?:\.(\d+))?\s*([kKMGTP])?$/;
const RELATIONS: Readonly<Record<string, Relation>> = { '≤': '<=', '≥': '>=', '==': '=' };
const POWERS = 'kMGTP';

/** `<= 2.5G` as a relation and a whole number; without a relation the cost must be equal. */
function parseTarget(option: string, text: string): Target {
  const match = TARGET.exec(text.trim());
  const [, relation = '=', whole = '', decimals = '', prefix = ''] = match ?? [];
  const power = prefix === '' ? 0 : 3 * (POWERS.indexOf(prefix === 'K' ? 'k' : prefix) + 1);
  if (match === null || decimals.length > power)
    throw fail('WRONG_VALUE', {
      key: option,
      value: text,
      expected: 'a whole number with <=, <, >=, > or = before it, as in "<= 2G" or "= 25,557,032"',
    });
  const digits = `${whole.replaceAll(',', '')}${decimals.padEnd(power, '0')}`;
  return { relation: RELATIONS[relation] ?? (relation as Relation), value: BigInt(digits) };
}

/** The one target that was given. */
function targetOf(options: SolveOptions, io: Io): { metric: Solvable; target: Target } {
  const given = SOLVABLE.filter((metric) => options[metric] !== undefined);
  if (given.length + Number(options.match !== undefined) !== 1) {
    const expected = `one of ${SOLVABLE.map((metric) => `--${metric}`).join(', ')} and --match`;
    throw fail('WRONG_VALUE', { key: 'solve', value: given.map((metric) => `--${metric}`), expected });
  }
  const [metric] = given;
  if (metric !== undefined) return { metric, target: parseTarget(`--${metric}`, options[metric] ?? '') };
  const other = analyse(openModel(parseReference(options.match ?? ''), io.library, { batch: options.batch }));
  return { metric: options.metric, target: { relation: '=', value: other.totals[options.metric] } };
}

function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,9}(\.\d{1,6})?$/.test(text.trim()) ? Number(text) : 0;
  if (value <= 0) throw fail('WRONG_VALUE', { key: option, value: text, expected: 'a number greater than 0' });
  return value;
}

/** Most values that are tried. */
const MAX_TRIED = 100_000;
/** How far to search upwards, from the value that the parameter has; and where it has none. */
const TIMES = 4;
const USUAL = 64;

function rangeOf(options: SolveOptions, value: number): Range {
  const step = numberOf('--step', options.step) ?? 1;
  const min = numberOf('--min', options.min) ?? step;
  const max = numberOf('--max', options.max) ?? Math.max(TIMES * value, min);
  const range = { min, max, step };
  if (max < min) throw fail('WRONG_VALUE', { key: '--max', value: max, expected: `at least --min, which is ${min}` });
  if (countOf(range) > MAX_TRIED)
    throw fail('WRONG_VALUE', {
      key: '--step',
      value: step,
      expected: `so large that at most ${exact(BigInt(MAX_TRIED))} values are tried`,
    });
  return range;
}

/** The value that the parameter has, checked to be a number. */
function startOf(name: string, owner: string, parameters: ReadonlyMap<string, Value | undefined>): number {
  const value = parameters.get(name);
  const isNumeric = (other: Value | undefined): other is number => typeof other === 'number';
  if (!parameters.has(name)) throw fail('UNKNOWN_PARAMETER', { name, owner, known: [...parameters.keys()] });
  if (value !== undefined && !isNumeric(value)) {
    const numbers = [...parameters].filter(([, other]) => isNumeric(other)).map(([key]) => key);
    throw fail('NOT_A_NUMBER_PARAMETER', { name, value, numbers });
  }
  return value ?? USUAL;
}

/** Finds the value; throws a `ProblemError` with the nearest one where none meets the target. */
export function solveReference(model: string, options: SolveOptions, io: Io): SolutionReport {
  const { param } = options;
  const reference = parseReference(model);
  const found = findModel(reference, io.library);
  const range = rangeOf(options, startOf(param, model, parametersOf(found)));
  const { metric, target } = targetOf(options, io);
  const settings = settingsOf(options);
  const costWith = (value: number): bigint =>
    analyse(expandFound(found, { ...reference, set: { ...reference.set, [param]: value } }, settings)).totals[metric];
  const solution = solve((value) => attempt(() => costWith(value)), range, target);
  const report: SolutionReport = { model, parameter: param, label: METRICS[metric], target, range, solution };
  const { met, nearest } = solution;
  const searched = describeSearch(report);
  // What the model says of a value in the range is more use than that none is taken.
  if (nearest === undefined) {
    costWith(range.min);
    throw fail('NOTHING_IN_RANGE', { name: param, searched });
  }
  if (met === undefined)
    throw fail('TARGET_NOT_MET', {
      target: describeTarget(report),
      searched,
      nearest: `${param} = ${nearest.value}, with ${exact(nearest.cost)} ${METRICS[metric]}`,
    });
  return report;
}
