import type { Derivation } from '../../analysis/algebra/derivation.ts';
import { type Fraction, fraction, plus } from '../../analysis/algebra/fraction.ts';
import {
  constantOf,
  formatPolynomial,
  type Monomial,
  multiply,
  type Polynomial,
  quotient,
  timesPowers,
  whole,
} from '../../analysis/algebra/polynomial.ts';
import { addUp, isNumber, multiplyOut, type Product, type Sum, type SymbolicTerm } from '../../analysis/algebra/sum.ts';
import { decimal, exact } from '../kit/number.ts';

/** A comparison in factors, as text. */

/** More terms than these are not written out. */
const SHOWN_TERMS = 8;
/** So many equal terms are written one by one, as on paper. */
const SHOWN_TIMES = 3n;

const inBrackets = (text: string, isSum: boolean): string => (isSum ? `(${text})` : text);

const formatFactor = (factor: Product[number]): string =>
  isNumber(factor) ? String(factor) : inBrackets(formatPolynomial(factor), factor.length > 1);

const formatProduct = (product: Product, sign: string): string => (product.length === 0 ? '1' : product.map(formatFactor).join(sign));

/** `a + a + b`, or `12 · a + b` where there are many. */
function formatTerms(sum: Sum, format: (term: SymbolicTerm) => string): string {
  const count = sum.reduce((total, { times }) => total + times, 0n);
  const parts = sum.flatMap((term) => {
    const text = format(term);
    if (term.times <= SHOWN_TIMES && count <= BigInt(SHOWN_TERMS)) return Array.from({ length: Number(term.times) }, () => text);
    return [term.times === 1n ? text : `${term.times} · ${text}`];
  });
  if (parts.length === 0) return '0';
  const rest = parts.length - SHOWN_TERMS;
  return rest <= 1 ? parts.join(' + ') : [...parts.slice(0, SHOWN_TERMS), `… ${rest} more terms`].join(' + ');
}

/** Products as layers multiply them: `3×3×64×56×56×64`. */
const formatSum = (sum: Sum): string => formatTerms(sum, ({ product }) => formatProduct(product, '×'));

/** The same in the order of the layers, where these are few. */
const formatProducts = (products: readonly Product[], sum: Sum): string =>
  products.length > 0 && products.length <= SHOWN_TERMS
    ? products.map((product) => formatProduct(product, '×')).join(' + ')
    : formatSum(sum);

/** What is left of each term when the common product is out, multiplied out. */
const formatRest = (sum: Sum): string => formatTerms(sum, ({ product }) => formatPolynomial(multiplyOut(product)));

const isSingle = (sum: Sum): boolean => sum.length === 0 || (sum.length === 1 && sum[0]?.times === 1n);

/** `(4 + 4) × (64·56·56·64)` */
const formatFactored = (sum: Sum, common: Product): string =>
  sum.length === 0
    ? '0'
    : common.length === 0
      ? formatRest(sum)
      : `${inBrackets(formatRest(sum), !isSingle(sum))} × ${inBrackets(formatProduct(common, '·'), common.length > 1)}`;

/** The common product apart: whole numbers, and symbols, which say how the sides grow. */
function splitCommon(common: Product): { numbers: Product; symbols: Product } {
  return { numbers: common.filter(isNumber), symbols: common.filter((factor) => !isNumber(factor)) };
}

const timesSymbols = (sum: Sum, symbols: Product): Polynomial => multiply(addUp(sum), multiplyOut(symbols));

/** The two sides of the ratio, `18 to 17`, symbols and all. */
const formatRatio = ({ ratio }: Derivation, sign: string): string =>
  `${inBrackets(formatPolynomial(ratio.a), sign === ':' && ratio.a.length > 1)}${sign}${inBrackets(formatPolynomial(ratio.b), sign === ':' && ratio.b.length > 1)}`;

const formatMonomial = ({ coefficient: { numerator, denominator }, powers }: Monomial): string => {
  const above = Object.fromEntries(Object.entries(powers).filter(([, power]) => power > 0));
  const below = Object.fromEntries(
    Object.entries(powers)
      .filter(([, power]) => power < 0)
      .map(([name, power]) => [name, -power]),
  );
  const [top, bottom] = [timesPowers(numerator, above), timesPowers(denominator, below)];
  return bottom === '1' ? top : `${top}/${/[·]|\d\D/.test(bottom) ? `(${bottom})` : bottom}`;
};

const formatFraction = ({ numerator, denominator }: Fraction): string =>
  denominator === 1n ? String(numerator) : `${numerator}/${denominator}`;

/**
 * Where one side is a single product, the other divided by it term by term: `1/N + 1/K²`, and added up where it has no
 * symbols. `undefined` where both are sums, or there is but one term.
 */
