import { fraction, gcd } from './fraction.ts';
import { add, constant, formatPolynomial, multiply, type Polynomial, split, symbol, whole } from './polynomial.ts';

/** What a product multiplies: a whole number, or a symbol or polynomial that no whole number divides. */
export type SymbolicFactor = bigint | Polynomial;

/** A product of factors, in the order in which a layer multiplies them. */
export type Product = readonly SymbolicFactor[];

/** Equal products, so many times. */
export interface SymbolicTerm {
  readonly times: bigint;
  readonly product: Product;
}

/** A sum of products. */
export type Sum = readonly SymbolicTerm[];

export const isNumber = (factor: SymbolicFactor): factor is bigint => typeof factor === 'bigint';

const keyOf = (factor: SymbolicFactor): string => (isNumber(factor) ? String(factor) : `(${formatPolynomial(factor)})`);

/** The factors of a polynomial that is not 0: a whole number, what it is divided by, each symbol as often as it divides, and the rest. */
export function factorsOf(polynomial: Polynomial): SymbolicFactor[] {
  const { coefficient, powers, rest } = split(polynomial);
  const { numerator, denominator } = coefficient;
  const divisor = denominator === 1n ? [] : [constant(fraction(1n, denominator))];
  const symbols = Object.entries(powers).flatMap(([name, power]) => Array.from({ length: power }, () => symbol(name)));
  const isOne = formatPolynomial(rest) === '1';
  const others = [...divisor, ...symbols, ...(isOne ? [] : [rest])];
  return numerator === 1n && others.length > 0 ? others : [numerator, ...others];
}

/** The same for products of the same factors, in whatever order; ones do not matter. */
const productKey = (product: Product): string =>
  product
    .filter((factor) => factor !== 1n)
    .map(keyOf)
    .sort()
    .join(' ');

/** Puts equal products together, in the order in which they first occur; a product with a zero is left out. */
export function collect(products: Iterable<Product>): Sum {
  const terms = new Map<string, SymbolicTerm>();
  for (const product of products) {
    if (product.includes(0n)) continue;
    const key = productKey(product);
    const there = terms.get(key);
    terms.set(key, { product: there?.product ?? product, times: (there?.times ?? 0n) + 1n });
  }
  return [...terms.values()];
}

export const multiplyOut = (product: Product): Polynomial =>
  product.reduce<Polynomial>((total, factor) => multiply(total, isNumber(factor) ? whole(factor) : factor), whole(1n));

/** The sum as one polynomial: a plain number where there are no symbols. */
export const addUp = (sum: Sum): Polynomial =>
  sum.reduce<Polynomial>((total, { times, product }) => add(total, multiply(whole(times), multiplyOut(product))), []);

const without = (sum: Sum, taken: ReadonlyMap<string, bigint>): Sum =>
  sum.map(({ times, product }) => ({ product, times: times - (taken.get(productKey(product)) ?? 0n) })).filter(({ times }) => times > 0n);

/** Takes away the terms that both sums have. */
export function cancel(a: Sum, b: Sum): { common: Sum; a: Sum; b: Sum } {
  const inB = new Map(b.map(({ product, times }) => [productKey(product), times]));
  const common = a.flatMap(({ product, times }): SymbolicTerm[] => {
    const there = inB.get(productKey(product)) ?? 0n;
    const both = times < there ? times : there;
    return both > 0n ? [{ product, times: both }] : [];
  });
  const taken = new Map(common.map(({ product, times }) => [productKey(product), times]));
  return { common, a: without(a, taken), b: without(b, taken) };
}

/** Where in each product a common factor is found. */
interface Share {
  readonly divisor: bigint;
  readonly at: readonly number[];
}

/**
 * A great divisor that the factor `at` of the first product shares with one factor of each other product. It divides
 * `whole`, the greatest common divisor of all products, so each product has a factor that shares a prime with it.
 */
function shareOf(numbers: readonly (readonly bigint[])[], at: number, whole: bigint): Share {
  const [first = [], ...others] = numbers;
  let divisor = gcd(first[at] as bigint, whole);
  const places = [at];
  for (const row of others) {
    let [best, place] = [1n, 0];
    for (const [index, value] of row.entries()) {
      const shared = gcd(divisor, value);
      if (shared > best) [best, place] = [shared, index];
    }
    divisor = best;
    places.push(place);
  }
  return { divisor, at: places };
}

/** Factors that every product has whole, one by one, in the order of the first. */
function takeWhole(rows: SymbolicFactor[][]): SymbolicFactor[] {
  const [first = [], ...others] = rows;
  return first.map((factor, index) => {
    const places = others.map((row) => row.findIndex((other) => keyOf(other) === keyOf(factor)));
    if (factor === 1n || places.includes(-1)) return 1n;
    first[index] = 1n;
    for (const [row, place] of places.entries()) (others[row] as SymbolicFactor[])[place] = 1n;
    return factor;
  });
}

/**
 * The greatest common product of several products, and what is left of each. The common product is written in the order
 * of the first: factors that all have whole come out first, then the greatest divisors that single factors share.
 */
export function factorOut(products: readonly Product[]): { common: Product; rests: Product[] } {
  const rows = products.map((product) => [...product]);
  const common = takeWhole(rows);
  for (;;) {
    const numbers = rows.map((row) => row.map((factor) => (isNumber(factor) ? factor : 1n)));
    const whole = numbers.map((row) => row.reduce((total, value) => total * value, 1n)).reduce(gcd, 0n);
    const shares = (numbers[0] ?? []).map((_, at) => shareOf(numbers, at, whole));
    const best = shares.reduce<Share | undefined>((most, share) => (share.divisor > (most?.divisor ?? 1n) ? share : most), undefined);
    if (best === undefined) break;
    for (const [row, place] of best.at.entries())
      (rows[row] as SymbolicFactor[])[place] = ((rows[row] as SymbolicFactor[])[place] as bigint) / best.divisor;
    const [place = 0] = best.at;
    common[place] = isNumber(common[place] as SymbolicFactor)
      ? (common[place] as bigint) * best.divisor
      : (common[place] as SymbolicFactor);
  }
  return { common: common.filter((factor) => factor !== 1n), rests: rows.map((row) => row.filter((factor) => factor !== 1n)) };
}
