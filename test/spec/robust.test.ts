import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Environment, parseExpression, type Value } from '../../src/language/expression.ts';
import { zoo } from '../../src/node.ts';
import { ProblemError } from '../../src/problems/problem.ts';
import { anyText } from '../any-text.ts';
import { count, problemsIn } from './helpers.ts';

/** Counts a text that may be anything; throws unless it is a spec or refused as one, and soon. */
function tryOut(text: string): void {
  const start = performance.now();
  problemsIn(() => count(text, {}, { zoo }));
  expect(performance.now() - start).toBeLessThan(2000);
}

const specs = ['vgg.yaml', 'resnet.yaml', 'shufflenet_v2.yaml', 'vit.yaml', 'blocks/bottleneck.yaml'].map((path) =>
  readFileSync(new URL(`../../specs/${path}`, import.meta.url), 'utf8'),
);
const FULL = `name: full
input: { x: [4, 8, 8], y: [1, 8, 8] }
with: { d: 8, list: [1, 2], block: b, norm: true }
let: { e: $d * 2 }
require: [$d > 0]
blocks:
  b: { with: { d: required, stride: 1 }, let: { k: $d // 2 }, layers: [conv: { kernel: 3, out: $k, stride: $stride, padding: 1 }], example: { input: [4, 8, 8], with: { d: 4 } } }
stages:
  one:
    - $block: { d: $d }
      name: early
    - residual: [conv: { kernel: 3, out: $e, stride: 2, padding: 1, bias: false }, batchnorm]
      shortcut: B
    - parallel: { left: [relu], right: [conv: { kernel: 1, out: $in.channels }] }
      join: concat
  two:
    - sequence: [conv: { kernel: 1, out: 8 * ($index + 1) }, relu]
      repeat: $list.1
      when: $norm and $list.0 == 1
    - split: { parts: 2 }
      name: [p, q]
    - multiply: {}
      from: [p, q]
layers: [flatten, linear: { out: 10 }]
outputs: [two]
`;

/** Pieces that mean something in a spec or in YAML. */
const pieces = fc.constantFrom(
  ...[
    '- ',
    ': ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '\n',
    '  ',
    '\t',
    '#',
    '&a ',
    '*a',
    '!!set ',
    '---\n',
    '|',
    '>',
    '? ',
    '%',
    '<<: ',
    '$',
    '$in',
    '$to.',
    '$index',
  ],
  ...[
    'conv',
    'residual',
    'parallel',
    'join',
    'from',
    'repeat',
    'when',
    'weights',
    'shortcut',
    'split',
    'in',
    'required',
    'with',
    'input',
    'layers',
    'blocks',
  ],
  ...[
    '0',
    '-1',
    '1e9',
    '9007199254740993',
    '.inf',
    '.nan',
    '0x10',
    '1.5',
    'true',
    'null',
    '~',
    '* 0',
    '/ 0',
    '( ',
    ' if ',
    ' else ',
    '^ 9 ^ 9',
    '\0',
    '\u001b[2J',
    '\ufeff',
    '__proto__',
    'constructor',
  ],
);

describe('whatever a text holds, it is counted or refused', () => {
  it('at random', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText(200),
          fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
        ),
        tryOut,
      ),
      { numRuns: 300 },
    );
  });

  it('with some pieces of a spec replaced', () => {
    const edit = fc.tuple(fc.nat(), fc.nat(30), pieces);
    fc.assert(
      fc.property(fc.constantFrom(FULL, FULL, ...specs), fc.array(edit, { minLength: 1, maxLength: 4 }), (spec, edits) => {
        let text = spec;
        for (const [at, length, piece] of edits) {
          const start = at % (text.length + 1);
          text = text.slice(0, start) + piece + text.slice(start + length);
        }
        tryOut(text);
      }),
      { numRuns: 400 },
    );
  });

  it('with any value in any place', () => {
    const json: unknown = parse(FULL);
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      pieces,
      fc.integer({ min: -2, max: 9 }),
      fc.constantFrom('$d', 'b', 'relu', '$in', ['relu'], { b: { d: 2 } }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), anything), { minLength: 1, maxLength: 3 }), (edits) => {
        const copy = structuredClone(json) as object;
        for (const [at, value] of edits) replace(copy, at, value);
        tryOut(JSON.stringify(copy));
      }),
      {
        numRuns: 400,
        // A residual that is given nothing.
        examples: [
          [
            [
              [1821825830, 'parallel'],
              [0, []],
            ],
          ],
        ],
      },
    );
  });
});

/** Replaces the `at`-th of all values inside. */
function replace(root: object, at: number, value: unknown): void {
  const places: [object, string][] = [];
  const collect = (inside: unknown): void => {
    if (typeof inside !== 'object' || inside === null) return;
    for (const [key, part] of Object.entries(inside)) {
      places.push([inside, key]);
      collect(part);
    }
  };
  collect(root);
  const [owner, key] = places[at % places.length] as [Record<string, unknown>, string];
  owner[key] = structuredClone(value);
}

describe('YAML and JSON', () => {
  const comparable = (text: string) => {
    const { rows, totals, output } = count(text, {}, { zoo });
    return {
      totals,
      output,
      rows: rows.map(({ path, operator, input, output: to, macs, parameters }) => ({ path, operator, input, to, macs, parameters })),
    };
  };

  it.each([
    FULL,
    'extends: resnet50\nwith: { classes: 7 }\n',
    'use: [basic]\ninput: [8, 8, 8]\nlayers:\n  - basic: { d: 16, stride: 2 }\n    repeat: 2\n',
  ])('give the same: %s', (text) => {
    const json = JSON.stringify(parse(text));
    expect(comparable(json)).toEqual(comparable(text));
    expect(comparable(JSON.stringify(JSON.parse(json), null, '\t'))).toEqual(comparable(text));
  });
});

