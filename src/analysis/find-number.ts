import { sum } from '../core/exact.ts';
import { OPERATIONS } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { type Convention, countTotal } from './conventions/convention.ts';
import { networkFacts } from './conventions/network-facts.ts';
import { quantities } from './conventions/quantities.ts';
import type { Analysis } from './cost.ts';

/** What a figure is of, where it says so. */
type Kind = 'MACs' | 'operations' | 'parameters';

/** A number as a person gives it: `3.8G`, `8.18e9`, `4.13 GMac`, `25.6M params`. */
export interface GivenNumber {
  readonly text: string;
  /** Value of its digits, as a multiple of `unit`. */
  readonly digits: bigint;
  /** Value of its last digit. Less than one where it has decimals that a count cannot have. */
  readonly unit: bigint;
  /** What it is of: GMac are MACs, FLOPs may be anything that is done. */
  readonly kind: Kind | undefined;
  /** It says that it is for each token. */
  readonly isPerToken: boolean;
}

const PREFIXES: Readonly<Record<string, number>> = {
  '': 0,
  k: 3,
  thousand: 3,
  m: 6,
  mn: 6,
  million: 6,
  g: 9,
  b: 9,
  bn: 9,
  billion: 9,
  t: 12,
  tn: 12,
  trillion: 12,
  p: 15,
  e: 18,
  z: 21,
  y: 24,
};

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/^(mac|mult)/i, 'MACs'],
  [/^(flop|op)/i, 'operations'],
  [/^(param|weight)/i, 'parameters'],
];

const NUMBER =
  /^(\d+(?:[,_ ]\d{3})*)(?:\.(\d+))?(?:e\+?(\d{1,2}))?\s*(thousand|million|billion|trillion|mn|bn|tn|[kmgbtpezy])?\s*(macs?|mult-?adds?|multiply-adds?|flops?|ops?|operations|params?|parameters?|weights?)?(\s*(?:\/|per)\s*tok(?:en)?)?$/i;

/** Reads a number with its precision. */
export function parseNumber(text: string): GivenNumber {
  const match = NUMBER.exec(text.trim());
  const [, whole = '', decimals = '', exponent = '0', prefix = '', unit = '', each] = match ?? [];
  const power = Number(exponent) + (PREFIXES[prefix.toLowerCase()] ?? 0) - decimals.length;
  if (match === null || power < 0)
    throw fail('WRONG_VALUE', {
      key: 'number',
      value: text,
      expected: 'a count, as in 3.8G, 8.18e9, "4.13 GMac", "25.6M params", "140.69 Bn" or 4,089,184,256',
    });
  const digits = BigInt(whole.replace(/\D/g, '') + decimals);
  return {
    text: text.trim(),
    digits,
    unit: 10n ** BigInt(power),
    kind: KINDS.find(([pattern]) => pattern.test(unit))?.[1],
    isPerToken: each !== undefined,
  };
}

/** How well a count fits a number, the best first. */
export const FITS = ['equal', 'rounded', 'cut', 'near'] as const;
export type Fit = (typeof FITS)[number];

/** Whether the count gives the number at its precision. */
export function fitOf(count: bigint, { digits, unit }: Pick<GivenNumber, 'digits' | 'unit'>): Fit {
  if (count === digits * unit) return 'equal';
  if ((2n * count + unit) / (2n * unit) === digits) return 'rounded';
  // Of one digit alone, cut off would be as good as anything.
  return digits >= 10n && count / unit === digits ? 'cut' : 'near';
}

/** A network that the number may be of: with which values for its parameters, of which size. */
export interface Candidate {
  readonly analysis: Analysis;
  /** Differences from the model that was named, in words. */
  readonly changes: readonly string[];
  /** Whether it is the network of the paper. */
  readonly isPaper: boolean;
}

/** What gives the number, or comes near. */
export interface Match {
  /** Who would have printed it: conventions, or what it is a count of. */
  readonly conventions: readonly string[];
  readonly changes: readonly string[];
  readonly count: bigint;
  /** What the count is of: MACs, FLOPs, MACs taken twice, parameters, or operations of one kind. */
  readonly unit: string;
  readonly fit: Fit;
}

/** One count of a network that a figure may state. */
interface Reading {
  readonly by: string;
  readonly count: bigint;
  /** Of how many tokens it is the mean; 1 for a whole count. */
  readonly per: bigint;
  readonly unit: string;
  readonly kind: Kind;
  /** How unlikely it is that somebody prints it, the least likely last. */
  readonly rank: number;
}

/** Ranks: what fits the way it is published, what tools print, what is made of that, and what only flopwise prints. */
const [TELLING, LANGUAGE, CONVENTIONS, DOUBLED, KINDS_OF_OPERATION, UNPUBLISHED] = [0, 1, 100, 300, 500, 700];

const GIGA = 9;

/** A paper's convention of its own network, or a figure with as many decimals of a billion as are published. */
const isTelling = ({ network, decimals }: Convention, { unit }: GivenNumber): boolean =>
  network === 'paper' || (decimals !== undefined && unit === 10n ** BigInt(GIGA - decimals));

function ofConvention(convention: Convention, place: number, analysis: Analysis, number: GivenNumber): Reading[] {
  const count = countTotal(convention, analysis);
  const { name: by, unit, isUnpublished = false } = convention;
  const usual = convention.network === 'language' ? LANGUAGE : CONVENTIONS;
  const rank = isTelling(convention, number) ? TELLING : place + (isUnpublished ? UNPUBLISHED : usual);
  const once: Reading = { by, count, per: 1n, unit: unit.name, kind: unit.perMac === 1 ? 'MACs' : 'operations', rank };
  // Multiply-accumulates alone are published twice as often as once; what tools add to them is rarely doubled.
  const isProducts = count === analysis.totals.macs;
  const doubled: Reading = { ...once, count: 2n * count, unit: '2 × MACs', kind: 'operations', rank: rank + (isProducts ? 0 : DOUBLED) };
  return unit.perMac === 1 ? [once, doubled] : [once];
}

