import { fail } from '../../problems/problem.ts';
import { type Axis, interpolate } from './interpolate.ts';
import { evaluate, type Polynomial } from './polynomial.ts';
import type { NumberProducts } from './products.ts';
import { factorsOf, type Product } from './sum.ts';

/** A parameter that is left open, and the value that it has otherwise. */
export interface Open {
  readonly symbol: string;
  readonly value: number;
}

export type Point = Readonly<Record<string, number>>;

/** The products of a model at values of its open parameters; `undefined` where the model takes no such values. */
export type Sample = (point: Point) => NumberProducts | undefined;

/** Products in symbols, and the values at which they were compared with the model. */
export interface SymbolicProducts {
  readonly products: readonly Product[];
  readonly step: number;
  readonly tried: readonly Point[];
}

/** Distances between samples that are tried: some formulas are polynomials only on multiples, such as floor(d · 4 / 64). */
const STEPS = [1, 2, 4, 8, 16, 32, 64];
/** Enough for a factor of degree 2 in each symbol. */
const GRID = [0, 1, 2];
/** Steps away from the grid at which the formulas must hold as well, near and far. */
const CHECKS = [3, 4, 5, 6, 7, 21, 64];
const MAX_OPEN = 3;

const pointAt = (open: readonly Open[], step: number, steps: readonly number[]): Point =>
  Object.fromEntries(open.map(({ symbol, value }, index) => [symbol, value + step * (steps[index] as number)]));

/** All lists with one of the values for each of `count` places. */
const combinations = <T>(values: readonly T[], count: number): T[][] =>
  count === 0 ? [[]] : combinations(values, count - 1).flatMap((head) => values.map((value) => [...head, value]));

const sameForm = (a: NumberProducts, b: NumberProducts): boolean =>
  a.length === b.length && a.every((product, index) => product.length === b[index]?.length);

const holds = (polynomial: Polynomial, point: Point, value: number): boolean => {
  const values = Object.fromEntries(Object.entries(point).map(([name, at]) => [name, BigInt(at)]));
  const { numerator, denominator } = evaluate(polynomial, values);
  return denominator === 1n && numerator === BigInt(value);
};

interface Sampled {
  readonly point: Point;
  readonly products: NumberProducts;
}

/** The model at many points, if it is there at all of them and has the same products. */
function sampledAt(points: readonly Point[], sample: Sample): Sampled[] | undefined {
  const sampled: Sampled[] = [];
  for (const point of points) {
    const products = sample(point);
    if (products === undefined || !sameForm(sampled[0]?.products ?? products, products)) return undefined;
    sampled.push({ point, products });
  }
  return sampled;
}

function withStep(open: readonly Open[], step: number, sample: Sample): SymbolicProducts | undefined {
  const grid = sampledAt(
    combinations(GRID, open.length).map((steps) => pointAt(open, step, steps)),
    sample,
  );
  // The symbols move by different distances, so that no two of them are mistaken for each other.
  const checks = sampledAt(
    CHECKS.map((distance) =>
      pointAt(
        open,
        step,
        open.map((_, index) => distance + index),
      ),
    ),
    sample,
  );
  const form = grid?.[0]?.products;
  if (grid === undefined || checks === undefined || form === undefined || !sameForm(form, checks[0]?.products ?? [])) return undefined;
  const axes: Axis[] = open.map(({ symbol, value }) => ({ name: symbol, points: GRID.map((steps) => value + step * steps) }));
  const indexOf = (indexes: readonly number[]): number => indexes.reduce((total, index) => total * GRID.length + index, 0);
  const products: Product[] = [];
  for (const [term, factors] of form.entries()) {
    const product = factors.map((_, place) => {
      const valueIn = ({ products: all }: Sampled): number => all[term]?.[place] as number;
      const polynomial = interpolate(axes, (indexes) => BigInt(valueIn(grid[indexOf(indexes)] as Sampled)));
      return polynomial.length > 0 && checks.every((check) => holds(polynomial, check.point, valueIn(check)))
        ? factorsOf(polynomial)
        : undefined;
    });
    const known = product.filter((part) => part !== undefined);
    if (known.length < product.length) return undefined;
    products.push(known.flat());
  }
  return { products, step, tried: [...grid, ...checks].map(({ point }) => point) };
}

/**
 * The products of a model in symbols. Every factor of every product is interpolated from exact samples as a polynomial of
 * the open parameters, and must then hold at further values too; where some factor does not, or where layers come and
 * go, it throws `NOT_POLYNOMIAL`.
 */
export function symbolicProducts(model: string, open: readonly Open[], sample: Sample): SymbolicProducts {
  const names = open.map(({ symbol }) => symbol);
  if (open.length > MAX_OPEN) throw fail('TOO_MANY_SYMBOLS', { names, limit: MAX_OPEN });
  for (const step of STEPS) {
    const found = withStep(open, step, sample);
    if (found !== undefined) return found;
  }
  throw fail('NOT_POLYNOMIAL', { model, names, from: open.map(({ value }) => value) });
}
