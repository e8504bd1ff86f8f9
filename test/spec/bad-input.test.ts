import { describe, expect, it } from 'vitest';
import { onImage, problemsOf } from './helpers.ts';

/** A spec that is wrong, with all that is to be told of it. */
interface Bad {
  readonly what: string;
  readonly text: string;
  readonly problems: readonly { readonly at: string; readonly code: string; readonly marked?: string; readonly says: string }[];
}

const refuses = (cases: readonly Bad[]) =>
  it.each(cases)('$what', ({ text, problems }) => {
    const start = performance.now();
    const found = problemsOf(text);
    expect(performance.now() - start).toBeLessThan(1000);
    expect(found.map(({ at, code }) => `${at} ${code}`)).toEqual(problems.map(({ at, code }) => `${at} ${code}`));
    for (const [index, { marked, says }] of problems.entries()) {
      expect(found[index]?.says).toContain(says);
      if (marked !== undefined) expect(found[index]?.marked).toBe(marked);
    }
  });

describe('text that is no YAML', () => {
  refuses([
    {
      what: 'keys under a word without a colon',
      text: onImage('  - relu\n    when: true\n  - conv\n    out: 3\n'),
      problems: [
        { at: '3:5', code: 'SYNTAX', says: 'Put a colon after the name: "relu:"' },
        { at: '5:5', code: 'SYNTAX', says: 'Put a colon after the name: "conv:"' },
      ],
    },
    ...['%YAML 1.1', '%TAG ! tag:example.com,2000:', '%ANY'].map((line) => ({
      what: `the directive ${line}`,
      text: `# A spec\n\n${line}\n---\n${onImage('  - relu\n')}`,
      problems: [{ at: '3:1', code: 'SYNTAX', marked: line.split(' ')[0] as string, says: 'Leave the line out' }],
    })),
    {
      what: 'a key without a colon',
      text: 'input [3]\nlayers: [relu]\n',
      problems: [{ at: '1:1', code: 'SYNTAX', says: '"input" has no colon' }],
    },
    {
      what: 'no space after a colon',
      text: onImage('  - conv:{ out: 3, kernel: 3 }\n'),
      problems: [{ at: '3:17', code: 'SYNTAX', says: 'Write "conv: "' }],
    },
    {
      what: 'tabs',
      text: 'input: [3]\nlayers:\n\t- relu\n',
      problems: [{ at: '3:1', code: 'SYNTAX', says: 'Replace the tab by spaces' }],
    },
    {
      what: 'an open bracket',
      text: 'input: [3, 8\nlayers:\n  - relu\n',
      problems: [{ at: '2:1', code: 'SYNTAX', says: 'A "[" above is never closed. Add the "]".' }],
    },
    {
      what: 'an open brace',
      text: onImage('  - conv: { out: 3, kernel: 3\n  - relu\n'),
      problems: [{ at: '4:3', code: 'SYNTAX', says: 'Add the "}"' }],
    },
    {
      what: 'an open quote',
      text: 'name: "abc\ninput: [3]\n',
      problems: [{ at: '2:10', code: 'SYNTAX', says: 'never closed' }],
    },
    {
      what: 'no comma',
      text: onImage('  - conv: { out: 3 kernel: 3 }\n'),
      problems: [{ at: '3:18', code: 'SYNTAX', says: 'Put a comma between them' }],
    },
    {
      what: 'braces around a parameter',
      text: onImage('  - linear: { out: $%s }\n'.replace('%s', '{a}')),
      problems: [{ at: '3:21', code: 'SYNTAX', says: 'Write $a without braces' }],
    },
    {
      what: 'a sign that YAML keeps for itself',
      text: onImage('  - linear: { out: @a }\n'),
      problems: [{ at: '3:20', code: 'SYNTAX', says: 'in quotes' }],
    },
    {
      what: 'lines that do not line up',
      text: 'input: [3]\n layers:\n  - relu\n',
      problems: [{ at: '2:1', code: 'SYNTAX', says: 'the same indentation' }],
    },
    {
      what: 'a list that does not line up',
      text: 'input: [3]\nlayers:\n  - relu\n - relu\n',
      problems: [{ at: '4:1', code: 'SYNTAX', says: 'the same indentation' }],
    },
    {
      what: 'several documents',
      text: 'input: [3]\n---\nlayers: [relu]\n',
      problems: [{ at: '2:1', code: 'SYNTAX', says: 'a file of its own' }],
    },
    {
      what: 'a list as a key',
      text: '? [a, b]\n: 3\ninput: [3]\nlayers: [relu]\n',
      problems: [{ at: '1:3', code: 'SYNTAX', says: 'Use a name' }],
    },
  ]);
});

