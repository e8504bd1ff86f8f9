import { describe, expect, it } from 'vitest';
import { bugIn, countRow, countTotal, formulaOf } from '../../../src/analysis/conventions/convention.ts';
import { isQuantity, quantities } from '../../../src/analysis/conventions/quantities.ts';
import { conventionNames, conventionOf, conventions } from '../../../src/analysis/conventions/registry.ts';
import type { CostRow } from '../../../src/analysis/cost.ts';
import { operatorNames } from '../../../src/operators/registry.ts';
import { count, onImage } from '../../spec/helpers.ts';

/** One layer on an image of 3×8×8, or after those before it. */
const layer = (text: string): CostRow => count(onImage(text)).rows.at(-1) as CostRow;

const counted = (name: string, row: CostRow): bigint => countRow(conventionOf(name), row);

describe('every convention', () => {
  it.each(conventions)('$name has a formula of known quantities for every operator', ({ rules }) => {
    expect(Object.keys(rules).sort()).toEqual([...operatorNames].sort());
    for (const { count, bugIf = '0' } of Object.values(rules))
      for (const text of [count, bugIf]) expect([...formulaOf({ count: text }).names].filter((name) => !isQuantity(name))).toEqual([]);
  });

  it.each(conventions)('$name says where a rule stands that is not the default’s', ({ name, version, rules }) => {
    if (version === undefined || name === 'paper' || name === 'torchvision') return;
    for (const [operator, rule] of Object.entries(rules))
      if (rule.count !== '0') expect([operator, rule.where]).not.toEqual([operator, undefined]);
  });

  it('has its own name', () => {
    expect(new Set(conventionNames).size).toBe(conventions.length);
  });

  it('is found by its name, or a near one is told', () => {
    expect(() => conventionOf('fvcor')).toThrow('Did you mean "fvcore"?');
    expect(() => conventionOf('x')).toThrow('The conventions: macs, operations');
  });
});

const OF_LAYERS: readonly [string, string, Readonly<Record<string, bigint>>][] = [
  [
    'a convolution with bias',
    '  - conv: { kernel: 3, out: 4, padding: 1 }\n',
    { macs: 6912n, fvcore: 6912n, ptflops: 7168n, torchinfo: 7168n, calflops: 14080n, torch: 13824n },
  ],
  [
    'a transposed convolution',
    '  - convtranspose: { kernel: 2, out: 4, stride: 2 }\n',
    { fvcore: 3072n, ptflops: 4096n, thop: 12288n, 'thop-2.1': 3072n, torchinfo: 13312n, calflops: 6208n, xla: 7168n, 'onnx-tool': 17408n },
  ],
  [
    'a transposed convolution in groups',
    '  - convtranspose: { kernel: 2, out: 3, stride: 2, groups: 3, bias: false }\n',
    { fvcore: 768n, thop: 3072n, calflops: 0n, 'calflops-macs': 0n },
  ],
  ['batch norm', '  - batchnorm\n', { fvcore: 384n, ptflops: 384n, 'ptflops-aten': 0n, thop: 768n, torchinfo: 6n, calflops: 384n }],
  ['batch norm without scale and shift', '  - batchnorm: { affine: false }\n', { fvcore: 192n, ptflops: 192n, thop: 384n, torchinfo: 0n }],
  ['layer norm', '  - layernorm\n', { fvcore: 960n, ptflops: 192n, thop: 768n, torchinfo: 16n, calflops: 960n }],
  ['relu', '  - relu\n', { fvcore: 0n, ptflops: 384n, calflops: 192n }],
  ['relu as a function', '  - relu:\n    written: function\n', { fvcore: 0n, ptflops: 192n, calflops: 192n }],
  ['relu6', '  - relu6\n', { ptflops: 192n, calflops: 0n }],
  ['max pooling', '  - maxpool: { kernel: 2 }\n', { fvcore: 0n, ptflops: 384n, calflops: 192n }],
  ['global average pooling', '  - globalavgpool\n', { fvcore: 192n, ptflops: 384n, thop: 195n, calflops: 192n }],
  ['a mean', '  - globalavgpool:\n    written: mean\n', { fvcore: 0n, ptflops: 0n, thop: 0n, calflops: 0n }],
  ['a sum by an operator', '  - residual: []\n', { ptflops: 0n, calflops: 0n, operations: 192n }],
  ['a sum by a function', '  - residual: []\n    written: function\n', { ptflops: 192n, calflops: 192n }],
  ['upsampling', '  - upsample: { scale: 2, mode: linear }\n', { fvcore: 3072n, ptflops: 1536n, thop: 8448n, calflops: 192n }],
  ['upsampling to a size', '  - upsample: { size: [10, 12] }\n', { ptflops: 720n, calflops: 120n, deepspeed: 120n }],
  ['softmax', '  - softmax\n', { ptflops: 192n, thop: 552n, calflops: 192n, xla: 720n, 'onnx-tool': 6912n }],
  ['local response norm', '  - lrn: { size: 5 }\n', { ptflops: 1024n, calflops: 1024n, fvcore: 0n, thop: 0n, 'ptflops-0.7': 0n }],
  [
    'average pooling',
    '  - avgpool: { kernel: 3, stride: 2, padding: 1 }\n',
    { thop: 48n, 'thop-2.1': 480n, 'ptflops-0.7': 192n, xla: 432n, 'onnx-tool': 432n },
  ],
  ['average pooling without padding', '  - avgpool: { kernel: 3, stride: 2, padding: 1, countpad: false }\n', { 'thop-2.1': 411n }],
  ['average pooling to a size', '  - adaptiveavgpool: { size: 3 }\n', { thop: 219n, 'thop-2.1': 327n }],
  [
    'a difference by a function',
    '  - arithmetic: { operation: subtract, number: 1 }\n    written: function\n',
    { ptflops: 0n, calflops: 0n },
  ],
  [
    'a product by a function',
    '  - arithmetic: { operation: multiply, number: 2 }\n    written: function\n',
    { ptflops: 192n, calflops: 192n },
  ],
  [
    'a padded convolution',
    '  - conv: { kernel: 3, out: 4, padding: 1 }\n',
    // Of 24 positions and taps along each axis, 22 lie on the image.
    { macs: 6912n, xla: 11872n, 'ptflops-0.7': 7168n, deepspeed: 14080n, 'deepspeed-macs': 6912n },
  ],
];

