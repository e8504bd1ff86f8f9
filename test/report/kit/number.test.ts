import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, exact, percent, readable, withUnit } from '../../../src/report/kit/number.ts';

const anyCount = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });

describe('exact', () => {
  it.each([
    [0n, '0'],
    [999n, '999'],
    [1000n, '1,000'],
    [-999n, '-999'],
    [-123_456n, '-123,456'],
    [4_089_184_256n, '4,089,184,256'],
    [2n ** 53n + 1n, '9,007,199,254,740,993'],
    [10n ** 30n, `1${',000'.repeat(10)}`],
  ])('%s', (count, text) => expect(exact(count)).toBe(text));

  it('keeps every digit, in groups of three', () => {
    fc.assert(
      fc.property(anyCount, (count) => {
        expect(exact(count)).toMatch(/^-?\d{1,3}(,\d{3})*$/);
        expect(BigInt(exact(count).replaceAll(',', ''))).toBe(count);
      }),
    );
  });
});

describe('decimal', () => {
  it.each([
    [1n, 3n, 2, '0.33'],
    [2n, 3n, 2, '0.67'],
    [1n, 200n, 2, '0.01'],
    [-1n, 200n, 2, '-0.01'],
    [-1n, 201n, 2, '0.00'],
    [1n, -2n, 0, '-1'],
    [-5n, -2n, 1, '2.5'],
    [0n, -7n, 3, '0.000'],
    [2n ** 60n + 1n, 1n, 0, '1152921504606846977'],
    [999_995n, 1000n, 2, '1000.00'],
    [999_994n, 1000n, 2, '999.99'],
  ])('%s / %s to %s decimals is %s', (n, d, decimals, text) => expect(decimal(n, d, decimals)).toBe(text));

  it('is the nearest number of that many decimals, the farther from zero of two', () => {
    fc.assert(
      fc.property(
        anyCount,
        anyCount.filter((d) => d !== 0n),
        fc.nat(6),
        (n, d, decimals) => {
          const text = decimal(n, d, decimals);
          expect(text).toMatch(decimals === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${decimals}}$`));
          const shown = BigInt(text.replace('.', ''));
          const scale = 10n ** BigInt(decimals);
          const abs = (x: bigint) => (x < 0n ? -x : x);
          // |shown / scale − n / d| ≤ 1 / (2 scale), in whole numbers.
          const error = abs(shown * d - n * scale);
          expect(2n * error <= abs(d)).toBe(true);
          if (2n * error === abs(d)) expect(abs(shown * d) > abs(n * scale)).toBe(true);
          expect(text.startsWith('-')).toBe(shown < 0n);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('readable', () => {
  it.each([
    [0n, '0'],
    [7n, '7'],
    [-7n, '-7'],
    [999n, '999'],
    [1000n, '1.00 k'],
    [-1000n, '-1.00 k'],
    [999_994n, '999.99 k'],
    [999_995n, '1.00 M'],
    [-999_995n, '-1.00 M'],
    [999_994_999n, '999.99 M'],
    [999_995_000n, '1.00 G'],
    [4_089_184_256n, '4.09 G'],
    [2n ** 53n + 1n, '9.01 P'],
    [10n ** 24n, '1.00 Y'],
    [10n ** 30n, '1000000.00 Y'],
  ])('%s is %s', (count, text) => expect(readable(count)).toBe(text));

  it('has at most three digits before the point, up to the last prefix', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 26n), max: 10n ** 26n }), (count) => {
        expect(readable(count)).toMatch(/^-?\d{1,3}(\.\d\d [kMGTPEZY])?$/);
      }),
    );
  });
});

it('withUnit joins prefix and unit', () => {
  expect(withUnit(4_089_184_256n, 'MAC')).toBe('4.09 GMAC');
  expect(withUnit(512n, 'MAC')).toBe('512 MAC');
});

it.each([
  [1n, 3n, '33.33%'],
  [0n, 3n, '0.00%'],
  [3n, 3n, '100.00%'],
  [0n, 0n, '–'],
])('%s of %s is %s', (part, whole, text) => expect(percent(part, whole)).toBe(text));