describe('YAML that no spec needs', () => {
  refuses([
    {
      what: 'the same key twice',
      text: 'name: a\nname: b\ninput: [3]\nlayers: [relu, rellu]\n',
      problems: [
        { at: '2:1', code: 'DUPLICATE_KEY', marked: 'name', says: 'the first is on line 1' },
        { at: '4:16', code: 'UNKNOWN_OPERATOR', says: '"relu"' },
      ],
    },
    {
      what: 'tags',
      text: 'input: !!js/function "f"\nlayers: [relu]\n',
      problems: [{ at: '1:22', code: 'TAG', says: '!!js/function' }],
    },
    {
      what: 'merge keys',
      text: 'input: [3, 8, 8]\nblocks:\n  a: &a { layers: [relu] }\n  b:\n    <<: *a\n    layers: [relu]\nlayers: [b]\n',
      problems: [{ at: '5:5', code: 'UNKNOWN_KEY', marked: '<<', says: 'The keys: ' }],
    },
    {
      what: 'an alias of nothing',
      text: 'input: *size\nlayers: [relu]\n',
      problems: [{ at: '1:8', code: 'UNKNOWN_ALIAS', marked: '*size', says: '&size' }],
    },
    {
      what: 'an alias inside itself',
      text: 'input: [3]\nlayers: &a\n  - sequence: *a\n',
      problems: [{ at: '3:15', code: 'CIRCLE', says: 'aliases form a circle' }],
    },
    {
      what: 'a list',
      text: '- relu\n- relu\n',
      problems: [{ at: '1:1', code: 'NOT_A_SPEC', says: 'a map of keys' }],
    },
    {
      what: 'a word',
      text: 'hello\n',
      problems: [{ at: '1:1', code: 'NOT_A_SPEC', says: 'a map of keys' }],
    },
    {
      what: 'only a comment',
      text: '# nothing\n',
      problems: [{ at: '1:1', code: 'FILE_EMPTY', says: 'Write a spec into it' }],
    },
    { what: 'nothing', text: ' \n\n', problems: [{ at: '', code: 'FILE_EMPTY', says: 'Write a spec into it' }] },
    { what: 'two megabytes', text: '#'.repeat(2 ** 21), problems: [{ at: '', code: 'FILE_TOO_LARGE', says: '2,048 KiB' }] },
  ]);
});

