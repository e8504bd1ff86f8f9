import { describe, expect, it } from 'vitest';
import { type Training, type TrainingOptions, train } from '../../src/analysis/training/step.ts';
import { zoo } from '../../src/node.ts';
import { expandSpec, parseSpec } from '../../src/spec/model.ts';
import { writeSpec } from '../../src/spec/write.ts';
import { problemsOf } from './helpers.ts';

const trained = (text: string, options: TrainingOptions = {}, set: Readonly<Record<string, number | boolean>> = {}): Training =>
  train(expandSpec(parseSpec(text, { zoo }), { set }), options);

/** Backward MACs by layer, to inputs and to weights. */
const backward = ({ rows }: Training): Record<string, [bigint, bigint]> =>
  Object.fromEntries(rows.map(({ path, inputGradient, weightGradient }) => [path, [inputGradient.macs, weightGradient.macs]]));

const stack = (layers: string): string => `input: [4]\nlayers:\n${layers}`;
/** 4 → 3 → 5 → 2 without biases: 12, 15 and 10 weights, and as many products. */
const three = (a = '', b = '', c = ''): string =>
  stack(`  - { linear: { out: 3, bias: false }, name: a${a} }
  - { linear: { out: 5, bias: false }, name: b${b} }
  - { linear: { out: 2, bias: false }, name: c${c} }
`);

describe('frozen layers of a spec', () => {
  it.each([
    ['none', three(), { a: [0n, 12n], b: [15n, 15n], c: [10n, 10n] }],
    ['the first', three(', frozen: true'), { a: [0n, 0n], b: [0n, 15n], c: [10n, 10n] }],
    ['one in the middle', three('', ', frozen: true'), { a: [0n, 12n], b: [15n, 0n], c: [10n, 10n] }],
    ['all but the last', three(', frozen: true', ', frozen: true'), { a: [0n, 0n], b: [0n, 0n], c: [0n, 10n] }],
    ['not frozen', three(', frozen: false'), { a: [0n, 12n], b: [15n, 15n], c: [10n, 10n] }],
  ])('%s', (_, text, expected) => expect(backward(trained(text))).toEqual(expected));

  it('are frozen with the block, sequence, residual or branches that they are in; what is innermost says', () => {
    const inside = (wrapped: string): string => `input: [4]
blocks: { pair: { layers: [linear: { out: 4, bias: false }, linear: { out: 4, bias: false }] } }
layers:
  - { linear: { out: 4, bias: false }, name: first }
${wrapped}`;
    const macs = (wrapped: string): bigint => trained(inside(wrapped)).weightGradient.macs;
    expect(macs('  - pair\n')).toBe(48n);
    for (const wrapped of [
      '  - { pair: {}, frozen: true }\n',
      '  - { sequence: [pair], frozen: true }\n',
      '  - { residual: [pair], frozen: true }\n',
      '  - { parallel: [[linear: { out: 4, bias: false }], [linear: { out: 4, bias: false }]], join: add, frozen: true }\n',
    ])
      expect(macs(wrapped)).toBe(16n);
    expect(macs('  - sequence: [{ linear: { out: 4, bias: false }, frozen: false }, pair]\n    frozen: true\n')).toBe(32n);
  });

  it('may depend on parameters and on the count of a repetition', () => {
    const text = `with: { first: 2 }\n${stack('  - { linear: { out: 4, bias: false }, repeat: 5, frozen: $index < $first }\n')}`;
    expect(trained(text).weightGradient.macs).toBe(48n);
    expect(trained(text, {}, { first: 4 }).weightGradient.macs).toBe(16n);
    expect(trained(text, {}, { first: 0 }).trained).toBe(80n);
  });

  it('are told apart from what --freeze and --train name', () => {
    const text = three(', frozen: true');
    expect(backward(trained(text, { freeze: ['c'] }))).toEqual({ a: [0n, 0n], b: [0n, 15n], c: [10n, 0n] });
    // Who names what is trained has the last word.
    expect(backward(trained(text, { train: ['a'] }))).toEqual({ a: [0n, 12n], b: [15n, 0n], c: [10n, 0n] });
  });

  it('freeze a weight wherever it is, where it is tied', () => {
    const text = `input: [4]
layers:
  - { embedding: { rows: 10, out: 3 }, weights: { table: words }, frozen: true }
  - { linear: { out: 10, bias: false }, weights: { matrix: words } }
`;
    expect(trained(text).trained).toBe(0n);
  });

  it('stay so in a spec that is written from the graph', () => {
    const graph = expandSpec(parseSpec(three('', ', frozen: true')));
    const written = writeSpec(graph);
    expect(written.match(/frozen: true/g)).toHaveLength(1);
    expect(backward(trained(written))).toEqual({ a: [0n, 12n], b: [15n, 0n], c: [10n, 10n] });
  });

  it('must be true or false, and a frozen stage must have layers', () => {
    expect(problemsOf(three(', frozen: 3 + $in.features'))).toMatchObject([
      { code: 'WRONG_VALUE', says: expect.stringContaining('frozen') },
    ]);
    expect(problemsOf('input: [4]\nstages: { one: { frozen: true } }\n')).toMatchObject([{ at: '2:11', code: 'MISSING_KEY' }]);
    expect(problemsOf('input: [4]\nstages: { one: { frosen: true, layers: [relu] } }\n')).toMatchObject([{ code: 'UNKNOWN_KEY' }]);
  });
});

/** Measured on torch 1.13.1 and torchvision 0.14.1: gradients of activations and of weights, bytes that autograd keeps, what is trained. */
describe('published networks that are fine-tuned', () => {
  const fineTuned = (base: string, stages: string): string => `extends: ${base}\nstages:\n${stages}`;
  const BUT_THE_HEAD = ['conv1', 'conv2_x', 'conv3_x', 'conv4_x', 'conv5_x'].map((stage) => `  ${stage}: { frozen: true }\n`);

  it.each([
    ['resnet50, the classifier alone', fineTuned('resnet50', BUT_THE_HEAD.join('')), [0n, 2_048_000n, 12_196n, 2_049_000n]],
    [
      'resnet50, conv1, bn1 and layer1 frozen',
      fineTuned('resnet50', BUT_THE_HEAD.slice(0, 2).join('')),
      [3_097_706_496n, 3_303_227_392n, 47_779_748n, 25_331_688n],
    ],
    [
      'resnet50, layer4 and the classifier',
      fineTuned('resnet50', BUT_THE_HEAD.slice(0, 4).join('')),
      [605_765_632n, 811_286_528n, 5_521_316n, 17_013_736n],
    ],
    [
      'vit_b_16, the head alone',
      fineTuned('vit_b_16', '  embedding: { frozen: true }\n  encoder: { frozen: true }\n'),
      [0n, 768_000n, 609_188n, 769_000n],
    ],
    [
      'vit_b_16, embedding and encoder layers 0 to 5 frozen',
      fineTuned(
        'vit_b_16',
        `  embedding: { frozen: true }
  encoder:
    - { encoder_layer: { heads: $heads, mlp: $mlp }, repeat: $layers, frozen: $index < 6 }
    - layernorm
`,
      ),
      [9_082_159_104n, 8_366_831_616n, 70_509_516n, 43_297_768n],
    ],
  ])('%s', (_, text, expected) => {
    const { inputGradient, weightGradient, memory, trained: parameters } = trained(text);
    expect([inputGradient.macs, weightGradient.macs, memory.saved, parameters]).toEqual(expected);
  });
});
