import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convtranspose } from '../../src/operators/convtranspose.ts';
import { spreadAxes, walkedAxes } from '../../src/operators/kit/walk.ts';
import { windowAxes } from '../../src/operators/kit/window.ts';
import { ProblemError } from '../../src/problems/problem.ts';

const small = fc.integer({ min: 1, max: 5 });
const sides = fc.oneof(
  fc.integer({ min: 0, max: 4 }),
  fc.constantFrom('same' as const, 'same_lower' as const, 'valid' as const),
  fc.tuple(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 }))),
);

const window = fc.record({
  size: fc.integer({ min: 1, max: 23 }),
  kernel: small,
  stride: small,
  dilation: small,
  padding: sides,
  ceil: fc.boolean(),
});

describe('a window', () => {
  it('is laid by steps as the formula says, wherever it fits', () => {
    fc.assert(
      fc.property(window, ({ size, ...a }) => {
        let expected: unknown;
        try {
          expected = windowAxes('conv', a, [1, 1, size]);
        } catch (error) {
          if (error instanceof ProblemError) return;
          throw error;
        }
        expect(walkedAxes(a, [1, 1, size])).toEqual(expected);
      }),
      { numRuns: 3000 },
    );
  });

  it('spreads elements as far as the formula says', () => {
    const spread = fc.record({
      size: small,
      kernel: small,
      stride: small,
      dilation: small,
      outputpadding: fc.integer({ min: 0, max: 3 }),
      padding: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(spread, ({ size, ...given }) => {
        const a = { ...convtranspose.attributes.parse({ ...given, out: 1 }) } as never;
        let expected: number | undefined;
        try {
          expected = convtranspose.shapes(a, [[1, 1, size]])[0]?.[2];
        } catch (error) {
          if (error instanceof ProblemError) return;
          throw error;
        }
        expect(spreadAxes(given, given.outputpadding, [1, 1, size])[0]?.out).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });
});