describe('keys and names', () => {
  refuses([
    {
      what: 'an unknown key',
      text: 'inptu: [3]\ninput: [3]\nlayers: [relu]\n',
      problems: [{ at: '1:1', code: 'UNKNOWN_KEY', marked: 'inptu', says: 'Did you mean "input"?' }],
    },
    {
      what: 'unknown operators and attributes, and a missing one',
      text: onImage('  - Conv2d: { out: 3 }\n  - conv: { kernal: 3, out: x }\n  - rellu\n'),
      problems: [
        { at: '3:5', code: 'UNKNOWN_OPERATOR', marked: 'Conv2d', says: 'Did you mean "conv"?' },
        { at: '4:5', code: 'MISSING_KEY', marked: 'conv', says: '"kernel"' },
        { at: '4:13', code: 'UNKNOWN_KEY', marked: 'kernal', says: 'Did you mean "kernel"?' },
        { at: '4:29', code: 'WRONG_VALUE', marked: 'x', says: '"out" is "x", but must be a whole number' },
        { at: '5:5', code: 'UNKNOWN_OPERATOR', marked: 'rellu', says: 'Did you mean "relu"?' },
      ],
    },
    {
      what: 'what every object has',
      text: '__proto__: 1\nconstructor: 2\ninput: [3, 8, 8]\nlayers:\n  - toString\n  - conv: { __proto__: 3, out: 3, kernel: 1 }\n',
      problems: [
        { at: '1:1', code: 'UNKNOWN_KEY', says: '"__proto__"' },
        { at: '2:1', code: 'UNKNOWN_KEY', says: '"constructor"' },
        { at: '5:5', code: 'UNKNOWN_OPERATOR', says: '"toString"' },
        { at: '6:13', code: 'UNKNOWN_KEY', says: '"__proto__"' },
      ],
    },
    {
      what: 'maps with a length in place of lists',
      text: 'input: { length: [{ a: 1 }] }\nrequire: { length: [{}] }\nlayers: [conv: { kernel: { length: [{}] }, out: 3 }]\n',
      problems: [
        { at: '1:18', code: 'WRONG_VALUE', says: 'a list of sizes' },
        { at: '2:10', code: 'WRONG_VALUE', says: 'a list of conditions' },
        { at: '3:26', code: 'WRONG_VALUE', says: '"kernel"' },
      ],
    },
    {
      what: 'a name that every object has',
      text: 'input: [3, 8, 8]\nwith: { __proto__: 3, width: [] }\nblocks: { __proto__: { layers: [relu] } }\nlayers: [relu]\n',
      problems: [
        { at: '2:9', code: 'BAD_NAME', says: '"__proto__" cannot be a name here. Use another.' },
        { at: '3:11', code: 'BAD_NAME', says: '"__proto__"' },
      ],
    },
    {
      what: 'attributes that are no map',
      text: onImage('  - conv: 3\n  - batchnorm: []\n'),
      problems: [
        { at: '3:11', code: 'WRONG_VALUE', says: '{ kernel: 3, out: 64 }' },
        { at: '4:16', code: 'WRONG_VALUE', says: '{ kernel: 3, out: 64 }' },
      ],
    },
    {
      what: 'a layer that is several things',
      text: onImage('  - conv: { out: 3, kernel: 1 }\n    batchnorm: {}\n'),
      problems: [{ at: '3:5', code: 'NOT_ONE_KIND', says: 'conv, batchnorm' }],
    },
    {
      what: 'layers that are nothing',
      text: onImage('  -\n  - 3\n  - {}\n'),
      problems: [
        { at: '3:4', code: 'WRONG_VALUE', says: 'null' },
        { at: '4:5', code: 'WRONG_VALUE', says: '3' },
        { at: '5:5', code: 'NOT_ONE_KIND', says: 'says nothing' },
      ],
    },
    {
      what: 'names with signs',
      text: 'name: ../x\ninput: [3]\nstages:\n  a/b: [relu]\n  1: [relu]\n  "x\\e[31m": [relu]\n  c:\n    - relu: {}\n      name: a/b\n',
      problems: [
        { at: '1:7', code: 'WRONG_VALUE', says: '"../x"' },
        { at: '4:3', code: 'BAD_NAME', says: '"a/b"' },
        { at: '5:3', code: 'BAD_NAME', says: '"1"' },
        { at: '6:3', code: 'BAD_NAME', says: '"x\ufffd[31m"' },
        { at: '9:13', code: 'WRONG_VALUE', says: '"a/b"' },
      ],
    },
    {
      what: 'names that are taken',
      text: 'input: [3]\nwith: { in: 3, a: 1 }\nlet: { a: 2 }\nblocks:\n  conv: { layers: [relu] }\n  residual: { layers: [relu] }\nlayers: [relu]\n',
      problems: [
        { at: '2:9', code: 'NAME_TAKEN', says: 'flopwise itself' },
        { at: '3:8', code: 'NAME_TAKEN', says: 'a parameter' },
        { at: '6:3', code: 'NAME_TAKEN', says: 'the language' },
      ],
    },
    {
      what: 'unknown names in from, $, outputs, calls and variants',
      text: 'input: [3, 8, 8]\nwith: { width: 3 }\nblocks:\n  b: { with: { d: required }, layers: [relu] }\nlayers:\n  - relu: {}\n    name: first\n  - add: {}\n    from: [first, frist]\n  - linear: { out: $wdith }\n    from: first\n  - b: { e: 3 }\n    from: first\noutputs: [second]\nvariants:\n  v: { depth: 3 }\n',
      problems: [
        { at: '9:11', code: 'UNKNOWN_SOURCE', says: 'Did you mean "first"?' },
        { at: '10:20', code: 'UNKNOWN_VALUE', says: 'Did you mean "width"?' },
        { at: '12:5', code: 'MISSING_PARAMETER', marked: 'b', says: '"d"' },
        { at: '12:10', code: 'UNKNOWN_PARAMETER', marked: 'e', says: '"e"' },
        { at: '14:1', code: 'UNKNOWN_SOURCE', says: '"second"' },
        { at: '16:8', code: 'UNKNOWN_PARAMETER', marked: 'depth', says: '"depth"' },
      ],
    },
    {
      what: 'a parameter used before it is there',
      text: 'input: [3]\nwith: { a: $b, b: 1 }\nlet: { c: $d, d: 2 }\nlayers: [relu]\n',
      problems: [
        { at: '2:12', code: 'UNKNOWN_VALUE', says: '$b' },
        { at: '3:11', code: 'UNKNOWN_VALUE', says: '$d' },
      ],
    },
    {
      what: 'more names than outputs',
      text: onImage('  - relu: {}\n    name: [a, b]\n  - residual: [relu]\n    from: b\n'),
      problems: [{ at: '4:11', code: 'TOO_MANY_NAMES', says: '1 output, but 2 names' }],
    },
    {
      what: 'a required parameter without a value',
      text: 'input: [3]\nwith: { d: required, e: required }\nlayers:\n  - linear: { out: $d }\nvariants: { small: { d: 3, e: 4 } }\n',
      problems: [
        { at: '2:9', code: 'MISSING_PARAMETER', marked: 'd', says: 'name a variant: spec.yaml#small' },
        { at: '2:22', code: 'MISSING_PARAMETER', marked: 'e', says: 'Give it a value' },
      ],
    },
  ]);
});

