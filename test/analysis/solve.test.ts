import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestOf, type Relation, solve, valuesIn } from '../../src/analysis/solve.ts';

const range = { min: 1, max: 50, step: 1 };

describe('solve', () => {
  it('finds the greatest cost within a limit, whatever the cost does in between', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 0n, max: 1000n }), { minLength: 50, maxLength: 50 }),
        fc.bigInt({ min: 0n, max: 1000n }),
        (costs, limit) => {
          const { met, meeting } = solve((value) => costs[value - 1], range, { relation: '<=', value: limit });
          const within = costs.filter((cost) => cost <= limit);
          expect(meeting).toBe(within.length);
          expect(met?.cost).toBe(within.length === 0 ? undefined : within.reduce((a, b) => (a > b ? a : b)));
        },
      ),
    );
  });

  it('finds in a long range, of which it counts little, what trying each value finds', () => {
    const part = fc.record({
      from: fc.integer({ min: 1, max: 3000 }),
      a: fc.bigInt({ min: -2000n, max: 2000n }),
      b: fc.bigInt({ min: -60n, max: 60n }),
      c: fc.bigInt({ min: -1n, max: 1n }),
    });
    const relation = fc.constantFrom<Relation>('<=', '<', '>=', '>', '=');
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), relation, fc.bigInt({ min: -5000n, max: 5000n }), (parts, how, value) => {
        const sorted = parts.toSorted((one, other) => one.from - other.from);
        const costAt = (n: number): bigint => {
          const { a, b, c } = sorted.findLast(({ from }) => from <= n) ?? (sorted[0] as (typeof sorted)[0]);
          return a + b * BigInt(n) + c * BigInt(n) ** 2n;
        };
        const target = { relation: how, value };
        const long = solve(costAt, { min: 1, max: 3000, step: 1 }, target);
        // The same in ranges that are short enough to be counted value by value.
        const short = [1, 1001, 2001].map((min) => solve(costAt, { min, max: min + 999, step: 1 }, target));
        const nearest = (which: 'met' | 'nearest') =>
          nearestOf(
            short.flatMap((one) => one[which] ?? []),
            target,
          );
        expect(long).toMatchObject({
          tried: 3000,
          refused: 0,
          meeting: short.reduce((sum, one) => sum + one.meeting, 0),
          met: nearest('met'),
          nearest: nearest('nearest'),
        });
        expect(short.every(({ counted }) => counted === 1000)).toBe(true);
        expect(long.counted).toBeLessThan(1000);
      }),
    );
  });

  it('tells the nearest where none is equal, and what the model refused', () => {
    const found = solve((value) => (value % 2 === 0 ? BigInt(value * value) : undefined), range, { relation: '=', value: 101n });
    expect(found).toMatchObject({ met: undefined, nearest: { value: 10, cost: 100n }, tried: 50, refused: 25, isMonotone: true });
  });

  it('knows a cost that turns', () => {
    expect(solve((value) => BigInt((value - 20) ** 2), range, { relation: '>=', value: 0n }).isMonotone).toBe(false);
  });

  it('takes decimal steps exactly', () => {
    const values: number[] = [];
    const steps = { min: 0.05, max: 0.3, step: 0.05 };
    solve((value) => BigInt(values.push(value)), steps, { relation: '=', value: 0n });
    expect(values).toEqual([0.05, 0.1, 0.15, 0.2, 0.25, 0.3]);
    expect(valuesIn(steps)).toBe(6);
  });
});
