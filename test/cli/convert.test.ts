import { describe, expect, it } from 'vitest';
import { STARTER } from '../../src/cli/commands/init.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { convertFile } from '../../src/library/convert-file.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary, zoo } from '../../src/node/disk.ts';
import type { BlockKind } from '../../src/spec/convert/residual.ts';
import { expandSpec, parseSpec } from '../../src/spec/model.ts';
import { open } from '../analysis/helpers.ts';
import { flopwise } from './helpers.ts';

/** Nodes without their names. */
const plan = ({ nodes }: Graph) =>
  nodes.map(({ operator, attributes, inputs, outputs }) => ({
    operator,
    attributes,
    inputs: inputs.map(({ shape }) => shape),
    outputs: outputs.map(({ shape }) => shape),
  }));

const convert = async (file: string, to: BlockKind, files: Readonly<Record<string, string>> = {}): Promise<string> =>
  (await flopwise(['convert', file, '--to', to], { files })).out;

/** A model of a text. */
const graphOf = (text: string, reference = 'm.yaml'): Graph =>
  openModel(parseReference(reference), { zoo, open: (path) => ({ path, folder: { prefix: '', list: () => [path], read: () => text } }) });

/** ResNet-34 with its block written out, as a person would. */
const OWN = `# My network
input: [3, 224, 224]
with: { shortcut: B }   # the options of the paper
blocks:
  unit:
    with: { d: required, stride: 1 }
    layers:
      # two of them
      - residual:
          - conv: { kernel: 3, out: $d, stride: $stride, padding: 1, bias: false }
          - batchnorm
          - relu  # between
          - conv:
              kernel: 3
              out: $d
              padding: 1     # same size
              bias: false
          - batchnorm
        shortcut: $shortcut
      - relu
stages:
  conv1:
    - conv: { kernel: 7, out: 64, stride: 2, padding: 3, bias: false }
    - batchnorm
    - relu
  conv2_x: [maxpool: { kernel: 3, stride: 2, padding: 1 }, unit: { d: 64 }, unit: { d: 64 }, unit: { d: 64 }]
  conv3_x: [unit: { d: 128, stride: 2 }, unit: { d: 128 }, unit: { d: 128 }, unit: { d: 128 }]
  conv4_x:
    - unit: { d: 256, stride: 2 }
    - unit: { d: 256 }
      repeat: 5
  conv5_x:
    - unit: { d: 512, stride: 2 }
    - unit: { d: 512 }
      repeat: 2
  head: [globalavgpool, flatten, linear: { out: 1000 }]
`;