describe('values', () => {
  refuses([
    {
      what: 'what is no size',
      text: onImage(
        '  - conv: { out: .inf, kernel: .nan }\n  - conv: { out: 1e400, kernel: -0 }\n  - linear: { out: 99999999999999999999 }\n',
      ),
      problems: [
        { at: '3:18', code: 'WRONG_VALUE', says: '"out" is Infinity' },
        { at: '3:32', code: 'WRONG_VALUE', says: '"kernel" is NaN' },
        { at: '4:18', code: 'WRONG_VALUE', says: '"out" is Infinity' },
        { at: '4:33', code: 'WRONG_VALUE', says: '"kernel" is 0' },
        { at: '5:20', code: 'WRONG_VALUE', says: 'below 2^53' },
      ],
    },
    {
      what: 'inputs that are none',
      text: 'input: [3, 9007199254740993]\nlayers: [relu]\n',
      problems: [{ at: '1:8', code: 'WRONG_VALUE', says: 'below 2^53' }],
    },
    {
      what: 'an empty input, and an empty list of layers',
      text: 'input: []\nlayers:\n',
      problems: [
        { at: '1:8', code: 'WRONG_VALUE', says: '[3, 224, 224]' },
        { at: '2:1', code: 'WRONG_VALUE', says: 'a list of layers' },
      ],
    },
    {
      what: 'an input of unknown sizes',
      text: 'input: [$size, 3]\nlayers: [relu]\n',
      problems: [{ at: '1:9', code: 'UNKNOWN_VALUE', says: '$size' }],
    },
    {
      what: 'no input',
      text: 'layers: [relu]\n',
      problems: [{ at: '1:1', code: 'MISSING_KEY', says: '"input"' }],
    },
    {
      what: 'nothing to count',
      text: 'input: [3]\nlayers: []\n',
      problems: [{ at: '1:1', code: 'NOTHING_TO_ANALYSE', says: 'Add "stages:"' }],
    },
    {
      what: 'words of YAML 1.1',
      text: onImage('  - conv: { out: 3, kernel: 1, bias: no }\n'),
      problems: [{ at: '3:38', code: 'WRONG_VALUE', says: 'true or false' }],
    },
    {
      what: 'conditions and repetitions',
      text: onImage(
        '  - relu: {}\n    when: 1\n  - relu: {}\n    when: $in.channels\n  - relu: {}\n    repeat: 2.5\n    from: in\n  - relu: {}\n    repeat: 5 / 2\n    from: in\n  - relu: {}\n    repeat: -1\n',
      ),
      problems: [
        { at: '4:11', code: 'WRONG_VALUE', says: '"when" is 1' },
        { at: '6:11', code: 'WRONG_VALUE', says: '"when" is 3, but must be true or false' },
        { at: '8:13', code: 'WRONG_VALUE', says: '"repeat" is 2.5' },
        { at: '11:13', code: 'WRONG_VALUE', says: '"repeat" is 2.5' },
        { at: '14:13', code: 'WRONG_VALUE', says: '"repeat" is -1' },
      ],
    },
    {
      what: 'arithmetic',
      text: onImage(
        '  - linear: { out: 3 / 0 }\n  - linear: { out: 7 / 2 }\n    from: in\n  - linear: { out: $in.chanels }\n    from: in\n  - linear: { out: 3 + }\n  - linear: { out: foo(1) }\n  - linear: { out: $index }\n    from: in\n  - linear: { out: 2 ^ 2000 }\n    from: in\n',
      ),
      problems: [
        { at: '3:20', code: 'DIVISION_BY_ZERO', marked: '3 / 0', says: '"3 / 0" divides by zero' },
        { at: '4:20', code: 'WRONG_VALUE', marked: '7 / 2', says: '"out" is 3.5' },
        { at: '6:20', code: 'NO_VALUE', says: 'channels' },
        { at: '8:20', code: 'BAD_EXPRESSION', says: 'at its end' },
        { at: '9:20', code: 'BAD_EXPRESSION', says: 'floor' },
        { at: '10:20', code: 'NO_VALUE', says: 'only a layer with "repeat" has it' },
        { at: '12:20', code: 'NO_VALUE', says: 'no finite number' },
      ],
    },
    {
      what: 'arguments that are no values',
      text: 'input: [3]\nblocks:\n  b: { with: { d: 3 }, layers: [relu] }\nlayers:\n  - b: { d: null }\n  - b: { d: { e: 1 } }\n',
      problems: [
        { at: '5:13', code: 'WRONG_VALUE', says: 'null' },
        { at: '6:13', code: 'WRONG_VALUE', says: '{"e":1}' },
      ],
    },
    {
      what: 'a join that is none, and axes of nothing',
      text: onImage(
        '  - parallel: [[relu], [relu]]\n    join: sum\n  - parallel: [[relu], [relu]]\n    join: add\n    axis: 1\n  - parallel: []\n  - parallel: [[relu], [relu]]\n    axis: 1\n',
      ),
      problems: [
        { at: '4:11', code: 'WRONG_VALUE', says: 'add, multiply, concat' },
        { at: '7:5', code: 'UNKNOWN_KEY', says: '"axis"' },
        { at: '8:15', code: 'WRONG_VALUE', says: 'a list of branches' },
        { at: '9:5', code: 'MISSING_KEY', says: '"join"' },
      ],
    },
  ]);
});

