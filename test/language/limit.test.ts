import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BudgetMetric } from '../../src/language/budget.ts';
import { type Bound, parseBound } from '../../src/language/limit.ts';
import { ProblemError } from '../../src/problems/problem.ts';

const codeOf = (run: () => unknown): string | undefined => {
  try {
    run();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.code;
    throw error;
  }
  return undefined;
};

const atMost = (digits: bigint, scale = 1n): Bound => ({ kind: 'absolute', strict: false, value: { digits, scale } });

const GOOD: readonly (readonly [BudgetMetric, string, Bound])[] = [
  ['macs', '<= 4.2 GMAC', atMost(4_200_000_000n)],
  ['macs', '≤4.2GMACs', atMost(4_200_000_000n)],
  ['macs', '4.2G', atMost(4_200_000_000n)],
  ['macs', 'at most 5 MAC', atMost(5n)],
  ['macs', '4,089,184,256', atMost(4_089_184_256n)],
  ['parameters', '< 30M', { kind: 'absolute', strict: true, value: { digits: 30_000_000n, scale: 1n } }],
  ['parameters', '<= 25.6 Mparams', atMost(25_600_000n)],
  ['flops', '<= 8 GFLOP', atMost(8_000_000_000n)],
  ['weightBytes', '<= 512 KiB', atMost(524_288n)],
  ['weightBytes', '1.5MB', atMost(1_500_000n)],
  ['peakActivationBytes', '10', atMost(10n)],
  ['depth', '<= 50 layers', atMost(50n)],
  ['share', '<= 20 %', atMost(20n)],
  ['share', '12.5%', atMost(125n, 10n)],
  ['macs', 'at most 2% over the baseline', { kind: 'growth', percent: { digits: 2n, scale: 1n } }],
  ['macs', '<= baseline + 0.5%', { kind: 'growth', percent: { digits: 5n, scale: 10n } }],
  ['macs', '<= baseline', { kind: 'growth', percent: { digits: 0n, scale: 1n } }],
];

const BAD: readonly (readonly [BudgetMetric, string, string])[] = [
  ['macs', '<= 512 KiB', 'WRONG_UNIT'],
  ['macs', '<= 4 GFLOP', 'WRONG_UNIT'],
  ['macs', '4 g', 'WRONG_UNIT'],
  ['weightBytes', '30M', 'WRONG_UNIT'],
  ['weightBytes', '1 GMAC', 'WRONG_UNIT'],
  ['share', '20', 'WRONG_UNIT'],
  ['parameters', '20 %', 'WRONG_UNIT'],
  ['parameters', '1.0005k', 'WRONG_VALUE'],
  ['macs', '>= 4', 'WRONG_VALUE'],
  ['macs', '', 'WRONG_VALUE'],
  ['macs', '-4', 'WRONG_VALUE'],
  ['macs', '1e9', 'WRONG_VALUE'],
  ['macs', 'baseline - 2%', 'WRONG_VALUE'],
  ['macs', `${'9'.repeat(100_000)}x`, 'WRONG_VALUE'],
];

describe('a limit', () => {
  it.each(GOOD)('on %s: %s', (metric, written, bound) => expect(parseBound(written, metric, metric)).toEqual(bound));

  it.each(BAD)('on %s is not %.20s', (metric, written, code) => expect(codeOf(() => parseBound(written, metric, metric))).toBe(code));

  it('is exact, whatever its size, its decimals and its prefix', () => {
    const prefixes = { '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
    const prefix = fc.constantFrom(...(Object.keys(prefixes) as (keyof typeof prefixes)[]));
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 29n }),
        prefix,
        fc.constantFrom('', 'MAC'),
        fc.nat(18),
        (digits, power, symbol, decimals) => {
          fc.pre(decimals <= prefixes[power]);
          const text = String(digits).padStart(decimals + 1, '0');
          const written = decimals === 0 ? text : `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
          const value = digits * 10n ** BigInt(prefixes[power] - decimals);
          expect(parseBound(`<= ${written} ${power}${symbol}`, 'macs', 'macs')).toEqual(atMost(value));
        },
      ),
    );
  });

  it('is nothing else than a problem where it is no limit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect([undefined, 'WRONG_VALUE', 'WRONG_UNIT']).toContain(codeOf(() => parseBound(text, 'macs', 'macs')));
      }),
    );
  });
});
