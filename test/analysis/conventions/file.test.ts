import { describe, expect, it } from 'vitest';
import { countTotal } from '../../../src/analysis/conventions/convention.ts';
import { readConvention } from '../../../src/analysis/conventions/file.ts';
import { sentence } from '../../../src/problems/problem.ts';
import { parseSource } from '../../../src/spec/source.ts';
import { count, onImage, problemsIn } from '../../spec/helpers.ts';

const read = (text: string) => readConvention(parseSource('mine.yaml', text).source);

const told = (text: string): string[] =>
  problemsIn(() => read(text)).map(
    (problem) => `${problem.position?.line}:${problem.position?.column} ${problem.code} ${sentence(problem)}`,
  );

describe('a convention file', () => {
  it('counts by its formulas', () => {
    const mine = read('name: mine\nunit: FLOPs\nrules:\n  conv: 2 * macs\n  relu: { count: o, where: mine.py, bug: none }\notherwise: 0\n');
    expect([mine.name, mine.unit.name, mine.rules.relu]).toEqual(['mine', 'FLOPs', { count: 'o', where: 'mine.py', bug: 'none' }]);
    expect(countTotal(mine, count(onImage('  - conv: { kernel: 1, out: 2 }\n  - relu\n  - batchnorm\n')))).toBe(768n + 128n);
  });

  it('takes what it does not say from the one it extends', () => {
    const mine = read('extends: fvcore\nrules:\n  relu: 1\n');
    expect([mine.name, mine.rules.relu.count, mine.rules.batchnorm.count]).toEqual(['mine', '1', '2 * i if affine else i']);
  });

  it.each<[string, string, readonly string[]]>([
    [
      'an operator that there is not',
      'otherwise: 0\nrules:\n  cnv: macs\n',
      ['3:3 UNKNOWN_OPERATOR There is no operator or block "cnv". Did you mean "conv"?'],
    ],
    [
      'a quantity that there is not',
      'otherwise: 0\nrules:\n  conv: mac + o\n',
      ['3:9 UNKNOWN_QUANTITY No quantity is called "mac". Did you mean "macs"?'],
    ],
    [
      'an unfinished formula',
      'otherwise: 0\nrules:\n  conv: macs +\n',
      [
        '3:9 BAD_EXPRESSION "macs +" is no expression: at its end, a whole number or the name of a quantity is missing. Put it right there.',
      ],
    ],
    ['a key that means nothing', 'otherwise: 0\nrule: {}\n', ['2:1 UNKNOWN_KEY A convention has no key "rule". Did you mean "rules"?']],
    ['another base', 'extends: fvcor\notherwise: 0\n', ['1:10 UNKNOWN_CONVENTION There is no convention "fvcor". Did you mean "fvcore"?']],
    [
      'another unit',
      'unit: GFLOPs\notherwise: 0\n',
      ['1:7 WRONG_VALUE "unit" is "GFLOPs", but must be MACs, FLOPs, training FLOPs, operations.'],
    ],
    [
      'a name that every object has, beside another mistake',
      'otherwise: 0\nrules: { __proto__: , relu: { count: "0", x: a } }\n',
      [
        '2:10 BAD_NAME "__proto__" cannot be a name here. Use another.',
        '2:43 UNKNOWN_KEY A rule has no key "x". The keys: count, says, where, bug.',
      ],
    ],
    ['a fraction', 'otherwise: 0.5\n', ['1:12 WRONG_VALUE "otherwise" is 0.5, but must be a formula, as in "macs + o if bias else macs".']],
  ])('with %s', (_, text, expected) => {
    expect(told(text)).toEqual(expected);
  });

  it('must say what the operators count that it leaves out', () => {
    expect(told('rules:\n  conv: macs\n')[0]).toContain('MISSING_KEY rules needs "convtranspose"');
  });
});