describe('layers that do not fit', () => {
  refuses([
    {
      what: 'groups, windows and joins, all in one run',
      text: onImage(
        '  - conv: { kernel: 3, out: 64, groups: 2 }\n  - conv: { kernel: 30, out: 64 }\n    from: in\n  - parallel:\n      - [conv: { out: 3, kernel: 1 }]\n      - [conv: { out: 4, kernel: 3 }]\n    join: add\n    from: in\n',
      ),
      problems: [
        { at: '3:41', code: 'GROUPS_DO_NOT_DIVIDE', marked: '2', says: '3 input channels cannot be split into 2 groups' },
        { at: '4:21', code: 'WINDOW_TOO_LARGE', marked: '30', says: 'spans 30 along the height, but the input has 8' },
        {
          at: '6:5',
          code: 'SHAPES_DO_NOT_FIT',
          marked: 'parallel',
          says: '1×3×8×8 and 1×4×6×6: axis 1 is 3 in conv (line 7) and 4 in conv (line 8), axis 2 is 8 and 6, axis 3 is 8 and 6;',
        },
      ],
    },
    {
      what: 'an unknown shortcut',
      text: onImage('  - residual: [relu]\n    shortcut: Z\n'),
      problems: [{ at: '4:15', code: 'WRONG_VALUE', says: 'identity, A, B, C' }],
    },
    {
      what: 'shortcuts that cannot follow',
      text: onImage('  - residual: [upsample: { scale: 2 }]\n    shortcut: B\n  - residual: [flatten]\n    shortcut: A\n    from: in\n'),
      problems: [
        { at: '4:15', code: 'NO_STRIDE', says: '1×3×8×8 to 1×3×16×16' },
        { at: '6:15', code: 'NO_STRIDE', says: '1×3×8×8 to 1×192' },
      ],
    },
    {
      what: 'shared weights of different shapes',
      text: onImage('  - conv: { out: 3, kernel: 1 }\n    weights: w\n  - conv: { out: 4, kernel: 1 }\n    weights: w\n'),
      problems: [{ at: '6:14', code: 'WEIGHTS_DIFFER', says: 'kernel 4×3×1×1, bias 4 here and kernel 3×3×1×1, bias 3 there' }],
    },
    {
      what: 'sizes past 2^53',
      text: 'input: [94906266, 94906266]\nlayers: [flatten]\n',
      problems: [{ at: '2:10', code: 'DIMENSION_TOO_LARGE', says: '2^53' }],
    },
    {
      what: 'weights past 2^53',
      text: 'input: [4, 3]\nlayers:\n  - attention: { heads: 1, dim: 9007199254740991 }\n',
      problems: [{ at: '3:5', code: 'DIMENSION_TOO_LARGE', says: '2^53' }],
    },
    {
      what: 'single weights of more than a layer',
      text: 'input: [3, 8, 8]\nwith: { kind: b }\nblocks:\n  b: { layers: [relu] }\nlayers:\n  - b: {}\n    weights: { bias: w }\n  - residual: [relu]\n    from: in\n    weights: { bias: w }\n  - $kind: {}\n    from: in\n    weights: { bias: w }\n',
      problems: [
        { at: '7:14', code: 'CONTRADICTION', says: 'Give one name' },
        { at: '10:14', code: 'CONTRADICTION', says: 'Give one name' },
        { at: '13:14', code: 'CONTRADICTION', says: 'Give one name' },
      ],
    },
    {
      what: 'one problem in many repetitions, told once',
      text: onImage('  - sequence:\n      - conv: { out: 3, kernel: 9 }\n        from: in\n      - relu\n    repeat: 5\n'),
      problems: [{ at: '4:33', code: 'WINDOW_TOO_LARGE', says: '9' }],
    },
  ]);
});

