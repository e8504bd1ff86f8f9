import { describe, expect, it } from 'vitest';
import { zoo } from '../../src/node.ts';
import { expandBlock, parseSpec } from '../../src/spec/model.ts';
import { count, onImage, problemsOf } from './helpers.ts';

/** Paths and shapes, as `path 1×3×8×8`. */
const rowsOf = (text: string, options: Parameters<typeof count>[2] = {}, settings: Parameters<typeof count>[1] = {}): string[] =>
  count(text, settings, options).rows.map(({ path, output }) => `${path} ${output.map((shape) => shape.join('×')).join(' ')}`);

describe('blocks named like an operator', () => {
  const head = 'input: [3, 8, 8]\nblocks:\n  rope: { with: { width: 4 }, layers: [conv: { kernel: 1, out: $width }] }\n';

  it.each([
    ['alone', 'layers: [rope]', ['rope/conv 1×4×8×8']],
    ['with parameters that the operator does not have', 'layers: [rope: { width: 7 }]', ['rope/conv 1×7×8×8']],
    ['chosen by an expression', 'with: { kind: rope }\nlayers: [$kind: { width: 2 }]', ['rope/conv 1×2×8×8']],
  ])('are called, not the operator: %s', (_, text, expected) => expect(rowsOf(`${head}${text}\n`)).toEqual(expected));

  it('do not take its attributes', () =>
    expect(problemsOf(`${head}layers: [rope: { interleaved: true }]\n`)).toMatchObject([{ at: '4:18', code: 'UNKNOWN_PARAMETER' }]));

  it('say what they take, by the name of the layer', () =>
    expect(problemsOf(`${head}layers: [rope: 3, conv: 3]\n`)).toMatchObject([
      { at: '4:16', code: 'WRONG_VALUE', says: expect.stringContaining('"rope"') },
      { at: '4:25', code: 'WRONG_VALUE', says: expect.stringContaining('"conv"') },
    ]));
});

describe('layers', () => {
  it.each([
    ['a name alone', '  - relu\n', ['relu 1×3×8×8']],
    ['a name without value', '  - relu:\n    name: a\n', ['a 1×3×8×8']],
    ['none at all by repeat: 0', '  - conv: { kernel: 9, out: 1 }\n    repeat: 0\n  - relu\n', ['relu 1×3×8×8']],
    ['none at all by when', '  - conv: { kernel: 9, out: 1 }\n    when: $in.channels == 4\n  - relu\n', ['relu 1×3×8×8']],
    ['when and repeat', '  - relu: {}\n    repeat: 3\n    when: $index != 1\n', ['relu[0] 1×3×8×8', 'relu[1] 1×3×8×8']],
    ['the shape so far', '  - conv: { kernel: 1, out: $in.channels * 2 }\n    repeat: 2\n', ['conv[0] 1×6×8×8', 'conv[1] 1×12×8×8']],
    [
      'the latest of a name',
      '  - conv: { kernel: 1, out: $index + 1 }\n    name: x\n    repeat: 2\n  - identity: {}\n    from: x\n',
      ['x[0] 1×1×8×8', 'x[1] 1×2×8×8', 'identity 1×2×8×8'],
    ],
    ['an empty residual and sequence', '  - residual: []\n  - sequence: []\n', ['add 1×3×8×8']],
    [
      'a product',
      '  - residual: [globalavgpool, sigmoid]\n    join: multiply\n',
      ['globalavgpool 1×3×1×1', 'sigmoid 1×3×1×1', 'multiply 1×3×8×8'],
    ],
    ['no shortcut', '  - residual: [relu]\n    shortcut: none\n', ['relu 1×3×8×8']],
    [
      'shortcut A',
      '  - residual: [conv: { kernel: 1, out: 5, stride: 2 }]\n    shortcut: A\n',
      ['conv 1×5×4×4', 'shortcut/slice[0] 1×3×4×8', 'shortcut/slice[1] 1×3×4×4', 'shortcut/pad 1×5×4×4', 'add 1×5×4×4'],
    ],
    ['shortcut B, unchanged', '  - residual: [relu]\n    shortcut: B\n', ['relu 1×3×8×8', 'add 1×3×8×8']],
    [
      'shortcut C, unchanged',
      '  - residual: [relu]\n    shortcut: C\n',
      ['relu 1×3×8×8', 'shortcut/conv 1×3×8×8', 'shortcut/batchnorm 1×3×8×8', 'add 1×3×8×8'],
    ],
    [
      'an axis to concatenate along',
      '  - parallel: [[relu], []]\n    join: concat\n    axis: -1\n',
      ['branch/relu 1×3×8×8', 'concat 1×3×8×16'],
    ],
    ['branches side by side', '  - parallel: [[relu], []]\n  - add\n', ['branch/relu 1×3×8×8', 'add 1×3×8×8']],
  ])('%s', (_, layers, expected) => expect(rowsOf(onImage(layers)).map((row) => row.replace('branch[0]', 'branch'))).toEqual(expected));
});

