import { fraction } from './fraction.ts';
import { add, constant, multiply, type Polynomial, symbol, whole } from './polynomial.ts';

/** One symbol, and the different whole numbers at which it is sampled. */
export interface Axis {
  readonly name: string;
  readonly points: readonly number[];
}

/** Lagrange's polynomial: 1 at one of the points, 0 at the others. */
function basis({ name, points }: Axis, index: number): Polynomial {
  const here = BigInt(points[index] as number);
  return points.reduce<Polynomial>((product, other, at) => {
    if (at === index) return product;
    const there = BigInt(other);
    const line = multiply(add(symbol(name), whole(-there)), constant(fraction(1n, here - there)));
    return multiply(product, line);
  }, whole(1n));
}

/**
 * The only polynomial, of lower degree in each symbol than that symbol has points, that takes the given values on the
 * grid of all points. `valueAt` is asked for an index into the points of each axis.
 */
export function interpolate(axes: readonly Axis[], valueAt: (indexes: readonly number[]) => bigint): Polynomial {
  const [axis, ...others] = axes;
  if (axis === undefined) return whole(valueAt([]));
  return axis.points.reduce<Polynomial>((sum, _, index) => {
    const slice = interpolate(others, (indexes) => valueAt([index, ...indexes]));
    return add(sum, multiply(slice, basis(axis, index)));
  }, []);
}