describe('spec bombs', () => {
  const levels = 'bcdefghij'.split('');
  const bomb = `a: &a [1,1,1,1,1,1,1,1,1,1]\n${levels.map((name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghi'[i]}`).join(',')}]`).join('\n')}\n`;
  refuses([
    { what: 'aliases of aliases', text: bomb, problems: [{ at: '2:11', code: 'TOO_MANY_ALIASES', says: '65,536 values' }] },
    {
      what: 'repeat: 1000000000',
      text: onImage('  - relu: {}\n    repeat: 1000000000\n'),
      problems: [{ at: '4:13', code: 'TOO_MUCH_WORK', says: '20,000 layers' }],
    },
    {
      what: 'repetitions of repetitions of nothing',
      text: onImage('  - sequence:\n      - sequence: []\n        repeat: 99999\n    repeat: 99999\n'),
      problems: [{ at: '6:13', code: 'TOO_MUCH_WORK', says: '100,000 steps' }],
    },
    {
      what: 'brackets without end',
      text: `input: [3]\nlayers: ${'['.repeat(100_000)}`,
      problems: [{ at: '2:109', code: 'NESTED_TOO_DEEPLY', says: '100 levels' }],
    },
    {
      what: 'braces without end',
      text: `input: [3]\nlayers: ${'{a: '.repeat(30_000)}`,
      problems: [{ at: '2:409', code: 'NESTED_TOO_DEEPLY', says: '100 levels' }],
    },
    {
      what: 'dashes without end',
      text: `input: [3]\nlayers:\n  ${'- '.repeat(60_000)}`,
      problems: [{ at: '3:203', code: 'NESTED_TOO_DEEPLY', says: '100 levels' }],
    },
    {
      what: 'indentation without end',
      text: `input: [3]\nlayers:\n${Array.from({ length: 200 }, (_, depth) => `${' '.repeat(4 * depth)}- sequence:\n`).join('')}`,
      problems: [{ at: '53:201', code: 'NESTED_TOO_DEEPLY', says: '100 levels' }],
    },
    {
      what: 'parentheses without end',
      text: onImage(`  - linear: { out: ${'('.repeat(400)}1 }\n`),
      problems: [{ at: '3:20', code: 'NESTED_TOO_DEEPLY', says: '50 levels' }],
    },
    {
      what: 'a block that chooses itself',
      text: 'input: [3]\nwith: { b: a }\nblocks:\n  a: { layers: [{ $b: {}, from: in }, { $b: {}, from: in }] }\nlayers: [a]\n',
      problems: [{ at: '4:19', code: 'BLOCKS_TOO_DEEP', says: 'the block "a"' }],
    },
    {
      what: 'blocks that call each other',
      text: 'input: [3]\nblocks:\n  a: { layers: [b] }\n  b: { layers: [c] }\n  c: { layers: [a] }\n  d: { layers: [d] }\nlayers: [a, d]\n',
      problems: [
        { at: '3:3', code: 'CIRCLE', says: 'a → b → c → a' },
        { at: '6:3', code: 'CIRCLE', says: 'd → d' },
      ],
    },
    {
      what: 'a network too large for its file',
      text: `input: [3]\nlayers:\n${'  - sequence: []\n    repeat: 60000\n'.repeat(2)}`,
      problems: [{ at: '6:13', code: 'TOO_MUCH_WORK', says: '100,000 steps' }],
    },
  ]);

  it('stops after many problems', () => {
    const found = problemsOf(onImage('  - rellu\n'.repeat(10_000)));
    expect(found).toHaveLength(201);
    expect(found.at(-1)?.code).toBe('TOO_MANY_PROBLEMS');
  });
});

