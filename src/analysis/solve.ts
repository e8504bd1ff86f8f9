/** What a cost must be. */
export type Relation = '<=' | '<' | '>=' | '>' | '=';

export interface Target {
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
export interface Found {
  readonly value: number;
  readonly cost: bigint;
}

export interface Solution {
  /** The value that comes nearest to the target among those that meet it. */
  readonly met: Found | undefined;
  /** The value that comes nearest to it whether it meets it or not. */
  readonly nearest: Found | undefined;
  /** How many values meet it. */
  readonly meeting: number;
  /** How many values were tried, and how many of them the model refused. */
  readonly tried: number;
  readonly refused: number;
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
export const countOf = ({ min, max, step }: Range): number => (max < min ? 0 : Math.floor((max - min) / step + 1 / DECIMALS) + 1);

const valueAt = ({ min, step }: Range, index: number): number => Math.round((min + index * step) * DECIMALS) / DECIMALS;

const distance = (a: bigint, b: bigint): bigint => (a < b ? b - a : a - b);

/** The nearest to the target; of several the first, or for an upper limit the last: as much as can be had for the cost. */
function nearestOf(found: readonly Found[], { relation, value }: Target): Found | undefined {
  const isUpper = relation === '<=' || relation === '<';
  return found.reduce<Found | undefined>((best, one) => {
    if (best === undefined) return one;
    const [here, there] = [distance(one.cost, value), distance(best.cost, value)];
    return here < there || (here === there && isUpper) ? one : best;
  }, undefined);
}

const isMonotone = (found: readonly Found[]): boolean => {
  const steps = found.slice(1).map((one, index) => one.cost - (found[index] as Found).cost);
  return steps.every((step) => step >= 0n) || steps.every((step) => step <= 0n);
};

/**
 * Tries every value of the range, so that the answer is exact whether the cost rises with the value or not. `costAt` gives
 * `undefined` for a value that the model does not take.
 */
export function solve(costAt: (value: number) => bigint | undefined, range: Range, target: Target): Solution {
  const found: Found[] = [];
  const tried = countOf(range);
  for (let index = 0; index < tried; index++) {
    const value = valueAt(range, index);
    const cost = costAt(value);
    if (cost !== undefined) found.push({ value, cost });
  }
  const meeting = found.filter(({ cost }) => MEETS[target.relation](cost, target.value));
  return {
    met: nearestOf(meeting, target),
    nearest: nearestOf(found, target),
    meeting: meeting.length,
    tried,
    refused: tried - found.length,
    isMonotone: isMonotone(found),
  };
}