/** One layer of a sequence, with more than one input where it has them. */
const OF_SEQUENCES: readonly [string, string, Readonly<Record<string, bigint>>][] = [
  [
    'an LSTM without biases',
    'input: [7, 6]\nlayers:\n  - recurrent: { cell: lstm, hidden: 5, bias: false }\n',
    { macs: 1540n, ptflops: 1890n, 'ptflops-aten': 1540n, thop: 1820n, torchinfo: 1540n, calflops: 3150n, 'calflops-macs': 0n },
  ],
  [
    'two layers of an LSTM in both directions, projected: ptflops and calflops leave the projection out, thop does not know of it',
    'input: [7, 10]\nlayers:\n  - recurrent: { cell: lstm, hidden: 20, layers: 2, both: true, projection: 5 }\n',
    {
      macs: 36400n,
      ptflops: 43680n,
      'ptflops-aten': 40880n,
      thop: 109760n,
      torchinfo: 40880n,
      calflops: 72800n,
      'calflops-macs': 0n,
      torch: 72800n,
    },
  ],
  [
    'a Fourier transform along two axes: a product with a matrix here, 8 per element and logarithm in XLA, nothing elsewhere',
    'input: [8, 16]\nlayers:\n  - fft: { axes: [1, 2] }\n',
    { macs: 8n * 16n * (2n * 16n + 4n * 8n), fvcore: 0n, torch: 0n, calflops: 0n, thop: 0n, xla: 8n * 128n * 3n * 4n },
  ],
  [
    'a convolution with a kernel of its own for each image, and a bias: no module, but a function',
    'input: { x: [4, 6, 6], kernel: [2, 4, 3, 3], bias: [2] }\nlayers:\n  - dynamicconv: { padding: 1 }\n    from: [x, kernel, bias]\n',
    {
      macs: 2592n,
      fvcore: 2592n,
      'ptflops-aten': 2664n,
      ptflops: 0n,
      thop: 0n,
      torchinfo: 0n,
      calflops: 5256n,
      'calflops-macs': 2592n,
      torch: 5184n,
      // Of 16 places along an axis of six and three taps, 2 are padding: 16 · 16 of 18 · 18.
      xla: 2n * 256n * 8n + 72n,
      'onnx-tool': 2664n,
    },
  ],
  [
    'columns of windows, and their sum: no tool has a rule',
    'input: [2, 6, 6]\nlayers:\n  - unfold: { kernel: 3 }\n  - fold: { size: [6, 6], kernel: 3 }\n',
    { macs: 0n, fvcore: 0n, torch: 0n, xla: 288n, operations: 288n },
  ],
  [
    'a GRU in both directions',
    'input: [7, 6]\nlayers:\n  - recurrent: { cell: gru, hidden: 5, both: true, resetafter: true }\n',
    {
      macs: 2310n,
      ptflops: 3220n,
      'ptflops-aten': 2730n,
      thop: 3220n,
      torchinfo: 2730n,
      calflops: 5110n,
      'thop-2.1': 3220n,
      deepspeed: 5110n,
    },
  ],
  [
    'a GRU in both directions without biases',
    'input: [7, 6]\nlayers:\n  - recurrent: { cell: gru, hidden: 5, both: true, bias: false }\n',
    { macs: 2310n, ptflops: 2800n, 'ptflops-aten': 2310n, thop: 2800n, torchinfo: 2310n, calflops: 4690n },
  ],
  [
    'attention without biases',
    'input: [4, 8]\nlayers:\n  - attention: { heads: 2, bias: false }\n',
    { macs: 1280n, ptflops: 1664n, 'ptflops-0.7': 1376n, 'ptflops-aten': 1280n, calflops: 2080n, 'thop-2.1': 1368n, deepspeed: 2560n },
  ],
  [
    'attention to keys and values of other features',
    'input: { q: [3, 8], k: [5, 6], v: [5, 4] }\nlayers:\n  - attention: { heads: 2 }\n    from: [q, k, v]\n',
    { macs: 1024n, ptflops: 1120n, 'ptflops-0.7': 850n, 'ptflops-aten': 1152n },
  ],
  [
    'a linear layer on positions',
    'input: [4, 8]\nlayers:\n  - linear: { out: 3 }\n',
    { macs: 96n, torchinfo: 108n, 'torchinfo-1.8': 27n, ptflops: 108n, 'ptflops-0.7': 99n, xla: 204n },
  ],
];

