import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countMasked } from '../../src/core/work.ts';
import { isSeen, maskedPairs } from '../../src/operators/kit/mask.ts';
import { operatorOf } from '../../src/operators/registry.ts';
import { answers, ask, refuses } from './helpers.ts';

answers('embedding', [
  {
    what: 'GPT-2 looks up 1,024 ids: no operations',
    attributes: { rows: 50257, out: 768 },
    inputs: [[1, 1024]],
    outputs: [[1, 1024, 768]],
    weights: { table: [50257, 768] },
    parameters: 38597376,
  },
]);

answers('positions', [
  {
    what: 'the whole table of GPT-2',
    attributes: { rows: 1024 },
    inputs: [[2, 1024, 768]],
    outputs: [[1, 1024, 768]],
    weights: { table: [1024, 768] },
    parameters: 786432,
  },
  {
    what: 'a fixed table is no parameter',
    attributes: { rows: 1500, learned: false },
    inputs: [[1, 1500, 384]],
    outputs: [[1, 1500, 384]],
    weights: { table: [1500, 384] },
  },
]);

refuses('positions', [
  {
    what: 'a length beyond the table',
    attributes: { rows: 1024, start: 1000 },
    inputs: [[1, 25, 8]],
    code: 'BEYOND_POSITIONS',
    blames: 'rows',
    says: '25 positions from 1000 on reach to 1025',
  },
]);

answers('rmsnorm', [
  {
    what: 'one vector: each step by hand',
    inputs: [[1, 4]],
    outputs: [[1, 4]],
    weights: { scale: [4] },
    parameters: 4,
    // Square 4, sum 4, mean 1 divide; epsilon 1 add, sqrt 1, reciprocal 1 divide; normalise 4, scale 4.
    operations: { multiply: 12, add: 5, divide: 2, sqrt: 1 },
  },
  {
    what: 'without a scale, the channels of two images',
    attributes: { axis: 1, affine: false },
    inputs: [[2, 3, 4, 4]],
    outputs: [[2, 3, 4, 4]],
    operations: { multiply: 192, add: 128, divide: 64, sqrt: 32 },
  },
]);

answers('rope', [
  {
    what: 'two heads of three positions and four features: twelve pairs',
    inputs: [[1, 2, 3, 4]],
    outputs: [[1, 2, 3, 4]],
    operations: { multiply: 48, subtract: 12, add: 12 },
  },
  {
    what: 'a quarter of the features, as GPT-NeoX',
    attributes: { dim: 16 },
    inputs: [[1, 1, 1, 64]],
    outputs: [[1, 1, 1, 64]],
    operations: { multiply: 32, subtract: 8, add: 8 },
  },
]);

refuses('rope', [
  { what: 'an odd number of features', inputs: [[1, 2, 3]], code: 'CONTRADICTION', says: '3 of 3 features' },
  {
    what: 'more features than there are',
    attributes: { dim: 6 },
    inputs: [[1, 2, 4]],
    code: 'CONTRADICTION',
    blames: 'dim',
    says: '6 of 4 features',
  },
]);

refuses('splitheads', [
  { what: 'heads that do not divide', attributes: { heads: 5 }, inputs: [[1, 2, 12]], code: 'DOES_NOT_DIVIDE', blames: 'heads', says: '5' },
]);

const Q = [1, 4, 3, 2] as const;
const K = [1, 2, 5, 2] as const;
answers('sdpa', [
  {
    what: 'four heads, two of keys; three queries, five keys: each step by hand',
    attributes: { causal: true },
    inputs: [Q, K, [1, 2, 5, 7]],
    outputs: [[1, 4, 3, 7]],
    macs: 4 * 3 * 5 * (2 + 7),
    formula: '1×4×3×2×5 + 1×4×3×5×7',
    activations: 60 + 84,
    operations: { multiply: 540 + 60, add: 540 + 60, subtract: 60, divide: 60, compare: 60, exp: 60 },
  },
  {
    what: 'no scale, a soft cap, a bias and sinks',
    attributes: { scale: 1, softcap: 50, sinks: true },
    inputs: [Q, K, K, [1, 1, 1, 5]],
    outputs: [[1, 4, 3, 2]],
    weights: { sinks: [4] },
    parameters: 4,
    macs: 4 * 3 * 5 * 4,
    formula: '1×4×3×2×5 + 1×4×3×5×2',
    activations: 60 + 24,
    operations: { multiply: 240 + 60, add: 240 + 60 + 60 + 12, subtract: 72, divide: 120, compare: 72, exp: 72, tanh: 60 },
  },
]);