describe('a text in another dress', () => {
  const layers = '  - relu\n  - rellu\n';
  it.each([
    ['with a byte order mark', `\ufeff${onImage(layers)}`],
    ['with the line ends of Windows', onImage(layers).replaceAll('\n', '\r\n')],
    ['after a document mark', onImage(layers).replace('input', '--- #\ninput').replace('--- #\n', '')],
  ])('%s', (_, text) => {
    expect(problemsOf(text)).toEqual([expect.objectContaining({ at: '4:5', marked: 'rellu' })]);
  });

  it('shows no control characters', () => {
    const [problem] = problemsOf(`input: [3]\nlayers: ["\u001b[31mred", "\u202eright"]\n`);
    expect(problem?.says).toContain('"\ufffd[31mred"');
    expect(problem?.marked).toBe('"\ufffd[31mred"');
  });
});

describe('settings', () => {
  const text = 'input: [3]\nwith: { d: 3 }\nlayers:\n  - linear: { out: $d }\n';
  it.each([
    ['a batch of 0', { batch: 0 }, '"batch" is 0'],
    ['a batch of 1.5', { batch: 1.5 }, '"batch" is 1.5'],
    ['an input of nothing', { input: { input: [] } }, '"input" is []'],
    ['an input of a fraction', { input: { input: [1.5] } }, '"input" is [1.5]'],
    ['an unknown input', { input: { image: [3], text: [4] } }, '"image"'],
    ['an unknown parameter', { set: { e: 3 } }, 'Did you mean'],
    ['what every object has', { set: JSON.parse('{ "__proto__": 3 }') }, '"__proto__"'],
    ['a word for a number', { set: { d: 'many' } }, '"out" is "many"'],
  ])('%s', (_, settings, says) => {
    const found = problemsOf(text, settings);
    expect(found).toHaveLength(1);
    if (!says.startsWith('Did')) expect(found[0]?.says).toContain(says);
  });
});
