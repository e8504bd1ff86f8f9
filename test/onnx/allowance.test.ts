import { describe, expect, it } from 'vitest';
import { FlopwiseError } from '../../src/problems/problem.ts';
import { graph, int64, node, open, type Parts, scalar, tensor } from './nets.ts';

/** ONNX files of a few hundred bytes that ask for much, or for nonsense: each is a problem, and none is a bug. */

const image = { x: [1, 3, 8, 8] };

function problemsOf(parts: Parts): string {
  try {
    open(parts);
  } catch (error) {
    if (error instanceof FlopwiseError) return error.message;
    throw error;
  }
  return '';
}

const doubling = Array.from({ length: 40 }, (_, i) => node('Concat', `v${i}, v${i} -> v${i + 1}`, { axis: 0 }));
const many = { one: scalar(1, 'int64'), zero: scalar(0, 'int64'), most: scalar(1_000_000, 'int64') };
const fill = node('ConstantOfShape', 'n -> sizes', { value: tensor([1], [1], 'int64') });

const TOO_MUCH: readonly (readonly [string, Parts, string])[] = [
  ['Concat that doubles', { inputs: image, initializers: { v0: int64(1) }, nodes: doubling }, '4,194,304 elements'],
  [
    'Concat that doubles in a Loop',
    {
      inputs: image,
      initializers: { n: scalar(100, 'int64'), v: int64(1, 2, 3) },
      nodes: [
        node('Loop', 'n, , v -> w', {
          body: graph({
            inputs: { i: [], c: [], u: [3] },
            nodes: [node('Identity', 'c -> d'), node('Concat', 'u, u -> t', { axis: 0 })],
            outputs: ['d', 't'],
          }),
        }),
      ],
    },
    '4,194,304 elements',
  ],
  [
    'Range into Reshape',
    { inputs: image, initializers: many, nodes: [node('Range', 'zero, most, one -> s'), node('Reshape', 'x, s -> y')] },
    '64',
  ],
  [
    'a Reshape to many axes',
    { inputs: image, initializers: { n: int64(1_000_000) }, nodes: [fill, node('Reshape', 'x, sizes -> y')] },
    '64',
  ],
  [
    'Unsqueeze of many axes',
    { inputs: image, initializers: many, nodes: [node('Range', 'zero, most, one -> s'), node('Unsqueeze', 'x, s -> y')] },
    '64',
  ],
  ['Split into many', { inputs: image, nodes: [node('Split', 'x -> y', { axis: 1, num_outputs: 1_000_000_000 })] }, '400,000'],
  ['Split into very many', { inputs: image, nodes: [node('Split', 'x -> y', { axis: 1, num_outputs: 2 ** 40 })] }, '400,000'],
  [
    'Einsum of many',
    {
      inputs: image,
      nodes: [node('Einsum', `${Array(1000).fill('x').join(', ')} -> y`, { equation: `${Array(1000).fill('abcd').join(',')}->a` })],
    },
    '1 to 64',
  ],
  [
    'Unique of a long list, twice over',
    {
      inputs: image,
      initializers: many,
      nodes: [...Array.from({ length: 9 }, (_, i) => [node('Range', `zero, most, one -> r${i}`), node('Unique', `r${i} -> u${i}`)]).flat()],
    },
    '4,194,304',
  ],
  [
    'Transpose of a constant again and again',
    {
      inputs: image,
      initializers: { n: int64(1000, 1000) },
      nodes: [fill, ...Array.from({ length: 9 }, (_, i) => node('Transpose', `${i === 0 ? 'sizes' : `t${i - 1}`} -> t${i}`))],
    },
    '4,194,304',
  ],
];

