import { type Piece, piecesOf, valueAt as quantitiesAt, SHORT } from './pieces.ts';

/** What a cost must be. */
export type Relation = '<=' | '<' | '>=' | '>' | '=';

export interface CostTarget {
  readonly relation: Relation;
  readonly value: bigint;
}

/** Values from `min` to `max`, `step` apart. */
export interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** A value of the parameter, and the cost with it. */
export interface SolvedValue {
  readonly value: number;
  readonly cost: bigint;
}

export interface Solution {
  /** The value that comes nearest to the target among those that meet it. */
  readonly met: SolvedValue | undefined;
  /** The value that comes nearest to it whether it meets it or not. */
  readonly nearest: SolvedValue | undefined;
  /** How many values meet it. */
  readonly meeting: number;
  /** How many values were searched, and how many of them the model refused. */
  readonly tried: number;
  readonly refused: number;
  /** With how many values the model was counted: the costs of the others follow from these. */
  readonly counted: number;
  /** Whether the cost never falls, or never rises, from one value to the next. */
  readonly isMonotone: boolean;
}

const MEETS: Readonly<Record<Relation, (cost: bigint, value: bigint) => boolean>> = {
  '<=': (cost, value) => cost <= value,
  '<': (cost, value) => cost < value,
  '>=': (cost, value) => cost >= value,
  '>': (cost, value) => cost > value,
  '=': (cost, value) => cost === value,
};

/** Values of decimal steps, without the noise of adding them up. */
const DECIMALS = 1e9;

/** How many values a range has. */
export const valuesIn = ({ min, max, step }: Range): number => (max < min ? 0 : Math.floor((max - min) / step + 1 / DECIMALS) + 1);

const valueAt = ({ min, step }: Range, index: number): number => Math.round((min + index * step) * DECIMALS) / DECIMALS;

const distance = (a: bigint, b: bigint): bigint => (a < b ? b - a : a - b);

/** An upper limit: what comes nearest to it is as much as can be had for the cost. */
export const isUpper = ({ relation }: CostTarget): boolean => relation === '<=' || relation === '<';

/** The nearest to the target; of several the first, or for an upper limit the last. */
export function nearestOf(found: readonly SolvedValue[], target: CostTarget): SolvedValue | undefined {
  return found.reduce<SolvedValue | undefined>((best, one) => {
    if (best === undefined) return one;
    const [here, there] = [distance(one.cost, target.value), distance(best.cost, target.value)];
    return here < there || (here === there && isUpper(target)) ? one : best;
  }, undefined);
}

/** Numbers of values, one after the other, over which the cost never falls, or never rises. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly rises: boolean;
  costAt(index: number): bigint;
}

/** The first number from `from` to `to` for which something is true that stays true; `to + 1` if there is none. */
function firstOf(from: number, to: number, isTrue: (index: number) => boolean): number {
  let [low, high] = [from, to + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isTrue(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A polynomial of degree 2 turns once at most. */
function runsOf(piece: Piece): Run[] {
  const { from, count } = piece;
  const to = from + count - 1;
  const costAt = (index: number): bigint => quantitiesAt(piece, index)[0] as bigint;
  const rises = (index: number): boolean => costAt(index + 1) >= costAt(index);
  const run = (first: number, last: number): Run => ({ from: first, to: last, rises: first === last || rises(last - 1), costAt });
  if (count < 3) return [run(from, to)];
  const begins = rises(from);
  const turn = firstOf(from, to - 1, (index) => rises(index) !== begins);
  return turn === to ? [run(from, to)] : [run(from, turn), run(turn + 1, to)];
}

/** How many costs of a run are below a value, or at most it. */
const below = ({ from, to, rises, costAt }: Run, isBelow: (cost: bigint) => boolean): number =>
  rises ? firstOf(from, to, (index) => !isBelow(costAt(index))) - from : to + 1 - firstOf(from, to, (index) => isBelow(costAt(index)));

function meetingIn(run: Run, { relation, value }: CostTarget): number {
  const less = below(run, (cost) => cost < value);
  const upTo = below(run, (cost) => cost <= value);
  const all = run.to - run.from + 1;
  const counts: Readonly<Record<Relation, number>> = { '<': less, '<=': upTo, '>': all - upTo, '>=': all - less, '=': upTo - less };
  return counts[relation];
}

/** Numbers among which is the nearest to the target, met or not: where a run begins and ends, and on both sides of the target. */
function candidatesOf(run: Run, { value }: CostTarget): number[] {
  const { from, to, rises, costAt } = run;
  const crossings = [(cost: bigint) => cost >= value, (cost: bigint) => cost > value].flatMap((isBeyond) => {
    const crossing = firstOf(from, to, (index) => isBeyond(costAt(index)) === rises);
    return [crossing - 1, crossing];
  });
  // Where a parabola turns, two may be alike.
  return [from, from + 1, to - 1, to, ...crossings].filter((index) => from <= index && index <= to);
}

/** Whether numbers never fall, or never rise. */
const isMonotone = (costs: readonly bigint[]): boolean => {
  const steps = costs.slice(1).map((one, index) => one - (costs[index] as bigint));
  return steps.every((step) => step >= 0n) || steps.every((step) => step <= 0n);
};

/** So many values are all counted, whatever the cost does. */
const EACH = 1000;
/** Most values with which a model is counted. */
export const MAX_COUNTED = 100_000;

/**
 * Searches every value of a range, so that the answer is exact whether the cost rises with the value or not. A long range is counted
 * only where the cost is no polynomial of the value. `costAt` gives `undefined` for a value that the model does not take.
 * @throws ProblemError if the model would have to be counted too often.
 */
export function solve(costAt: (value: number) => bigint | undefined, range: Range, target: CostTarget): Solution {
  const tried = valuesIn(range);
  const quantities = (index: number): [bigint] | undefined => {
    const cost = costAt(valueAt(range, index));
    return cost === undefined ? undefined : [cost];
  };
  const { pieces, refused, asked } = piecesOf(quantities, 0, tried, { limit: MAX_COUNTED, short: tried <= EACH ? EACH : SHORT });
  const runs = pieces.flatMap(runsOf);
  const found = runs.flatMap((run) =>
    [...new Set(candidatesOf(run, target))]
      .sort((a, b) => a - b)
      .map((index): SolvedValue => ({ value: valueAt(range, index), cost: run.costAt(index) })),
  );
  return {
    met: nearestOf(
      found.filter(({ cost }) => MEETS[target.relation](cost, target.value)),
      target,
    ),
    nearest: nearestOf(found, target),
    meeting: runs.reduce((sum, run) => sum + meetingIn(run, target), 0),
    tried,
    refused,
    counted: asked,
    isMonotone: isMonotone(runs.flatMap(({ from, to, costAt: at }) => [at(from), at(to)])),
  };
}