describe('files', () => {
  const files = {
    'base.yaml':
      'input: [3, 8, 8]\nwith: { d: 4, e: $d }\nstages:\n  a: [conv: { kernel: 1, out: $d }]\n  b: [conv: { kernel: 1, out: $e }]\n  c: [relu]\nvariants: { big: { d: 8 } }\n',
    'blocks.yaml': 'with: { f: 2 }\nblocks:\n  one: { layers: [conv: { kernel: 1, out: $f }] }\n',
    'more.yaml': 'use: blocks.yaml\nblocks:\n  two: { layers: [one, one] }\n',
  };

  it.each([
    ['extends', 'extends: base.yaml\n', ['a/conv 1×4×8×8', 'b/conv 1×4×8×8', 'c/relu 1×4×8×8']],
    ['extends a variant', 'extends: base.yaml#big\n', ['a/conv 1×8×8×8', 'b/conv 1×8×8×8', 'c/relu 1×8×8×8']],
    ['another default', 'extends: base.yaml\nwith: { e: 5 }\n', ['a/conv 1×4×8×8', 'b/conv 1×5×8×8', 'c/relu 1×5×8×8']],
    [
      'another stage, one less and one more',
      'extends: base.yaml\nstages:\n  b: [relu]\n  c:\n  d: [flatten]\n',
      ['a/conv 1×4×8×8', 'b/relu 1×4×8×8', 'd/flatten 1×256'],
    ],
    ['another input', 'extends: base.yaml\ninput: [1, 2, 2]\nstages: { b: , c: }\n', ['a/conv 1×4×2×2']],
    ['use', 'use: blocks.yaml\ninput: [3, 8, 8]\nlayers: [one]\n', ['one/conv 1×2×8×8']],
    [
      'use of a use, with a parameter',
      'use: [more.yaml, blocks.yaml]\nwith: { f: 6 }\ninput: [3, 8, 8]\nlayers: [two]\n',
      ['two/one[0]/conv 1×6×8×8', 'two/one[1]/conv 1×6×8×8'],
    ],
  ])('%s', (_, text, expected) => expect(rowsOf(text, { files })).toEqual(expected));

  it('lend blocks that hide operators of their name', () => {
    const own = { 'norms.yaml': 'blocks:\n  rmsnorm: { with: { dim: required }, layers: [linear: { out: $dim }] }\n' };
    expect(rowsOf('use: norms.yaml\ninput: [3]\nlayers: [rmsnorm: { dim: 5 }]\n', { files: own })).toEqual(['rmsnorm/linear 1×5']);
  });

  it('that lend the same name clash', () => {
    const clash = { ...files, 'other.yaml': 'blocks:\n  one: { layers: [relu] }\n' };
    const found = problemsOf('use: [blocks.yaml, other.yaml]\ninput: [3, 8, 8]\nlayers: [one]\n', {}, { files: clash });
    expect(found).toMatchObject([{ at: '1:20', code: 'NAME_TAKEN', says: expect.stringContaining('blocks.yaml') }]);
  });

  it('have unknown variants', () => {
    expect(problemsOf('extends: base.yaml#bog\n', {}, { files })).toMatchObject([
      { at: '1:10', code: 'UNKNOWN_PART', says: expect.stringContaining('"big"') },
    ]);
  });
});

describe('settings', () => {
  const text = 'input: [3, 8, 8]\nwith: { d: 4 }\nlayers: [conv: { kernel: 1, out: $d }]\n';
  it.each([
    ['nothing', {}, ['conv 1×4×8×8']],
    ['a batch', { batch: 7 }, ['conv 7×4×8×8']],
    ['a shape', { input: { any: [3, 4, 6] } }, ['conv 1×4×4×6']],
    ['a shape with its batch', { input: { input: [2, 3, 4, 6] } }, ['conv 2×4×4×6']],
    ['a parameter', { set: { d: 9 } }, ['conv 1×9×8×8']],
  ])('%s', (_, settings, expected) => expect(rowsOf(text, {}, settings)).toEqual(expected));
});

describe('a block on its own', () => {
  const spec = parseSpec(
    'with: { k: 3 }\nblocks:\n  b:\n    with: { d: required }\n    layers: [conv: { kernel: $k, out: $d }]\n    example: { input: [2, $k, 5], with: { d: 4 } }\n  c: { layers: [relu] }\n',
  );
  const block = (name: string, settings = {}) => {
    const found = spec.blocks.get(name);
    if (found === undefined) throw new Error(name);
    return expandBlock(spec, found, settings);
  };

  it('is counted as its example says', () => expect(block('b').outputs).toEqual([{ shape: [1, 4, 1, 3] }]));
  it('takes its own parameters and those of the file', () =>
    expect(block('b', { set: { d: 6, k: 1 }, input: { input: [2, 7, 7] } }).outputs).toEqual([{ shape: [1, 6, 7, 7] }]));
  it('takes no others', () => expect(() => block('b', { set: { e: 6 } })).toThrow('b has no parameter "e"'));
  it('needs an input', () => expect(() => block('c')).toThrow('Block c needs "example"'));
});

it('the zoo extends itself', () => expect(count('extends: resnet50\nwith: { classes: 10 }\n', {}, { zoo }).output).toEqual([[1, 10]]));
