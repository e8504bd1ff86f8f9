import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fraction } from '../../../src/analysis/algebra/fraction.ts';
import { interpolate } from '../../../src/analysis/algebra/interpolate.ts';
import {
  add,
  constant,
  evaluate,
  formatPolynomial,
  multiply,
  symbol,
  whole,
  withoutCommon,
} from '../../../src/analysis/algebra/polynomial.ts';
import { addUp, collect } from '../../../src/analysis/algebra/sum.ts';
import { symbolicProducts } from '../../../src/analysis/algebra/symbolic.ts';
import { ProblemError } from '../../../src/problems/problem.ts';

const d = symbol('d');

describe('polynomials', () => {
  it('are written as on paper', () => {
    const square = multiply(d, d);
    expect(formatPolynomial(multiply(whole(17n), square))).toBe('17d²');
    expect(formatPolynomial(add(add(square, multiply(whole(-3n), d)), whole(1n)))).toBe('d² − 3d + 1');
    expect(formatPolynomial([])).toBe('0');
    expect(formatPolynomial(multiply(whole(9n), symbol('width')))).toBe('9·width');
    expect(formatPolynomial(multiply(constant(fraction(1n, 2n)), d))).toBe('d/2');
  });

  it('share no number and no symbol once what is common is out', () => {
    const [a, b] = withoutCommon(multiply(whole(18n), multiply(d, d)), multiply(whole(17n), multiply(d, d)));
    expect([a, b].map((side) => formatPolynomial(side ?? []))).toEqual(['18', '17']);
  });

  it('are found again from their values', () => {
    const coefficient = fc.bigInt({ min: -50n, max: 50n });
    fc.assert(
      fc.property(fc.array(coefficient, { minLength: 9, maxLength: 9 }), (coefficients) => {
        const at = (x: bigint, y: bigint) =>
          coefficients.reduce((sum, factor, index) => sum + factor * x ** BigInt(index % 3) * y ** BigInt(Math.floor(index / 3)), 0n);
        const axes = [
          { name: 'x', points: [3, 5, 9] },
          { name: 'y', points: [64, 65, 66] },
        ];
        const found = interpolate(axes, ([i = 0, j = 0]) => at(BigInt(axes[0]?.points[i] ?? 0), BigInt(axes[1]?.points[j] ?? 0)));
        expect(evaluate(found, { x: 11n, y: 7n })).toEqual(fraction(at(11n, 7n)));
      }),
    );
  });
});

describe('open parameters', () => {
  const open = [{ symbol: 'd', value: 64 }];

  it('become symbols in the factors they are in', () => {
    const { products, step } = symbolicProducts('model', open, ({ d: value = 0 }) => [[3, 3, value, 56, 56, 4 * value]]);
    expect(formatPolynomial(addUp(collect(products)))).toBe('112896d²');
    expect(step).toBe(1);
  });

  it('are sampled on multiples where the model takes only these', () => {
    const { step } = symbolicProducts('model', open, ({ d: value = 0 }) => (value % 8 === 0 ? [[value / 8, value]] : undefined));
    expect(step).toBe(8);
  });

  it('are refused where a factor is rounded, or layers come and go', () => {
    const codeOf = (sample: (value: number) => number[][]) => {
      try {
        symbolicProducts('model', open, ({ d: value = 0 }) => sample(value));
      } catch (error) {
        return error instanceof ProblemError ? error.problem.code : undefined;
      }
      return undefined;
    };
    expect(codeOf((value) => [[Math.floor(Math.sqrt(value))]])).toBe('NOT_POLYNOMIAL');
    expect(codeOf((value) => Array.from({ length: value }, () => [3]))).toBe('NOT_POLYNOMIAL');
    // A cubic passes through any three points and a fourth may be luck; the further ones tell.
    expect(codeOf((value) => [[value ** 3]])).toBe('NOT_POLYNOMIAL');
  });
});
