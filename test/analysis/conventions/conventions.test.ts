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
    { fvcore: 3072n, ptflops: 4096n, thop: 12288n, torchinfo: 13312n, calflops: 7168n },
  ],
  [
    'a transposed convolution in groups',
    '  - convtranspose: { kernel: 2, out: 3, stride: 2, groups: 3, bias: false }\n',
    { fvcore: 768n, thop: 3072n, calflops: 512n, 'calflops-macs': 256n },
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
  ['softmax', '  - softmax\n', { ptflops: 192n, thop: 552n, calflops: 192n }],
];

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