type Numeric = (environment: Readonly<Record<string, number>>) => number;
interface Sample {
  readonly text: string;
  readonly worth: Numeric;
}

const BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '//': (a, b) => Math.floor(a / b),
  '%': (a, b) => a - b * Math.floor(a / b),
  min: Math.min,
  max: Math.max,
};
const DIVISIONS = ['/', '//', '%'];
const UNARY: Readonly<Record<string, (a: number) => number>> = { floor: Math.floor, ceil: Math.ceil, abs: Math.abs };

/** Arithmetic with every operation in parentheses, and what it is worth; NaN for a division by 0. */
const { sample } = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.nat(99).map((n): Sample => ({ text: String(n), worth: () => n })),
    fc.constantFrom('a', 'b').map((name): Sample => ({ text: `$${name}`, worth: (environment) => environment[name] as number })),
    fc.tuple(tie('sample'), fc.constantFrom(...Object.keys(BINARY)), tie('sample')).map(
      ([left, sign, right]): Sample => ({
        text: `(${left.text} ${sign} ${right.text})`,
        worth: (environment) => {
          const [a, b] = [left.worth(environment), right.worth(environment)];
          return DIVISIONS.includes(sign) && b === 0 ? Number.NaN : (BINARY[sign] as (a: number, b: number) => number)(a, b);
        },
      }),
    ),
    fc.tuple(fc.constantFrom(...Object.keys(UNARY)), tie('sample')).map(
      ([name, of]): Sample => ({
        text: `${name}(${of.text})`,
        worth: (environment) => (UNARY[name] as (a: number) => number)(of.worth(environment)),
      }),
    ),
    fc.tuple(tie('sample'), tie('sample'), tie('sample')).map(
      ([yes, condition, no]): Sample => ({
        text: `(${yes.text} if ${condition.text} > 3 else ${no.text})`,
        worth: (environment) => {
          const value = condition.worth(environment);
          return Number.isNaN(value) ? Number.NaN : (value > 3 ? yes : no).worth(environment);
        },
      }),
    ),
  ),
}));

const worthOf = (text: string, environment: Environment): Value | undefined => {
  try {
    return parseExpression(text).evaluate(environment);
  } catch (error) {
    if (error instanceof ProblemError) return undefined;
    throw error;
  }
};

describe('expressions', () => {
  it('are worth what a reference says', () => {
    fc.assert(
      fc.property(sample, fc.nat(20), fc.nat(20), ({ text, worth }, a, b) => {
        fc.pre(text.length <= 400);
        const expected = worth({ a, b });
        const value = worthOf(text, { a, b });
        if (!Number.isFinite(expected)) expect(value).toBeUndefined();
        else
          expect(value === undefined || Object.is(value, expected) || value === expected, `${text} is ${value}, not ${expected}`).toBe(
            true,
          );
        if (Number.isFinite(expected)) expect(value).toBeDefined();
      }),
      { numRuns: 500 },
    );
  });

  it('of any text have a value or a problem', () => {
    const part = fc.constantFrom(
      '$a',
      '$in',
      '.',
      '0',
      '1',
      '2.5',
      '(',
      ')',
      '+',
      '-',
      '*',
      '/',
      '^',
      'if',
      'else',
      'not',
      'and',
      '==',
      '<',
      'to',
      'max',
      'range(',
      'counts(',
      'floor',
      ',',
      ' ',
      'word',
      '$',
      '@',
      '\n',
    );
    const text = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.array(part, { maxLength: 20 }).map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(text, (expression) => void worthOf(expression, { a: 2, in: [1, 3, 8, 8] })),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['2 + 3 * 4', 14],
    ['10 - 4 - 3', 3],
    ['2 ^ 3 ^ 2', 512],
    ['-2 ^ 2', -4],
    ['2 ^ -1', 0.5],
    ['7 // 2 * 2', 6],
    ['-7 // 2', -4],
    ['-7 % 3', 2],
    ['1 + 2 to 8', 0],
    ['12 to 8', 16],
    ['12 divisible 8', 16],
    ['9 divisible 8', 16],
    ['round(0.5) + round(1.5)', 2],
    ['1 < 2 and not 2 < 1', true],
    ['true or 1 > 0', true],
    ['1 if 2 == 3 else 4 if 5 > 4 else 6', 4],
    ['$word == wide', true],
    ['$word != wide', false],
    ['$list.1.0', 3],
    ['$list.count', 2],
    ['$in.height // 2', 4],
    ['$in.batch + $in.channels + $in.features + $in.tokens + $in.rank', 24],
  ])('%s', (text, expected) => {
    expect(parseExpression(text).evaluate({ word: 'wide', list: [2, [3, 4]], in: [1, 3, 8, 8] })).toBe(expected);
  });

  it.each([
    ['floor(1, 2)', 'floor takes one value'],
    ['1 +', 'at its end'],
    ['1 2', 'it should end'],
    ['@', 'no such sign'],
    ['1 if 2', '"else" is missing'],
    ['(1', '")" is missing'],
    ['$a.', 'follow the dot'],
    ['$a.__proto__', 'there is no part "__proto__"'],
    ['constructor(1)', 'there is no function "constructor"'],
    [`1${' + 1'.repeat(200)}`, 'longer than 500'],
  ])('%s is refused', (text, says) => expect(() => parseExpression(text).evaluate({ a: [1] })).toThrow(says));
});
