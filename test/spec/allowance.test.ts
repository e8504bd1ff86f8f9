import { describe, expect, it } from 'vitest';
import { charge, withAllowance } from '../../src/problems/allowance.ts';
import { FlopwiseError } from '../../src/problems/problem.ts';
import { onImage, problemsOf } from './helpers.ts';

const times = (count: number, text: (index: number) => string, between = ', '): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(between);

/** Lists of two lists each, so that the last holds 2^length values. */
const doubling = (length: number): string => `let:\n  a0: [1, 1]\n${times(length, (i) => `  a${i + 1}: [$a${i}, $a${i}]\n`, '')}`;

/** Branches of branches that pass on what they are given, six times as much each time. */
const nothing = (length: number): string => times(length, () => '  - parallel: [[], []]\n  - { parallel: [[], [], []], name: p }\n', '');

/** Small specs that ask for much, and what is said of each. */
const BOMBS: readonly (readonly [what: string, text: string, code: string, says: string])[] = [
  ['lists that double', `input: [3, 8, 8]\n${doubling(40)}layers: [relu]\n`, 'LIST_TOO_LONG', '10,000 values'],
  ['lists that double for an attribute', `input: [3, 8, 8]\n${doubling(40)}layers: [reshape: { to: $a40 }]\n`, 'LIST_TOO_LONG', '10,000'],
  [
    'a requirement on lists that double',
    `input: [3, 8, 8]\n${doubling(40)}require: ["$a40 == 1"]\nlayers: [relu]\n`,
    'LIST_TOO_LONG',
    '10,000',
  ],
  [
    'a long list times many',
    onImage(`  - relu: {}\n    when: (range(10000)${'*1'.repeat(200)}).0 == 1\n    repeat: 99999\n`),
    'TOO_MUCH_WORK',
    '4,194,304 elements',
  ],
  [
    'many expressions',
    `input: [3]\nblocks:\n  b:\n    let:\n${times(300, (i) => `      v${i}: $in.0 + ${times(99, () => '1', ' + ')}\n`, '')}    layers: []\nlayers: [{ b: {}, repeat: 99999 }]\n`,
    'TOO_MUCH_WORK',
    '4,194,304 elements',
  ],
  ['many layers', onImage('  - relu: {}\n    repeat: 20001\n'), 'TOO_MUCH_WORK', '20,000 layers'],
  [
    'many layers, each its own',
    onImage('  - conv: { kernel: 1, out: $index + 1 }\n    repeat: 100000\n'),
    'TOO_MUCH_WORK',
    '20,000 layers',
  ],
  ['a wide "from"', onImage(`  - add: {}\n    from: [${times(9999, () => 'in')}]\n    repeat: 9999\n`), 'TOO_MUCH_WORK', '400,000 inputs'],
  ['branches of nothing', onImage(nothing(20)), 'TOO_MUCH_WORK', '400,000 inputs'],
  ['outputs of outputs', `${onImage(nothing(5))}outputs: [${times(999, () => 'p')}]\n`, 'TOO_MUCH_WORK', '400,000 inputs'],
  ['many axes', `input: [${times(65, () => '1')}]\nlayers: [relu]\n`, 'TOO_MANY_AXES', '66 axes'],
  ['a reshape to many axes', onImage(`  - reshape: { to: [${times(64, () => '1')}, 192] }\n`), 'TOO_MANY_AXES', '65 axes'],
  ['a long name', onImage(`  - relu: {}\n    name: ${'n'.repeat(201)}\n`), 'WRONG_VALUE', 'at most 200'],
  [
    'long paths',
    `input: [3, 8, 8]\nblocks:\n${times(60, (i) => `  b${i}: { layers: [{ b${i + 1}: {}, name: ${'n'.repeat(200)} }] }\n`, '')}  b60: { layers: [relu] }\nlayers: [{ b0: {}, repeat: 9999 }]\n`,
    'TOO_MUCH_WORK',
    '',
  ],
  [
    'a pattern of braces',
    `input: [3, 8, 8]\nbudget: { layers: { "${'{a,b}'.repeat(9)}": { macs: 1 } } }\nlayers: [relu]\n`,
    'WRONG_VALUE',
    '256 choices',
  ],
  [
    'a long pattern',
    `input: [3, 8, 8]\nbudget: { layers: { "${'*a'.repeat(501)}": { macs: 1 } } }\nlayers: [relu]\n`,
    'WRONG_VALUE',
    '1,000 characters',
  ],
];

describe('a spec that asks for too much is told its limit:', () => {
  it.each(BOMBS)('%s', (_, text, code, says) => {
    const problems = problemsOf(text);
    expect(problems.length).toBeLessThanOrEqual(201);
    expect(problems.map((problem) => problem.code)).toContain(code);
    expect(problems.find((problem) => problem.code === code)?.says).toContain(says);
  });

  it('up to the limit, it is counted', () => {
    expect(problemsOf(onImage('  - relu: {}\n    repeat: 20000\n'))).toEqual([]);
    expect(problemsOf(onImage(`  - relu: {}\n    name: ${'n'.repeat(200)}\n`))).toEqual([]);
    expect(problemsOf(`input: [${times(63, () => '1')}]\nlayers: [relu]\n`)).toEqual([]);
  });
});

describe('many problems', () => {
  // Without limits these take minutes: the names are compared with each other, letter by letter, and the line is read for each.
  it('of names that are nearly others', () => {
    const name = 'a'.repeat(50);
    const text = `input: [3, 8, 8]\nblocks:\n${times(1300, (i) => `  ${name}${i}: { layers: [relu] }\n`, '')}layers: [${times(500, (i) => `${name}z${i}`)}]\n`;
    expect(problemsOf(text)).toHaveLength(201);
  });

  it('on one line', () => {
    expect(problemsOf('""'.repeat(60_000))).toHaveLength(1);
  });
});

describe('an allowance', () => {
  const overspent = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      if (error instanceof FlopwiseError) return error.message;
      throw error;
    }
    return '';
  };

  it('is spent by what is charged, and ends with a problem', () => {
    expect(overspent(() => withAllowance(() => charge('layers', 20_000)))).toBe('');
    expect(overspent(() => withAllowance(() => charge('layers', 20_001)))).toContain('more than 20,000 layers');
    expect(overspent(() => withAllowance(() => charge('elements', Number.NaN)))).toContain('TOO_MUCH_WORK');
  });

  it('of a part is spent from that of the whole', () => {
    const half = () => withAllowance(() => charge('layers', 15_000));
    expect(overspent(() => withAllowance(() => [half(), charge('layers', 5000)]))).toBe('');
    expect(overspent(() => withAllowance(() => [half(), charge('layers', 5001)]))).toContain('TOO_MUCH_WORK');
    expect(overspent(() => withAllowance(() => [half(), half(), charge('layers')], 2))).toBe('');
  });

  it('starts anew for each analysis', () => {
    for (let i = 0; i < 3; i++) expect(overspent(() => withAllowance(() => charge('layers', 15_000)))).toBe('');
  });
});
