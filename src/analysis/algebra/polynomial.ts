import { type Fraction, fraction, gcd, plus, times } from './fraction.ts';

/** Powers of symbols, each at least 1: `{ d: 2 }` is d². */
export type Powers = Readonly<Record<string, number>>;

export interface Monomial {
  readonly powers: Powers;
  /** Not zero. */
  readonly coefficient: Fraction;
}

/** A polynomial in named symbols, exact; the highest degree first. Without any monomial it is 0. */
export type Polynomial = readonly Monomial[];

const degree = (powers: Powers): number => Object.values(powers).reduce((sum, power) => sum + power, 0);

const powersKey = (powers: Powers): string =>
  Object.keys(powers)
    .sort()
    .map((name) => `${name}^${powers[name]}`)
    .join(' ');

/** Puts monomials of the same powers together, and in order. */
function collected(monomials: Iterable<Monomial>): Polynomial {
  const byPowers = new Map<string, Monomial>();
  for (const monomial of monomials) {
    const key = powersKey(monomial.powers);
    const there = byPowers.get(key);
    byPowers.set(key, there === undefined ? monomial : { ...there, coefficient: plus(there.coefficient, monomial.coefficient) });
  }
  const order = (a: Monomial, b: Monomial) => degree(b.powers) - degree(a.powers) || (powersKey(a.powers) < powersKey(b.powers) ? -1 : 1);
  return [...byPowers.values()].filter(({ coefficient }) => coefficient.numerator !== 0n).sort(order);
}

export const constant = (value: Fraction): Polynomial => (value.numerator === 0n ? [] : [{ powers: {}, coefficient: value }]);

export const whole = (value: bigint): Polynomial => constant(fraction(value));

export const symbol = (name: string): Polynomial => [{ powers: { [name]: 1 }, coefficient: fraction(1n) }];

export const add = (a: Polynomial, b: Polynomial): Polynomial => collected([...a, ...b]);

const combined = (a: Powers, b: Powers, sign: 1 | -1 = 1): Powers => {
  const powers: Record<string, number> = { ...a };
  for (const [name, power] of Object.entries(b)) powers[name] = (powers[name] ?? 0) + sign * power;
  return Object.fromEntries(Object.entries(powers).filter(([, power]) => power !== 0));
};

export const multiply = (a: Polynomial, b: Polynomial): Polynomial =>
  collected(a.flatMap((x) => b.map((y) => ({ powers: combined(x.powers, y.powers), coefficient: times(x.coefficient, y.coefficient) }))));

/** The value, if it does not depend on any symbol. */
export function constantOf(polynomial: Polynomial): Fraction | undefined {
  if (polynomial.length === 0) return fraction(0n);
  const [only] = polynomial;
  return polynomial.length === 1 && only !== undefined && degree(only.powers) === 0 ? only.coefficient : undefined;
}

export function evaluate(polynomial: Polynomial, values: Readonly<Record<string, bigint>>): Fraction {
  return polynomial.reduce((total, { powers, coefficient }) => {
    const product = Object.entries(powers).reduce((value, [name, power]) => value * (values[name] ?? 0n) ** BigInt(power), 1n);
    return plus(total, times(coefficient, fraction(product)));
  }, fraction(0n));
}

/** What all monomials have in common: a number and powers of symbols. Of 0 it is 1. */
function content(polynomials: readonly Polynomial[]): Monomial {
  const all = polynomials.flat();
  const [first] = all;
  if (first === undefined) return { powers: {}, coefficient: fraction(1n) };
  let [numerator, denominator, powers] = [0n, 1n, first.powers];
  for (const monomial of all) {
    numerator = gcd(numerator, monomial.coefficient.numerator);
    denominator = (denominator / gcd(denominator, monomial.coefficient.denominator)) * monomial.coefficient.denominator;
    powers = Object.fromEntries(
      Object.entries(powers)
        .map(([name, power]): [string, number] => [name, Math.min(power, monomial.powers[name] ?? 0)])
        .filter(([, power]) => power > 0),
    );
  }
  return { powers, coefficient: fraction(numerator, denominator) };
}

/** Divides by a monomial; powers may become negative. */
const divide = (polynomial: Polynomial, by: Monomial): Polynomial =>
  polynomial.map(({ powers, coefficient }) => ({
    powers: combined(powers, by.powers, -1),
    coefficient: times(coefficient, fraction(by.coefficient.denominator, by.coefficient.numerator)),
  }));

/** Divides polynomials by what all their monomials share, so that whole coefficients without a common divisor are left. */
export function withoutCommon(...polynomials: Polynomial[]): Polynomial[] {
  const common = content(polynomials);
  return polynomials.map((polynomial) => divide(polynomial, common));
}

/** A polynomial as a number, symbols, and what is left. */
export function split(polynomial: Polynomial): { coefficient: Fraction; powers: Powers; rest: Polynomial } {
  const common = content([polynomial]);
  return { ...common, rest: divide(polynomial, common) };
}

/** The quotient of two monomials; its powers may be negative. */
export const quotient = (a: Monomial, b: Monomial): Monomial => divide([a], b)[0] as Monomial;

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const superscript = (power: number): string =>
  power === 1 ? '' : [...String(power)].map((digit) => SUPERSCRIPTS[Number(digit)] ?? digit).join('');

/** `d²·n`; empty for no symbols. */
const formatPowers = (powers: Powers): string =>
  Object.entries(powers)
    .map(([name, power]) => `${name}${superscript(power)}`)
    .join('·');

/** `17d²`, `9·width`; without a number that is 1. */
export function timesPowers(number: bigint, powers: Powers): string {
  const symbols = formatPowers(powers);
  if (symbols === '') return String(number);
  const isWord = Object.keys(powers).some((name) => name.length > 1);
  return number === 1n ? symbols : `${number}${isWord ? '·' : ''}${symbols}`;
}

const formatMonomial = ({ powers, coefficient: { numerator, denominator } }: Monomial): string => {
  const size = numerator < 0n ? -numerator : numerator;
  const number = timesPowers(size, powers);
  return denominator === 1n ? number : `${number}/${denominator}`;
};

/** `17d² + 3d − 1` */
export const formatPolynomial = (polynomial: Polynomial): string =>
  polynomial.length === 0
    ? '0'
    : polynomial
        .map((monomial, index) => {
          const isNegative = monomial.coefficient.numerator < 0n;
          const sign = index === 0 ? (isNegative ? '−' : '') : isNegative ? ' − ' : ' + ';
          return `${sign}${formatMonomial(monomial)}`;
        })
        .join('');