refuses('sdpa', [
  { what: 'key heads that do not divide', inputs: [Q, [1, 3, 3, 2], [1, 3, 3, 2]], code: 'DOES_NOT_DIVIDE', says: '3 heads of the keys' },
  { what: 'keys of another width', inputs: [Q, [1, 4, 3, 3], Q], code: 'SHAPES_DO_NOT_FIT', says: '1×4×3×3' },
  { what: 'fewer values than keys', inputs: [Q, Q, [1, 4, 2, 2]], code: 'SHAPES_DO_NOT_FIT', says: '1×4×2×2' },
  {
    what: 'a mask over fewer keys than queries',
    attributes: { causal: true },
    inputs: [Q, [1, 4, 2, 2], [1, 4, 2, 2]],
    code: 'CONTRADICTION',
    blames: 'causal',
    says: '3 queries need at least as many keys',
  },
  { what: 'a bias that does not fit', inputs: [Q, Q, Q, [1, 2, 3, 3]], code: 'SHAPES_DO_NOT_FIT', says: '1×2×3×3' },
]);

describe('a window', () => {
  it('of 0 is no window', () => {
    const { error } = operatorOf('sdpa').attributes.safeParse({ window: 0 });
    expect(error?.issues[0]?.path).toEqual(['window']);
  });
});

describe('masked pairs', () => {
  const masks = fc.record({ causal: fc.boolean(), window: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }) });

  it('are as many in closed form as one by one', () => {
    fc.assert(
      fc.property(masks, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 9 }), (mask, queries, offset) => {
        const keys = queries + offset;
        let masked = 0n;
        for (let query = 0; query < queries; query++) for (let key = 0; key < keys; key++) if (!isSeen(mask, offset, query, key)) masked++;
        expect(maskedPairs(mask, queries, keys, offset)).toBe(masked);
      }),
    );
  });

  it('are half of a square less half of its side where it is causal, at any size', () => {
    const tokens = 10n ** 12n;
    expect(maskedPairs({ causal: true }, Number(tokens), Number(tokens), 0)).toBe((tokens * (tokens - 1n)) / 2n);
  });

  it('count for both products', () => {
    const shape = [1, 2, 4, 3];
    expect(countMasked(ask('sdpa', { causal: true }, [shape, shape, [1, 2, 4, 5]]).work)).toBe(2n * 6n * (3n + 5n));
  });
});

describe('a cache', () => {
  const state = (attributes: object, shape: readonly number[]) => {
    const cache = operatorOf('cache');
    return cache.state(cache.attributes.parse(attributes), [shape]);
  };

  it('keeps all positions', () => expect(state({ past: 7 }, [2, 8, 3, 64])).toEqual([{ shape: [2, 8, 10, 64], positions: 2 }]));

  it('keeps no more than a window, and does not grow once that is full', () => {
    expect(state({ past: 4093, window: 4096 }, [1, 8, 2, 64])).toEqual([{ shape: [1, 8, 4095, 64], positions: 2 }]);
    expect(state({ past: 4094, window: 4096 }, [1, 8, 2, 64])).toEqual([{ shape: [1, 8, 4096, 64] }]);
    expect(state({ past: 4095, window: 4096 }, [1, 8, 2, 64])).toEqual([{ shape: [1, 8, 4096, 64] }]);
  });

  it('puts those that a window reaches before the new ones', () =>
    expect(ask('cache', { past: 8191, window: 4096 }, [[1, 8, 1, 64]]).outputs).toEqual([[1, 8, 4096, 64]]));
});
