import { analyse } from '../../analysis/cost.ts';
import { type MemoryOptions, memoryNeeded } from '../../analysis/memory.ts';
import { METRICS } from '../../analysis/metrics.ts';
import { type CostTarget, isUpper, MAX_COUNTED, nearestOf, type Range, type Solution, solve, valuesIn } from '../../analysis/solve.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Value } from '../../language/expression.ts';
import { parametersOf } from '../../library/parameters.ts';
import { expandFound, findModel, openModel, parseReference } from '../../library/reference.ts';
import { fail } from '../../problems/problem.ts';
import { exact } from '../../report/kit/number.ts';
import { describeSearch, describeTarget, describeValues, type SolutionReport, type Solved } from '../../report/solution/solution.ts';
import { attempt } from '../attempt.ts';
import { type Models, settingsOf } from '../models.ts';
import { SOLVABLE, type Solvable, type SolveOptions } from './options.ts';
import { parseTarget } from './target.ts';

/** What the number of inputs is called, where the model has no parameter of that name. */
const BATCH = 'batch';

const labelOf = (metric: Solvable): string => (metric === 'memory' ? 'bytes of memory' : METRICS[metric]);

const costOf = (graph: Graph, metric: Solvable, options: MemoryOptions): bigint =>
  metric === 'memory' ? memoryNeeded(graph, options) : analyse(graph).totals[metric];

/** The one target that was given. */
function targetOf(options: SolveOptions, models: Models): { metric: Solvable; target: CostTarget } {
  const given = SOLVABLE.filter((metric) => options[metric] !== undefined);
  if (given.length + Number(options.match !== undefined) !== 1) {
    const expected = `one of ${SOLVABLE.map((metric) => `--${metric}`).join(', ')} and --match`;
    throw fail('WRONG_VALUE', { key: 'solve', value: given.map((metric) => `--${metric}`), expected });
  }
  const [metric] = given;
  if (metric !== undefined) return { metric, target: parseTarget(metric, options[metric] ?? '') };
  const other = openModel(parseReference(options.match ?? ''), models.library, { batch: options.batch });
  return { metric: options.metric, target: { relation: '=', value: costOf(other, options.metric, options) } };
}

function numberOf(option: string, text: string): number {
  const value = /^\d{1,9}(\.\d{1,6})?$/.test(text.trim()) ? Number(text) : 0;
  if (value <= 0) throw fail('WRONG_VALUE', { key: option, value: text, expected: 'a number greater than 0' });
  return value;
}

/** What an option says of a parameter: `64`, or `width=64` where there are several. */
function boundOf(option: string, texts: readonly string[] | undefined, name: string, params: readonly string[]): number | undefined {
  let bound: number | undefined;
  for (const text of texts ?? []) {
    const equals = text.indexOf('=');
    const named = equals < 0 ? undefined : text.slice(0, equals).trim();
    if (named !== undefined && !params.includes(named))
      throw fail('WRONG_VALUE', { key: option, value: text, expected: `a number, or one for ${params.join(' or ')}: ${params[0]}=64` });
    if (named === undefined || named === name) bound = numberOf(option, text.slice(equals + 1));
  }
  return bound;
}

/** How far to search upwards, from the value that the parameter has; and where it has none. */
const TIMES = 4;
const USUAL = 64;
const GREATEST = 999_999_999;

/** The model, counted with values of the parameters. */
interface Counted {
  readonly target: CostTarget;
  readonly params: readonly string[];
  costAt(values: Readonly<Record<string, number>>): bigint | undefined;
}

/** The greatest value worth trying: costs are beyond the limit from there on, or the model does not take more. */
function reachOf(costAt: (value: number) => bigint | undefined, min: number, step: number, limit: bigint): number {
  const at = (index: number): number => min + index * step;
  let low = 0;
  let high = 1;
  for (; at(high) < GREATEST; high *= 2) {
    const cost = costAt(at(high));
    if (cost === undefined) break;
    if (cost > limit) return at(high);
    low = high;
  }
  if (at(high) >= GREATEST) return GREATEST;
  // The last value that the model takes.
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (costAt(at(middle)) === undefined) high = middle;
    else low = middle;
  }
  return at(low);
}

/** The values of one parameter to search, with others as they are. */
function rangeOf(name: string, others: Readonly<Record<string, number>>, counted: Counted, options: SolveOptions, value: number): Range {
  const { params, target, costAt } = counted;
  const step = boundOf('--step', options.step, name, params) ?? 1;
  const min = boundOf('--min', options.min, name, params) ?? step;
  const isFit = options.memory !== undefined && isUpper(target);
  const max =
    boundOf('--max', options.max, name, params) ??
    (isFit ? reachOf((candidate) => costAt({ ...others, [name]: candidate }), min, step, target.value) : Math.max(TIMES * value, min));
  const range = { min, max, step };
  if (max < min) throw fail('WRONG_VALUE', { key: '--max', value: max, expected: `at least --min, which is ${min}` });
  if (!isFit && valuesIn(range) > MAX_COUNTED)
    throw fail('WRONG_VALUE', {
      key: '--step',
      value: step,
      expected: `so large that at most ${exact(BigInt(MAX_COUNTED))} values are tried`,
    });
  return range;
}