function termByTerm(sum: Sum, single: Sum): string | undefined {
  if (!isSingle(single) || single.length === 0 || sum.length < 2 || sum.length > SHOWN_TERMS) return undefined;
  const divisor = addUp(single);
  const parts = sum.map(({ times, product }) => multiply(whole(times), multiplyOut(product)));
  if (divisor.length !== 1 || parts.some((part) => part.length !== 1)) return undefined;
  const quotients = parts.map((part) => quotient(part[0] as Monomial, divisor[0] as Monomial));
  const text = quotients.map(formatMonomial).join(' + ');
  if (quotients.some(({ powers }) => Object.keys(powers).length > 0)) return text;
  return `${text} = ${formatFraction(quotients.map(({ coefficient }) => coefficient).reduce(plus))}`;
}

const isZero = (polynomial: Polynomial): boolean => polynomial.length === 0;

/** `18:17`, and what that is as a decimal. */
function ratioLine(derivation: Derivation, [a, b]: readonly [string, string]): string {
  const [left, right] = [constantOf(derivation.ratio.a), constantOf(derivation.ratio.b)];
  if (isZero(derivation.ratio.a) || isZero(derivation.ratio.b)) return 'One side is nothing, so there is no ratio.';
  if (left === undefined || right === undefined) return `${a} : ${b} = ${formatRatio(derivation, ':')}`;
  const { numerator, denominator } = fraction(left.numerator, right.numerator);
  return `${a} : ${b} = ${numerator}:${denominator} = ${decimal(numerator, denominator, 3)}`;
}

const lines = ([a, b]: readonly [string, string], left: string, right: string): string[] => {
  const width = Math.max(a.length, b.length);
  return [`  ${a.padEnd(width)}  ${left}`, `  ${b.padEnd(width)}  ${right}`];
};

const equals = (formula: string, total: Polynomial): string => {
  const value = constantOf(total);
  return value === undefined ? `${formula}` : `${formula} = ${exact(value.numerator)}`;
};

/** What is left after the terms that both have, and the common product of that. */
function cancelledPart({ cancelled, left, factored }: Derivation, names: readonly [string, string]): string[] {
  if (cancelled.length === 0) return [];
  if (left.a.length + left.b.length === 0) return ['Every term of one is a term of the other: they cost the same.'];
  return [
    `Both have ${formatSum(cancelled)}: it cancels. What is left:`,
    ...lines(names, formatFactored(factored.a, factored.common), formatFactored(factored.b, factored.common)),
    `That is ${formatPolynomial(addUp(factored.a))} to ${formatPolynomial(addUp(factored.b))}.`,
    '',
  ];
}

/** All of both, the common product factored out, its symbols with the numbers they belong to. */
function togetherPart({ together: { common, a, b } }: Derivation, names: readonly [string, string]): string[] {
  const { numbers, symbols } = splitCommon(common);
  const side = (sum: Sum): string => {
    const total = timesSymbols(sum, symbols);
    const text = formatPolynomial(total);
    const terms =
      constantOf(total) !== undefined && sum.length > 0 && !isSingle(sum) && sum.length <= SHOWN_TERMS ? `${formatRest(sum)} = ` : '';
    return numbers.length === 0
      ? `${terms}${text}`
      : `${inBrackets(`${terms}${text}`, terms !== '' || total.length > 1)} × ${inBrackets(formatProduct(numbers, '·'), numbers.length > 1)}`;
  };
  return ['All together, the greatest common product factored out:', ...lines(names, side(a), side(b))];
}

/** The comparison of two sums, step by step. */
export function derivationText(derivation: Derivation, names: readonly [string, string], label: string): string {
  const { a, b, products, together } = derivation;
  const [first, second] = names;
  const aByB = termByTerm(together.a, together.b);
  const bByA = termByTerm(together.b, together.a);
  return [
    `${label} as products:`,
    ...lines(names, equals(formatProducts(products.a, a), addUp(a)), equals(formatProducts(products.b, b), addUp(b))),
    '',
    ...cancelledPart(derivation, names),
    ...togetherPart(derivation, names),
    ratioLine(derivation, names),
    ...(aByB === undefined ? [] : [`${first} / ${second} = ${aByB}`]),
    ...(bByA === undefined ? [] : [`${second} / ${first} = ${bByA}`]),
  ].join('\n');
}

/** The same as data: formulas as text, the ratio as two whole numbers or polynomials. */
export const derivationJson = (derivation: Derivation, [a, b]: readonly [string, string]): unknown => ({
  of: [a, b],
  formulas: [formatProducts(derivation.products.a, derivation.a), formatProducts(derivation.products.b, derivation.b)],
  cancelled: formatSum(derivation.cancelled),
  left: [
    formatFactored(derivation.factored.a, derivation.factored.common),
    formatFactored(derivation.factored.b, derivation.factored.common),
  ],
  common: formatProduct(derivation.together.common, '×'),
  ratio: [formatPolynomial(derivation.ratio.a), formatPolynomial(derivation.ratio.b)],
  'term by term': termByTerm(derivation.together.a, derivation.together.b),
});
