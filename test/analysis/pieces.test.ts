import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { piecesOf, sumOver, valueAt } from '../../src/analysis/pieces.ts';

const LIMIT = { limit: 100_000, short: 32 };

/** All values and their sum, as the pieces have them. */
function through(of: (n: number) => bigint | undefined, from: number, count: number) {
  const { pieces, refused, asked } = piecesOf(
    (n) => {
      const value = of(n);
      return value === undefined ? undefined : [value];
    },
    from,
    count,
    LIMIT,
  );
  const values = pieces.flatMap((piece) =>
    Array.from({ length: piece.count }, (_, i) => [piece.from + i, valueAt(piece, piece.from + i)[0]] as const),
  );
  return { values: new Map(values), sum: pieces.reduce((sum, piece) => sum + (sumOver(piece)[0] as bigint), 0n), refused, asked };
}

/** A function that is another polynomial from each of its corners on. */
const cornered = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 400 }), fc.array(fc.bigInt({ min: -50n, max: 50n }), { minLength: 3, maxLength: 3 })),
  { minLength: 1, maxLength: 4 },
);

describe('a function as polynomials', () => {
  it('has every value, and their exact sum', () => {
    fc.assert(
      fc.property(cornered, fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 500 }), (corners, from, count) => {
        const sorted = corners.toSorted(([a], [b]) => a - b);
        const of = (n: number): bigint => {
          const [, [a = 0n, b = 0n, c = 0n]] = sorted.findLast(([corner]) => corner <= n) ?? (sorted[0] as (typeof sorted)[0]);
          return a + b * BigInt(n) + c * BigInt(n) ** 2n;
        };
        const { values, sum } = through(of, from, count);
        const expected = Array.from({ length: count }, (_, i) => of(from + i));
        expect([...values.values()]).toEqual(expected);
        expect(sum).toBe(expected.reduce((a, b) => a + b, 0n));
      }),
    );
  });

  it('asks for few values of a long run, however long: a window that fills, then squares', () => {
    const of = (n: number): bigint => (n < 4096 ? BigInt(n) : BigInt(n) ** 2n);
    const { pieces, asked } = piecesOf((n) => [of(n)], 1, 1_000_000, LIMIT);
    const squares = (n: bigint): bigint => (n * (n + 1n) * (2n * n + 1n)) / 6n;
    const sum = pieces.reduce((all, piece) => all + (sumOver(piece)[0] as bigint), 0n);
    expect(sum).toBe((4095n * 4096n) / 2n + squares(1_000_000n) - squares(4095n));
    expect(asked).toBeLessThan(300);
  });

  it('counts every value of what is no polynomial anywhere', () => {
    const { values, asked } = through((n) => BigInt(n % 7), 1, 100);
    expect(asked).toBe(100);
    expect([...values]).toEqual(Array.from({ length: 100 }, (_, i) => [i + 1, BigInt((i + 1) % 7)]));
  });

  it('tells what is refused', () => {
    const { values, refused } = through((n) => (n % 64 === 0 ? BigInt(n) : undefined), 1, 640);
    expect([...values]).toEqual(Array.from({ length: 10 }, (_, i) => [64 * (i + 1), BigInt(64 * (i + 1))]));
    expect(refused).toBe(630);
  });

  it('stops at a limit', () => {
    expect(() => piecesOf((n) => [BigInt(n % 3)], 0, 1000, { limit: 50, short: 32 })).toThrow('more than 50 values');
  });
});