const NONSENSE: readonly (readonly [string, Parts])[] = [
  [
    'ScatterND past the end',
    {
      inputs: image,
      initializers: { v: int64(1, 2), at: tensor([1, 1], [2 ** 32 - 6], 'int64'), u: int64(7) },
      nodes: [node('ScatterND', 'v, at, u -> w'), node('Relu', 'x -> y')],
    },
  ],
  [
    'ScatterND before the start',
    {
      inputs: image,
      initializers: { v: int64(1, 2), at: tensor([1, 1], [-3], 'int64'), u: int64(7) },
      nodes: [node('ScatterND', 'v, at, u -> w'), node('Relu', 'x -> y')],
    },
  ],
  [
    'ScatterElements past the end',
    { inputs: image, initializers: { v: int64(1, 2), at: int64(2), u: int64(7) }, nodes: [node('ScatterElements', 'v, at, u -> w')] },
  ],
  [
    'GatherElements past the end',
    { inputs: image, initializers: { v: int64(1, 2), at: int64(2) }, nodes: [node('GatherElements', 'v, at -> w')] },
  ],
  ['Concat of scalars', { inputs: image, initializers: { a: scalar(1, 'int64') }, nodes: [node('Concat', 'a, a -> b', { axis: 0 })] }],
  ['Split of a scalar', { inputs: image, initializers: { a: scalar(1, 'int64') }, nodes: [node('Split', 'a -> b', { axis: 0 })] }],
  ['Split into none', { inputs: image, nodes: [node('Split', 'x -> y', { axis: 1, num_outputs: 0 })] }],
  ['Split into less than none', { inputs: image, nodes: [node('Split', 'x -> y', { axis: 1, num_outputs: -4 })] }],
  [
    'SplitToSequence into less than none',
    {
      inputs: image,
      initializers: { n: scalar(-1, 'int64') },
      nodes: [node('SplitToSequence', 'x, n -> s'), node('SequenceLength', 's -> l')],
    },
  ],
  [
    'SplitToSequence into fractions',
    {
      inputs: image,
      initializers: { n: tensor([2], [1.5, 1.5], 'float32') },
      nodes: [node('SplitToSequence', 'x, n -> s', { axis: 1 }), node('SequenceLength', 's -> l')],
    },
  ],
  [
    'Resize by what is no number',
    { inputs: image, initializers: { s: tensor([4], [1, 1, Number.NaN, 1], 'float32') }, nodes: [node('Resize', 'x, , s -> y')] },
  ],
  [
    'Resize past every size',
    { inputs: image, initializers: { s: tensor([4], [1, 1, 1e30, 1], 'float32') }, nodes: [node('Resize', 'x, , s -> y')] },
  ],
  [
    'Reshape by what is no number',
    { inputs: image, initializers: { s: tensor([1], [Number.NaN], 'float32') }, nodes: [node('Reshape', 'x, s -> y')] },
  ],
  [
    'Scan without an input',
    {
      inputs: image,
      nodes: [
        node('Scan', ' -> y', { num_scan_inputs: 1, body: graph({ inputs: { a: [3] }, nodes: [node('Relu', 'a -> b')], outputs: ['b'] }) }),
      ],
    },
  ],
  [
    'Scan of more inputs than it has',
    {
      inputs: image,
      nodes: [
        node('Scan', 'x -> y', {
          num_scan_inputs: 3,
          body: graph({ inputs: { a: [3, 8, 8] }, nodes: [node('Relu', 'a -> b')], outputs: ['b'] }),
        }),
      ],
    },
  ],
  [
    'Loop whose body gives too little',
    {
      inputs: image,
      initializers: { n: scalar(2, 'int64') },
      nodes: [
        node('Loop', 'n, , x -> y', {
          body: graph({ inputs: { i: [], c: [], a: [] }, nodes: [node('Identity', 'c -> d')], outputs: ['d'] }),
        }),
      ],
    },
  ],
  [
    'an LSTM whose state is a scalar',
    {
      inputs: image,
      initializers: { s: scalar(1), w: tensor([1, 8, 3]), r: tensor([1, 8, 2]) },
      nodes: [node('LSTM', 'x, w, r, , , s -> y', { hidden_size: 2 })],
    },
  ],
  ['LayerNormalization along an axis of a scalar', { inputs: { x: [] }, nodes: [node('LayerNormalization', 'x, x -> y')] }],
  ['ArgMax along an axis of a scalar', { inputs: { x: [] }, nodes: [node('ArgMax', 'x -> y', { axis: 0, keepdims: 0 })] }],
  [
    'Compress along an axis of a scalar',
    {
      inputs: image,
      initializers: { a: scalar(1, 'int64'), c: int64(1) },
      nodes: [node('Compress', 'a, c -> b', { axis: 0 })],
    },
  ],
  ['Trilu of a list', { inputs: image, initializers: { v: int64(1, 2) }, nodes: [node('Trilu', 'v -> w')] }],
  [
    'OneHot to less than none',
    { inputs: image, initializers: { i: int64(0), d: scalar(-2, 'int64'), v: int64(0, 1) }, nodes: [node('OneHot', 'i, d, v -> w')] },
  ],
  ['Tile less than never', { inputs: image, initializers: { r: int64(1, 1, 1, -1) }, nodes: [node('Tile', 'x, r -> y')] }],
  ['DepthToSpace of what does not divide', { inputs: image, nodes: [node('DepthToSpace', 'x -> y', { blocksize: 2 })] }],
  [
    'GatherND of more axes than there are',
    { inputs: image, initializers: { at: tensor([1, 5], [0, 0, 0, 0, 0], 'int64') }, nodes: [node('GatherND', 'x, at -> y')] },
  ],
];

describe('an ONNX file that asks for too much is told its limit:', () => {
  it.each(TOO_MUCH)('%s', (_, parts, limit) => {
    expect(problemsOf(parts)).toContain(limit);
  });
});

describe('an ONNX file without nodes', () => {
  it('is no model that costs nothing', () => {
    expect(problemsOf({ inputs: image, nodes: [] })).toContain('ONNX_NO_NODES');
  });
});

describe('an ONNX node that means nothing is a problem:', () => {
  it.each(NONSENSE)('%s', (_, parts) => {
    expect(problemsOf(parts)).toMatch(/ONNX_NODE|WRONG_|SHAPES_DO_NOT_FIT|DOES_NOT_DIVIDE|MISFIT/);
  });
});
