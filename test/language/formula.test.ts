import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFormula } from '../../src/language/formula.ts';
import { ProblemError } from '../../src/problems/problem.ts';

const worth = (text: string, values: Readonly<Record<string, bigint>> = {}): bigint =>
  parseFormula(text).evaluate((name) => values[name] ?? 0n);

describe('a formula', () => {
  it.each<[string, bigint]>([
    ['2 * i + o', 23n],
    ['2 * (i + o)', 26n],
    ['7 // 2', 3n],
    ['-7 // 2', -4n],
    ['7 / 2', 3n],
    ['-7 % 3', 2n],
    ['i if bias else o', 10n],
    ['1 if zero else 2 if bias else 3', 2n],
    ['i > o and not zero', 1n],
    ['zero or bias', 1n],
    ['not not bias', 1n],
    ['i - o - 1', 6n],
    ['min(i, o) + max(i, o)', 13n],
    ['significant(123450, 4)', 123400n],
    ['significant(123550, 4)', 123600n],
    ['significant(99999, 4)', 100000n],
    ['significant(12, 4)', 12n],
  ])('%s', (text, value) => {
    expect(worth(text, { i: 10n, o: 3n, bias: 1n })).toBe(value);
  });

  it('is exact at any size', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), fc.bigInt({ min: 1n }), (a, b, c) => {
        expect(worth('a * b + c', { a, b, c })).toBe(a * b + c);
        expect(worth('a // c * c + a % c', { a, c })).toBe(a);
      }),
    );
  });

  it.each<[string, string]>([
    ['2 *', 'at its end'],
    ['2 i', 'at "i"'],
    ['0.5 * i', 'numbers are whole'],
    ['(i', '")" is missing'],
    ['i if o', '"else" is missing'],
    ['floor(i, 1)', 'there is no function "floor"'],
    ['min(i)', 'a second value'],
    [`${'('.repeat(60)}i`, 'deeper than 50 levels'],
    ['i '.repeat(400), 'longer than 500'],
  ])('%s is none', (text, says) => {
    expect(() => parseFormula(text)).toThrow(ProblemError);
    expect(() => parseFormula(text)).toThrow(says);
  });

  it('does not divide by zero', () => {
    expect(() => worth('1 // zero')).toThrow('divides by zero');
  });

  it('names the quantities that it reads', () => {
    expect([...parseFormula('macs + o if bias else max(i, 2)').names]).toEqual(['macs', 'o', 'bias', 'i']);
  });
});