/** A count for each token. Those who count language models state it; of other tools it is rare. */
const perToken =
  (tokens: bigint) =>
  (reading: Reading): Reading => ({
    ...reading,
    per: tokens,
    unit: `${reading.unit} per token`,
    rank: reading.rank >= LANGUAGE && reading.rank < CONVENTIONS ? reading.rank : reading.rank + DOUBLED,
  });

/** Parameters, all of them and those that language models are named by. */
function ofParameters({ rows, totals }: Analysis, isLanguage: boolean): Reading[] {
  const { parameters: all, activeParameters: active } = totals;
  const embeddings = sum(rows.map(quantities.looked_up.of));
  const reading = (count: bigint, unit: string, rank: number): Reading => ({
    by: 'parameters',
    count,
    per: 1n,
    unit,
    kind: 'parameters',
    rank,
  });
  return [
    reading(all, 'parameters', TELLING),
    ...(isLanguage ? [reading(all - embeddings, 'parameters without embeddings', LANGUAGE)] : []),
    ...(active === all ? [] : [reading(active, 'active parameters', TELLING)]),
    ...(active === all ? [] : [reading(active - embeddings, 'active parameters without embeddings', LANGUAGE)]),
  ];
}

/** All that a figure of a network may state. */
function readings({ analysis, isPaper }: Candidate, conventions: readonly Convention[], number: GivenNumber): Reading[] {
  const { isLanguage, tokens } = networkFacts(analysis.graph);
  const applying = conventions.filter(({ network }) => (network === 'paper' ? isPaper : network !== 'language' || isLanguage));
  const counts = applying.flatMap((convention) => ofConvention(convention, conventions.indexOf(convention), analysis, number));
  return [
    ...ofParameters(analysis, isLanguage),
    ...counts,
    ...(isLanguage && tokens > 1n ? counts.map(perToken(tokens)) : []),
    ...OPERATIONS.map(
      (operation, place): Reading => ({
        by: 'operations of one kind',
        count: sum(analysis.rows.map(({ operations }) => operations[operation] ?? 0n)),
        per: 1n,
        unit: operation,
        kind: 'operations',
        rank: KINDS_OF_OPERATION + place,
      }),
    ),
  ];
}

/** A match, and how likely it is meant. */
interface Ranked extends Match {
  readonly conventions: string[];
  readonly isPublished: boolean;
  readonly rank: number;
}

const distance = (count: bigint, { digits, unit }: GivenNumber): bigint => {
  const difference = count - digits * unit;
  return difference < 0n ? -difference : difference;
};

/** Those with the same count of the same unit are one match, of the network with the fewest changes. */
function merged(candidates: readonly Candidate[], conventions: readonly Convention[], number: GivenNumber): Ranked[] {
  const matches = new Map<string, Ranked>();
  for (const candidate of candidates)
    for (const { by, count: whole, per, unit, kind, rank } of readings(candidate, conventions, number).toSorted(
      (a, b) => a.rank - b.rank,
    )) {
      const isMeant = (number.kind === undefined || number.kind === kind) && (!number.isPerToken || per > 1n);
      if (whole === 0n || !isMeant) continue;
      const count = (2n * whole + per) / (2n * per);
      const { changes, isPaper } = candidate;
      const key = `${count} ${unit}`;
      const known = matches.get(key);
      if (known === undefined) {
        const isPublished = changes.length === 0 || isPaper;
        matches.set(key, {
          conventions: [by],
          changes,
          count,
          unit,
          fit: fitOf(whole, { ...number, unit: number.unit * per }),
          isPublished,
          rank,
        });
      } else if (known.changes.join() === changes.join()) known.conventions.push(by);
    }
  return [...matches.values()];
}

const MOST = 10;
/** What is off by more than one part in so many is not near. */
const NEAR = 5n;

const nearerFirst =
  (number: GivenNumber) =>
  (a: Match, b: Match): number =>
    Number(distance(a.count, number) > distance(b.count, number)) - Number(distance(a.count, number) < distance(b.count, number));

/** Published networks before other variants, then the best fit, the fewest changes, and who would have printed it. */
const likelierFirst = (a: Ranked, b: Ranked): number =>
  Number(b.isPublished) - Number(a.isPublished) ||
  FITS.indexOf(a.fit) - FITS.indexOf(b.fit) ||
  a.changes.length - b.changes.length ||
  a.rank - b.rank;

/**
 * Which networks, conventions and units give a number at its precision, the likeliest first. Where none does, the nearest few
 * that are off by 20% or less.
 */
export function findNumber(number: GivenNumber, candidates: readonly Candidate[], conventions: readonly Convention[]): Match[] {
  const all = merged(
    candidates.toSorted((a, b) => a.changes.length - b.changes.length),
    conventions,
    number,
  );
  const fitting = all.filter(({ fit }) => fit !== 'near').toSorted(likelierFirst);
  const near = all.filter(({ count }) => distance(count, number) * NEAR <= number.digits * number.unit).toSorted(nearerFirst(number));
  const shown = fitting.length > 0 ? fitting.slice(0, MOST) : near.slice(0, MOST / 2);
  return shown.map(({ conventions: names, changes, count, unit, fit }) => ({ conventions: names, changes, count, unit, fit }));
}

/** Whether something gives the number. */
export const isFound = (matches: readonly Match[]): boolean => matches.some(({ fit }) => fit !== 'near');