describe('convert', () => {
  it('turns ResNet-34 into ResNet-50 node for node, and back', async () => {
    const text = await convert('resnet34', 'bottleneck');
    expect(plan(graphOf(text, 'm.yaml#resnet34'))).toEqual(plan(open('resnet50')));
    expect(text).toContain('resnet18: { block: basic');
    const back = await convert('resnet50', 'basic');
    expect(plan(graphOf(back, 'm.yaml#resnet50'))).toEqual(plan(open('resnet34')));
  });

  it('changes nothing but the block, comments included', async () => {
    const before = zoo.read('resnet.yaml').split('\n');
    const after = (await convert('resnet34', 'bottleneck')).split('\n');
    expect(after.filter((line, index) => line !== before[index])).toEqual([
      'use: [basic, bottleneck]',
      '  resnet34: { block: bottleneck, repeats: [3, 4, 6, 3] }',
    ]);
  });

  it('rewrites blocks that are written out, to the same plan', async () => {
    const text = await convert('m.yaml', 'bottleneck', { 'm.yaml': OWN });
    expect(plan(graphOf(text))).toEqual(plan(open('resnet50')));
    expect(text).toContain(`      # two of them
      - residual:
          - conv: { kernel: 1, out: $d, bias: false }
          - batchnorm
          - relu
          - conv: { kernel: 3, out: $d, stride: $stride, padding: 1, bias: false }
          - batchnorm
          - relu  # between
          - conv:
              kernel: 1
              out: $d * 4
              bias: false
          - batchnorm
        shortcut: $shortcut
`);
    expect(plan(graphOf(await convert('m.yaml', 'basic', { 'm.yaml': text })))).toEqual(plan(open('resnet34')));
  });

  it('renames a block that is named after its kind, and its calls; the way back is the same text', async () => {
    const text = await convert('m.yaml', 'bottleneck', { 'm.yaml': STARTER });
    expect(text).toContain('    - bottleneck: { d: $width * 2, stride: 2 }');
    expect(await convert('m.yaml', 'basic', { 'm.yaml': text })).toBe(STARTER);
  });

  it('changes calls of the blocks of the zoo, and uses the other one', async () => {
    const text = '# mine\nuse: basic  # from the zoo\ninput: [64, 56, 56]\nlayers:\n  - basic: { d: 64 }\n    repeat: 2\n';
    const after = await convert('m.yaml', 'bottleneck', { 'm.yaml': text });
    expect(after).toBe(
      '# mine\nuse: [basic, bottleneck]  # from the zoo\ninput: [64, 56, 56]\nlayers:\n  - bottleneck: { d: 64 }\n    repeat: 2\n',
    );
    expect(() => expandSpec(parseSpec(after, { zoo }))).not.toThrow();
  });

  it('adds a shortcut that projects to a residual without one', async () => {
    const text = `input: [8, 4, 4]
layers:
  - residual:
      - conv: { kernel: 3, out: 8, padding: 1 }
      - relu
      - conv: { kernel: 3, out: 8, padding: 1 }
`;
    const after = await convert('m.yaml', 'bottleneck', { 'm.yaml': text });
    expect(after).toBe(`input: [8, 4, 4]
layers:
  - residual:
      - conv: { kernel: 1, out: 8 }
      - relu
      - conv: { kernel: 3, out: 8, padding: 1 }
      - relu
      - conv: { kernel: 1, out: 32 }
    shortcut: B
`);
  });

  it('reads and writes JSON', async () => {
    const conv = { kernel: 3, out: 8, padding: 1 };
    const text = JSON.stringify({ input: [8, 4, 4], layers: [{ residual: [{ conv }, 'relu', { conv }] }] });
    const after = await convert('m.json', 'bottleneck', { 'm.json': text });
    expect(JSON.parse(after).layers[0]).toEqual({
      residual: [{ conv: { kernel: 1, out: 8 } }, 'relu', { conv }, 'relu', { conv: { kernel: 1, out: 32 } }],
      shortcut: 'B',
    });
  });

  it('moves the stride of the first 1×1 to the 3×3', async () => {
    const text = `input: [8, 4, 4]
layers:
  - residual:
      - conv: { kernel: 1, out: 8, stride: 2 }
      - relu
      - conv: { kernel: 3, out: 8, padding: 1 }
      - relu
      - conv: { kernel: 1, out: 32 }
    shortcut:
      - conv: { kernel: 1, out: 32, stride: 2 }
`;
    expect(await convert('m.yaml', 'basic', { 'm.yaml': text })).toBe(`input: [8, 4, 4]
layers:
  - residual:
      - conv: { kernel: 3, out: 8, stride: 2, padding: 1 }
      - relu
      - conv: { kernel: 3, out: 8, padding: 1 }
    shortcut:
      - conv: { kernel: 1, out: 8, stride: 2 }
`);
  });

  it('tells what it converted, what it left and why, and the cost before and after', async () => {
    const text = `${OWN.replace('shortcut: $shortcut', 'shortcut: B')}`.replace(
      '  head: [',
      '  odd:\n    - residual:\n        - conv: { kernel: 5, out: 512, padding: 2 }\n  head: [',
    );
    const { err } = await flopwise(['convert', 'm.yaml', '--to', 'bottleneck'], {
      files: { 'm.yaml': text.replace('out: 512, padding: 2', 'out: $in.channels, padding: 2') },
    });
    expect(err).toContain('m.yaml:9  a residual is now a bottleneck block');
    expect(err).toMatch(/m\.yaml:\d+ {2}a residual is left as it is: it has 1 convolutions, not 2/);
    expect(err).toContain('m                35     51  3,984,887,808  9,227,206,656  2.316');
  });

  it.each([
    ['a model without such blocks', 'densenet121', 'bottleneck', 'NOTHING_TO_CONVERT'],
    ['grouped bottlenecks', 'resnext50_32x4d', 'basic', '"groups" has no counterpart'],
    ['a model that there is not', 'resnet35', 'bottleneck', 'UNKNOWN_MODEL'],
  ])('refuses %s', async (_, model, to, says) => {
    const { err, code, out } = await flopwise(['convert', model, '--to', to]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(says);
  });

  it('gives both graphs of what it changed', () => {
    const { models } = convertFile(parseReference('resnet34'), 'bottleneck', diskLibrary);
    expect(models.map(({ name }) => name)).toEqual(['resnet34']);
  });
});
