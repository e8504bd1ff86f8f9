import { type Polynomial, withoutCommon } from './polynomial.ts';
import { addUp, cancel, collect, factorOut, type Product, type Sum } from './sum.ts';

/** A side of a comparison: `sum` is `rest × common`. */
interface Factored {
  readonly common: Product;
  readonly a: Sum;
  readonly b: Sum;
}

/** Two sums of products, compared the way a person would on paper. */
export interface Derivation {
  readonly a: Sum;
  readonly b: Sum;
  /** The products of each, as the layers have them. */
  readonly products: { readonly a: readonly Product[]; readonly b: readonly Product[] };
  /** Terms that both have, and that cancel in the difference. */
  readonly cancelled: Sum;
  /** What is left of both without the cancelled terms. */
  readonly left: { readonly a: Sum; readonly b: Sum };
  /** That, with the greatest common product factored out. */
  readonly factored: Factored;
  /** All of both, with the greatest common product factored out. */
  readonly together: Factored;
  /** `a : b` in lowest terms: whole coefficients, and no number or symbol that divides both. */
  readonly ratio: { readonly a: Polynomial; readonly b: Polynomial };
}

/** Factors the greatest common product out of all terms of two sums. */
function factored(a: Sum, b: Sum): Factored {
  const { common, rests } = factorOut([...a, ...b].map(({ product }) => product));
  const rest = (sum: Sum, from: number): Sum => sum.map(({ times }, index) => ({ times, product: rests[from + index] as Product }));
  return { common, a: rest(a, 0), b: rest(b, a.length) };
}

/** Compares the sums of two lists of products. */
export function derive(productsA: readonly Product[], productsB: readonly Product[]): Derivation {
  const [a, b] = [collect(productsA), collect(productsB)];
  const { common: cancelled, ...left } = cancel(a, b);
  const together = factored(a, b);
  const [ratioA = [], ratioB = []] = withoutCommon(addUp(together.a), addUp(together.b));
  const products = { a: productsA, b: productsB };
  return { a, b, products, cancelled, left, factored: factored(left.a, left.b), together, ratio: { a: ratioA, b: ratioB } };
}