/** The value that the parameter has, checked to be a number. */
function startOf(name: string, owner: string, parameters: ReadonlyMap<string, Value | undefined>, batch: number | undefined): number {
  const value = parameters.get(name);
  const isNumeric = (other: Value | undefined): other is number => typeof other === 'number';
  if (!parameters.has(name)) {
    if (name === BATCH) return batch ?? 1;
    throw fail('UNKNOWN_PARAMETER', { name, owner, known: [...parameters.keys(), BATCH] });
  }
  if (value !== undefined && !isNumeric(value)) {
    const numbers = [...parameters].filter(([, other]) => isNumeric(other)).map(([key]) => key);
    throw fail('NOT_A_NUMBER_PARAMETER', { name, value, numbers });
  }
  return value ?? USUAL;
}

/** Most values of a parameter before the last. */
const MAX_OUTER = 1000;

/** The values of a parameter before the last: those of the steps that were asked for; or doubled, until not even the least of the next fits. */
function* outerValues(name: string, counted: Counted, options: SolveOptions, value: number): Generator<number> {
  const { params } = counted;
  const [min, step] = [boundOf('--min', options.min, name, params), boundOf('--step', options.step, name, params)];
  const max = boundOf('--max', options.max, name, params);
  const first = min ?? step ?? 1;
  const last = max ?? (options.memory === undefined ? Math.max(TIMES * value, first) : GREATEST);
  let count = 0;
  for (let at = first; at <= last && count < MAX_OUTER; at = step === undefined ? 2 * at : at + step) {
    yield at;
    count++;
  }
}

/** For each value of the parameters before the last, the solution for the last. */
function solveEach(counted: Counted, options: SolveOptions, starts: ReadonlyMap<string, number>): Solved[] {
  const { params, target, costAt } = counted;
  const last = params.at(-1) as string;
  const solved: Solved[] = [];
  let left = MAX_COUNTED;
  /** Whether any value met the target. */
  const search = (outer: Readonly<Record<string, number>>, depth: number): boolean => {
    const name = params[depth] as string;
    const start = starts.get(name) as number;
    if (name === last) {
      const range = rangeOf(name, outer, counted, options, start);
      const solution: Solution = solve((value) => costAt({ ...outer, [name]: value }), range, target);
      left -= solution.counted;
      solved.push({ outer, range, solution });
      return solution.met !== undefined;
    }
    let isAnyMet = false;
    for (const value of outerValues(name, counted, options, start)) {
      if (left <= 0) throw fail('TOO_MANY_PIECES', { from: 1, to: value, limit: MAX_COUNTED });
      const isMet = search({ ...outer, [name]: value }, depth + 1);
      isAnyMet ||= isMet;
      // More of what takes memory fits no better.
      if (!isMet && options.memory !== undefined && isUpper(target)) break;
    }
    return isAnyMet;
  };
  search({}, 0);
  return solved;
}

/** The parameters that a value is searched for: `--param batch,tokens`. */
export const searchedParameters = ({ param }: Pick<SolveOptions, 'param'>): string[] =>
  param.flatMap((text) => text.split(',')).map((name) => name.trim());

/** Finds the value; throws a `ProblemError` with the nearest one where none meets the target. */
export function solveReference(model: string, options: SolveOptions, models: Models): SolutionReport {
  const params = searchedParameters(options);
  const twice = params.find((name, index) => params.indexOf(name) !== index);
  if (twice !== undefined) throw fail('WRONG_VALUE', { key: '--param', value: twice, expected: 'a parameter that is named once' });
  const reference = parseReference(model);
  const found = findModel(reference, models.library);
  const parameters = parametersOf(found);
  const starts = new Map(params.map((name) => [name, startOf(name, model, parameters, options.batch)]));
  const settings = settingsOf(options);
  const { metric, target } = targetOf(options, models);
  const countWith = (values: Readonly<Record<string, number>>): bigint => {
    const { [BATCH]: batch, ...others } = values;
    const set = parameters.has(BATCH) ? values : others;
    const graph = expandFound(
      found,
      { ...reference, set: { ...reference.set, ...set } },
      { ...settings, ...(batch !== undefined && !parameters.has(BATCH) && { batch }) },
    );
    return costOf(graph, metric, options);
  };
  const counted: Counted = { target, params, costAt: (values) => attempt(() => countWith(values)) };
  const solved = solveEach(counted, options, starts);
  const report: SolutionReport = {
    model,
    parameters: params,
    label: labelOf(metric),
    target,
    solved,
    ...(metric === 'memory' && { memory: options }),
  };
  checkMet(report, () => {
    const first = solved[0] as Solved;
    countWith({ ...first.outer, [params.at(-1) as string]: first.range.min });
  });
  return report;
}

/** Throws where nothing meets the target, with what comes nearest. */
function checkMet(report: SolutionReport, countFirst: () => void): void {
  const { solved, target, label, parameters } = report;
  if (solved.some(({ solution }) => solution.met !== undefined)) return;
  const all = solved.flatMap(({ outer, solution: { nearest } }) => (nearest === undefined ? [] : [{ ...nearest, outer }]));
  const nearest = nearestOf(all, target) as (typeof all)[number] | undefined;
  const searched = describeSearch(solved);
  // What the model says of a value in the range is more use than that none is taken.
  if (nearest === undefined) {
    countFirst();
    throw fail('NOTHING_IN_RANGE', { name: parameters.join(', '), searched });
  }
  throw fail('TARGET_NOT_MET', {
    target: describeTarget(report),
    searched,
    nearest: `${describeValues(report, nearest.outer, nearest.value)}, with ${exact(nearest.cost)} ${label}`,
  });
}
