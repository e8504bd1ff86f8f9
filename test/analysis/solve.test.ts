import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOf, solve } from '../../src/analysis/solve.ts';

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
    expect(countOf(steps)).toBe(6);
  });
});
