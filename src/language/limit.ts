import { fail, type Position } from '../problems/problem.ts';
import { BUDGET_METRICS, type BudgetMetric, type LimitUnit } from './budget.ts';

/** A limit as a person writes it: "<= 4.2 GMAC", "< 30M", "<= 512 KiB", "<= 20 %", "at most 2% over the baseline". */

/** `digits` / `scale`, exact: no count goes through a floating-point number. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: bigint;
}

export type Bound =
  /** At most so much, or less than that where it is strict. */
  | { readonly kind: 'absolute'; readonly strict: boolean; readonly value: Decimal }
  /** At most so many percent over what the baseline has. */
  | { readonly kind: 'growth'; readonly percent: Decimal };

export type Severity = 'error' | 'warning';

/** A limit of a budget, with what it is about and where it stands. */
export interface Limit {
  readonly metric: BudgetMetric;
  /** The operator whose share it is. */
  readonly operator?: string | undefined;
  /** The convention that counts; the house's own rule if not given. */
  readonly convention?: string | undefined;
  /** A stage, or a pattern of layers and what they are part of. */
  readonly scope?: string | undefined;
  readonly bound: Bound;
  /** As written in the file or on the command line. */
  readonly written: string;
  readonly severity: Severity;
  readonly origin: string;
  readonly locate?: (() => Position) | undefined;
}

const DECIMAL_PREFIXES: Readonly<Record<string, number>> = { '': 0, k: 3, K: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };

/** Powers of ten and of two, as in SI and in IEC 80000-13. */
const BYTES: Readonly<Record<string, bigint>> = Object.fromEntries(
  ['', 'k', 'M', 'G', 'T', 'P'].flatMap((prefix, power): [string, bigint][] => [
    [`${prefix}B`, 1000n ** BigInt(power)],
    ...(power === 0 ? [] : ([[`${prefix.toUpperCase()}iB`, 1024n ** BigInt(power)]] as [string, bigint][])),
  ]),
);

const NUMBER = String.raw`(\d{1,30}(?:[,_]\d{3}){0,10})(?:\.(\d{1,30}))?`;
const ABSOLUTE = new RegExp(String.raw`^(<=|≤|<|at most\s)?\s*${NUMBER}\s*([A-Za-z%]{0,16})$`);
const GROWTH = new RegExp(String.raw`^(?:(?:<=|≤)\s*)?baseline(?:\s*\+\s*${NUMBER}\s*%)?$`);
const GROWTH_IN_WORDS = new RegExp(String.raw`^at most\s+${NUMBER}\s*% over the baseline$`);

const EXAMPLES: Readonly<Record<LimitUnit, string>> = { count: '"<= 4.2G"', bytes: '"<= 512 KiB"', percent: '"<= 20 %"' };

const expectation = (unit: LimitUnit): string => `a limit, as in ${EXAMPLES[unit]} or "<= baseline + 2%"`;

const decimalOf = (whole = '0', decimals = ''): Decimal => ({
  digits: BigInt(whole.replace(/[,_]/g, '') + decimals),
  scale: 10n ** BigInt(decimals.length),
});

/** How many of the metric's unit the word after a number stands for; `undefined` where it is no such unit. */
function factorOf(unit: LimitUnit, symbols: readonly string[], word: string): bigint | undefined {
  if (unit === 'percent') return word === '%' ? 1n : undefined;
  // A bare number of bytes is a number of bytes; a bare "M" could be a million or 2^20.
  if (unit === 'bytes') return word === '' || word === 'bytes' ? 1n : Object.hasOwn(BYTES, word) ? BYTES[word] : undefined;
  const symbol = symbols.find((known) => word.endsWith(known)) ?? '';
  const prefix = word.slice(0, word.length - symbol.length);
  return Object.hasOwn(DECIMAL_PREFIXES, prefix) ? 10n ** BigInt(DECIMAL_PREFIXES[prefix] as number) : undefined;
}

/** The units that a limit on the metric may have. */
function unitsOf(unit: LimitUnit, symbols: readonly string[]): string[] {
  if (unit === 'percent') return ['%'];
  if (unit === 'bytes') return Object.keys(BYTES);
  const [symbol = ''] = symbols;
  const short = /^[A-Z]/.test(symbol) ? symbol : '';
  return ['k', 'M', 'G', 'T', 'P', 'E'].flatMap((prefix) => (short === '' ? [prefix] : [prefix, `${prefix}${short}`]));
}

/**
 * Reads the limit on a metric. Decimal: "4.2G" is 4,200,000,000 and nothing near it. `key` names it in messages; `symbols`
 * are those of the unit, where the metric leaves it to a convention.
 * @throws ProblemError where it is none, or in a unit that the metric does not have.
 */
export function parseBound(
  written: string,
  metric: BudgetMetric,
  key: string,
  symbols: readonly string[] = BUDGET_METRICS[metric].symbols,
): Bound {
  const text = written.trim();
  const growth = GROWTH.exec(text) ?? GROWTH_IN_WORDS.exec(text);
  if (growth !== null) return { kind: 'growth', percent: decimalOf(growth[1], growth[2]) };
  const { unit } = BUDGET_METRICS[metric];
  const match = ABSOLUTE.exec(text);
  if (match === null) throw fail('WRONG_VALUE', { key, value: written, expected: expectation(unit) });
  const [, relation, whole, decimals, word = ''] = match;
  const factor = factorOf(unit, symbols, word);
  if (factor === undefined) throw fail('WRONG_UNIT', { key, written, unit: word, known: unitsOf(unit, symbols) });
  const { digits, scale } = decimalOf(whole, decimals);
  const value = { digits: digits * factor, scale };
  if (unit !== 'percent' && value.digits % scale !== 0n)
    throw fail('WRONG_VALUE', { key, value: written, expected: 'a limit that comes to a whole number, since counts are' });
  const reduced = unit === 'percent' ? value : { digits: value.digits / scale, scale: 1n };
  return { kind: 'absolute', strict: relation === '<', value: reduced };
}