it.each(OF_SEQUENCES)('%s, as the tools count it', (_, text, expected) => {
  const row = count(text).rows.at(-1) as CostRow;
  expect(Object.fromEntries(Object.keys(expected).map((name) => [name, counted(name, row)]))).toEqual(expected);
});

describe('layers, as the tools count them', () => {
  it.each(OF_LAYERS)('%s', (_, text, expected) => {
    const row = layer(text);
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, counted(name, row)]))).toEqual(expected);
  });
});

describe('a bug', () => {
  it('is told of the layers that it is about', () => {
    const [module, call] = [layer('  - relu\n'), layer('  - relu:\n    written: function\n')];
    expect([bugIn(conventionOf('ptflops'), module), bugIn(conventionOf('ptflops'), call)]).toEqual([
      'A module calls the function of its name, and both are counted.',
      undefined,
    ]);
    const strided = (stride: number) => layer(`  - convtranspose: { kernel: 2, out: 4, stride: ${stride} }\n`);
    expect([1, 2].map((stride) => bugIn(conventionOf('thop'), strided(stride)) !== undefined)).toEqual([false, true]);
  });
});

describe('quantities', () => {
  it('are named for what they are', () => {
    const row = layer('  - conv: { kernel: 3, out: 6, stride: 2, padding: 1, groups: 3 }\n');
    const values = Object.fromEntries(
      (
        [
          'i',
          'o',
          'batch',
          'features',
          'positions',
          'input_positions',
          'kernel',
          'stride',
          'groups',
          'parameters',
          'bias',
          'axes',
          'module',
        ] as const
      ).map((name) => [name, quantities[name].of(row)]),
    );
    expect(values).toEqual({
      i: 192n,
      o: 96n,
      batch: 1n,
      features: 8n,
      positions: 16n,
      input_positions: 64n,
      kernel: 9n,
      stride: 4n,
      groups: 3n,
      parameters: 60n,
      bias: 1n,
      axes: 2n,
      module: 1n,
    });
  });

  it('tell projections from products in attention', () => {
    const { rows } = count('input: [4, 8]\nlayers:\n  - attention: { heads: 2 }\n');
    const row = rows[0] as CostRow;
    expect([quantities.projections.of(row), quantities.products.of(row), quantities.scores.of(row)]).toEqual([1024n, 256n, 32n]);
  });
});

describe('a way of writing that there is not', () => {
  it('is told, with those that there are', () => {
    expect(() => count(onImage('  - relu:\n    written: method\n'))).toThrow('must be module, subclass, function');
  });
});

it('stays exact past 2^53', () => {
  const analysis = count('input: [3, 1000000, 1000000]\nlayers:\n  - batchnorm\n  - conv: { kernel: 3, out: 1000000, padding: 1 }\n');
  expect(countTotal(conventionOf('fvcore'), analysis)).toBe(6n * 10n ** 12n + 27n * 10n ** 18n);
});
