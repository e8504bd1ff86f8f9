import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { product, sum } from '../../src/core/exact.ts';
import { countActivations, countMacs, countOperations, each, elementFactors, factor, macs, points } from '../../src/core/work.ts';

const size = fc.oneof(fc.nat(9), fc.nat({ max: 2 ** 20 }), fc.constant(Number.MAX_SAFE_INTEGER));
const exactly = (values: readonly number[]): bigint => values.reduce((all, value) => all * BigInt(value), 1n);

describe('exact counts', () => {
  it('multiply as bigints do, past 2^53 too', () => {
    fc.assert(fc.property(fc.array(size, { maxLength: 8 }), (values) => product(values) === exactly(values)));
  });

  it.each([
    [[], 1n],
    [[0, 5], 0n],
    [[Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER], 81129638414606663681390495662081n],
    [[2 ** 52, 2], 2n ** 53n],
    [[2 ** 52, 2, 0], 0n],
  ])('%j multiply to %i', (values, expected) => expect(product(values)).toBe(expected));

  it('add', () => {
    fc.assert(fc.property(fc.array(fc.bigInt()), (values) => sum(values) === values.reduce((a, b) => a + b, 0n)));
  });
});

describe('work', () => {
  const factors = (values: readonly number[]) => values.map((value, index) => factor(`f${index}`, value));

  it('is counted exactly', () => {
    fc.assert(
      fc.property(fc.array(size, { maxLength: 6 }), fc.array(size, { maxLength: 4 }), (values, sums) => {
        const term = macs(factors(values), sums);
        const n = exactly(values);
        expect(points(term)).toBe(n);
        expect(countMacs([term, term])).toBe(2n * n);
        expect(countActivations([term])).toBe(exactly(sums));
        expect(countOperations([term, each({ add: 2, exp: 1 }, factors(values))])).toEqual(
          n === 0n ? {} : { multiply: n, add: 3n * n, exp: n },
        );
      }),
    );
  });

  it('that sums nothing up is no MACs', () => {
    expect(countMacs([each({ multiply: 1, add: 1 }, factors([3, 4]))])).toBe(0n);
    expect(countActivations([each({ add: 1 }, factors([3]))])).toBe(0n);
  });

  it.each([
    [[2, 3, 4, 5], 'n c h w'],
    [[2, 3], 'n d1'],
    [[2, 3, 4], 'n d1 d2'],
  ])('names the axes of %j', (shape, names) => {
    expect(
      elementFactors(shape)
        .map(({ name }) => name)
        .join(' '),
    ).toBe(names);
  });
});
