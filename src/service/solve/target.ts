import type { CostTarget, Relation } from '../../analysis/solve.ts';
import { fail } from '../../problems/problem.ts';
import type { Solvable } from './options.ts';

const TARGET = /^(<=|>=|==?|<|>|≤|≥)?\s*(\d[\d,]*)(?:\.(\d+))?\s*([a-zA-Z]*)$/;
const RELATIONS: Readonly<Record<string, Relation>> = { '≤': '<=', '≥': '>=', '==': '=' };

const POWERS = ['k', 'M', 'G', 'T', 'P'];
/** What a number is multiplied by, by the sign behind it. */
const COUNTS = new Map([['', 1n], ['K', 1000n], ...POWERS.map((sign, power): [string, bigint] => [sign, 1000n ** BigInt(power + 1)])]);
const BYTES = new Map([
  ['', 1n],
  ['B', 1n],
  ['bytes', 1n],
  ['KiB', 1024n],
  ...POWERS.flatMap((sign, power): [string, bigint][] => [
    [`${sign}B`, 1000n ** BigInt(power + 1)],
    [`${sign}iB`, 1024n ** BigInt(power + 1)],
  ]),
]);

/** A memory is not to be filled to the last byte: without a relation it is a limit. Of other costs so much is asked for. */
const UNITS = {
  memory: { units: BYTES, relation: '<=', expected: 'bytes with their unit, as in 24GiB, 80 GB or "<= 24GiB"' },
  cost: { units: COUNTS, relation: '=', expected: 'a whole number with <=, <, >=, > or = before it, as in "<= 2G" or "= 25,557,032"' },
} as const;

/** `<= 2.5G` or `24GiB` as a relation and a whole number. */
export function parseTarget(metric: Solvable, text: string): CostTarget {
  const { units, relation: usual, expected } = UNITS[metric === 'memory' ? 'memory' : 'cost'];
  const match = TARGET.exec(text.trim());
  const [, relation = usual, whole = '', decimals = '', unit = ''] = match ?? [];
  const times = units.get(unit);
  const scale = 10n ** BigInt(decimals.length);
  const digits = BigInt(`0${whole.replaceAll(',', '')}${decimals}`) * (times ?? 1n);
  if (match === null || times === undefined || digits % scale !== 0n)
    throw fail('WRONG_VALUE', { key: `--${metric}`, value: text, expected });
  return { relation: RELATIONS[relation] ?? (relation as Relation), value: digits / scale };
}
