import { describe, expect, it } from 'vitest';
import { type Environment, parseExpression, type Value } from '../../src/language/expression.ts';

const worth = (text: string, environment: Environment = {}): Value => parseExpression(text).evaluate(environment);

const LISTS: Environment = { a: [1, 2, 4], b: [10, 20, 40], nested: [[1, 2], [3]], words: ['x', 'y', 'x'], i: 1 };

describe('arithmetic with lists', () => {
  it.each([
    ['$a + 1', [2, 3, 5]],
    ['100 / $a', [100, 50, 25]],
    ['-$a', [-1, -2, -4]],
    ['$a * $b', [10, 40, 160]],
    ['2 ^ $a', [2, 4, 16]],
    ['$b to 8', [8, 24, 40]],
    ['$b divisible 8', [16, 24, 40]],
    ['$b min 20', [10, 20, 20]],
    ['round($a / 4) * 2', [0, 0, 2]],
    ['min($b, 20, $a * 6)', [6, 12, 20]],
    ['$nested * 2', [[2, 4], [6]]],
  ])('%s', (text, expected) => expect(worth(text, LISTS)).toEqual(expected));

  it.each([
    ['$a + range(2)', '[1,2,4] and [0,1] are not of the same length'],
    ['$words + 1', '"x" is no number'],
    ['log($a - 1)', 'the result is no finite number'],
    ['1 if $a > 1 else 2', '[1,2,4] is no number'],
  ])('%s is refused', (text, reason) => expect(() => worth(text, LISTS)).toThrow(reason));

  it('refuses to divide by an element of 0', () => {
    expect(() => worth('$a / range(3)', LISTS)).toThrow('divides by zero');
  });
});

describe('functions that make lists', () => {
  it.each([
    ['range(0)', []],
    ['range(4)', [0, 1, 2, 3]],
    ['range($a.count) * 8', [0, 8, 16]],
    ['distinct($words)', ['x', 'y']],
    ['counts($words)', [2, 1]],
    ['distinct($a // 2)', [0, 1, 2]],
    ['counts($a // 3)', [2, 1]],
  ])('%s', (text, expected) => expect(worth(text, LISTS)).toEqual(expected));

  it.each([
    ['range(-1)', 'range takes a whole number from 0 to 10000, not -1'],
    ['range(1.5)', 'not 1.5'],
    ['range(10001)', 'not 10001'],
    ['range($a)', 'not [1,2,4]'],
    ['distinct(3)', 'distinct takes a list, not 3'],
    ['counts(x)', 'counts takes a list, not "x"'],
    ['range(1, 2)', '")" is missing'],
    ['spread(1)', 'the functions are floor, ceil, round, abs, sqrt, log, exp, min, max, range, distinct, counts'],
  ])('%s is refused', (text, reason) => expect(() => worth(text, LISTS)).toThrow(reason));
});

describe('an element by a computed index', () => {
  it.each([
    ['$b.$i', 20],
    ['$b.$i - 1', 19],
    ['$b.($i + 1)', 40],
    ['$b.($a.count - 1)', 40],
    ['$nested.$i.0', 3],
    ['$nested.0.$i', 2],
    ['$b.($a.$i)', 40],
  ])('%s', (text, expected) => expect(worth(text, LISTS)).toBe(expected));

  it('reads the name of the index', () => {
    expect([...parseExpression('$b.$i + $b.($j + 1)').names].sort()).toEqual(['b', 'i', 'j']);
  });

  it.each([
    ['$b.($i + 2)', '[10,20,40] has no part 3'],
    ['$b.($i - 2)', 'has no part -1'],
    ['$b.($i / 2)', 'has no part 0.5'],
    ['$b.(width)', 'has no part "width"'],
    ['$i.$i', '1 is no list, so it has no part 1'],
    ['$b.$none', '$none has no value here'],
    ['$b.(', 'a number, a $name or a word is missing'],
  ])('%s is refused', (text, reason) => expect(() => worth(text, LISTS)).toThrow(reason));
});
