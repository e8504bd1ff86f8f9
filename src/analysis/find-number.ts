import { fail } from '../problems/problem.ts';
import { type Convention, countTotal } from './conventions/convention.ts';
import type { Analysis } from './cost.ts';

/** A number as a person gives it: `3.8G`, `8.18e9`, `4.13 GMac`. */
export interface GivenNumber {
  readonly text: string;
  /** Value of its digits, as a multiple of `unit`. */
  readonly digits: bigint;
  /** Value of its last digit. Less than one where it has decimals that a count cannot have. */
  readonly unit: bigint;
  /** How many multiply and add of a multiply-accumulate count, where it says so: GMAC is 1. */
  readonly perMac: 1 | undefined;
}

const PREFIXES: Readonly<Record<string, number>> = { '': 0, k: 3, m: 6, g: 9, b: 9, t: 12, p: 15, million: 6, billion: 9, trillion: 12 };

const NUMBER =
  /^(\d+(?:[,_ ]\d{3})*)(?:\.(\d+))?(?:e\+?(\d{1,2}))?\s*(million|billion|trillion|[kmgbtp])?\s*(macs?|mult-?adds?|multiply-adds?|flops?|ops?)?$/i;

/** Reads a number with its precision. */
export function parseNumber(text: string): GivenNumber {
  const match = NUMBER.exec(text.trim());
  const [, whole = '', decimals = '', exponent = '0', prefix = '', unit = ''] = match ?? [];
  const power = Number(exponent) + (PREFIXES[prefix.toLowerCase()] ?? 0) - decimals.length;
  if (match === null || power < 0)
    throw fail('WRONG_VALUE', { key: '--number', value: text, expected: 'a count, as in 3.8G, 8.18e9, "4.13 GMac" or 4,089,184,256' });
  const digits = BigInt(whole.replace(/\D/g, '') + decimals);
  return { text: text.trim(), digits, unit: 10n ** BigInt(power), perMac: /^m/i.test(unit) ? 1 : undefined };
}

/** How well a count fits a number, the best first. */
export const FITS = ['equal', 'rounded', 'cut', 'near'] as const;
export type Fit = (typeof FITS)[number];

/** Whether the count gives the number at its precision. */
export function fitOf(count: bigint, { digits, unit }: GivenNumber): Fit {
  if (count === digits * unit) return 'equal';
  if ((2n * count + unit) / (2n * unit) === digits) return 'rounded';
  // Of one digit alone, cut off would be as good as anything.
  return digits >= 10n && count / unit === digits ? 'cut' : 'near';
}

/** A network that the number may be of: with which values for its parameters. */
export interface Candidate {
  readonly analysis: Analysis;
  /** Differences from the model that was named, in words. */
  readonly changes: readonly string[];
  /** Whether it is the network of the paper. */
  readonly isPaper: boolean;
}

/** What gives the number, or comes near. */
export interface Match {
  readonly conventions: readonly string[];
  readonly changes: readonly string[];
  readonly count: bigint;
  /** What the count is of: MACs, FLOPs, or MACs taken twice. */
  readonly unit: string;
  readonly fit: Fit;
}

/** A match, and how likely it is meant: the model as named and the paper’s network before others, then as conventions are listed. */
interface Ranked extends Match {
  readonly conventions: string[];
  readonly isPublished: boolean;
  readonly place: number;
}

interface Counted extends Omit<Ranked, 'conventions'> {
  readonly convention: string;
}

function countsOf({ analysis, changes, isPaper }: Candidate, convention: Convention, place: number, number: GivenNumber): Counted[] {
  if (convention.network === 'paper' && !isPaper) return [];
  if (number.perMac === 1 && convention.unit.perMac !== 1) return [];
  const count = countTotal(convention, analysis);
  const counted = (value: bigint, unit: string): Counted => ({
    convention: convention.name,
    changes,
    count: value,
    unit,
    fit: fitOf(value, number),
    isPublished: changes.length === 0 || isPaper,
    place,
  });
  const once = counted(count, convention.unit.name);
  return convention.unit.perMac === 1 && number.perMac === undefined ? [once, counted(2n * count, '2 × MACs')] : [once];
}

const distance = (count: bigint, { digits, unit }: GivenNumber): bigint => {
  const difference = count - digits * unit;
  return difference < 0n ? -difference : difference;
};

/** Those with the same count of the same network are one match. */
function merged(all: readonly Counted[]): Ranked[] {
  const matches = new Map<string, Ranked>();
  for (const { convention, ...counted } of all) {
    const key = `${counted.count} ${counted.unit}`;
    const known = matches.get(key);
    if (known === undefined) matches.set(key, { ...counted, conventions: [convention] });
    else if (known.changes.join() === counted.changes.join()) known.conventions.push(convention);
  }
  return [...matches.values()];
}

const MOST = 10;

const nearerFirst =
  (number: GivenNumber) =>
  (a: Match, b: Match): number =>
    Number(distance(a.count, number) > distance(b.count, number)) - Number(distance(a.count, number) < distance(b.count, number));

/** Published networks before other variants, then the best fit, the fewest changes, and the order of the conventions. */
const likelierFirst = (a: Ranked, b: Ranked): number =>
  Number(b.isPublished) - Number(a.isPublished) ||
  FITS.indexOf(a.fit) - FITS.indexOf(b.fit) ||
  a.changes.length - b.changes.length ||
  a.place - b.place;

/**
 * Which networks, conventions and units give a number at its precision, the likeliest first. Where none does, the nearest
 * few.
 */
export function findNumber(number: GivenNumber, candidates: readonly Candidate[], conventions: readonly Convention[]): Match[] {
  const fewestFirst = candidates.toSorted((a, b) => a.changes.length - b.changes.length);
  const all = merged(
    fewestFirst.flatMap((candidate) => conventions.flatMap((convention, place) => countsOf(candidate, convention, place, number))),
  );
  const fitting = all.filter(({ fit }) => fit !== 'near').toSorted(likelierFirst);
  const shown = fitting.length > 0 ? fitting.slice(0, MOST) : all.toSorted(nearerFirst(number)).slice(0, MOST / 2);
  return shown.map(({ conventions: names, changes, count, unit, fit }) => ({ conventions: names, changes, count, unit, fit }));
}
