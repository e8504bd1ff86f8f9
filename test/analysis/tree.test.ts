import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/analysis/cost.ts';
import { type CostTree, treeOf } from '../../src/analysis/tree.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import { expandSpec, parseSpec } from '../../src/spec/model.ts';
import { smallModelOfEachFamily } from '../specs/small-models.ts';
import { open } from './helpers.ts';

const shown = (trees: readonly CostTree[]): string[] =>
  trees.flatMap(({ path, times, children }) => [`${path} ×${times}`, ...shown(children)]);
const treeOfSpec = (layers: string, input = '[4, 8, 8]') =>
  shown(treeOf(analyse(expandSpec(parseSpec(`input: ${input}\nlayers: ${layers}\n`)))));

/** Every node whose rows are not those of its children, in some order. */
const unlike = (trees: readonly CostTree[]): string[] =>
  trees.flatMap(({ path, rows, children }) => {
    const below = new Set(children.flatMap((child) => child.rows));
    const isSame = children.length === 0 || (below.size === rows.length && rows.every((row) => below.has(row)));
    return [...(isSame ? [] : [path]), ...unlike(children)];
  });

describe('the tree of a network', () => {
  it.each([
    ['layers beside each other', '[relu, tanh]', ['relu ×1', 'tanh ×1']],
    [
      'equal blocks as one, and all that is in them',
      '[{ sequence: [conv: { kernel: 1, out: 4 }, relu], name: part, repeat: 3 }]',
      ['part[0–2] ×3', 'part[0–2]/conv ×3', 'part[0–2]/relu ×3'],
    ],
    [
      'the first apart where only the others are equal',
      '[{ sequence: [conv: { kernel: 1, out: 6 }, relu], name: part, repeat: 3 }]',
      ['part[0] ×1', 'part[0]/conv ×1', 'part[0]/relu ×1', 'part[1–2] ×2', 'part[1–2]/conv ×2', 'part[1–2]/relu ×2'],
    ],
    [
      'those in each other, times each other',
      '[{ sequence: [{ sequence: [tanh, relu], name: inner, repeat: 2 }, relu], name: outer, repeat: 3 }]',
      ['outer[0–2] ×3', 'outer[0–2]/inner[0–1] ×6', 'outer[0–2]/inner[0–1]/tanh ×6', 'outer[0–2]/inner[0–1]/relu ×6', 'outer[0–2]/relu ×3'],
    ],
    ['a step with one layer as that layer', '[{ sequence: [relu], name: only }]', ['only ×1']],
  ])('has %s', (_, layers, expected) => expect(treeOfSpec(layers)).toEqual(expected));

  it('goes as deep as is asked for', () =>
    expect(shown(treeOf(analyse(open('resnet50')), 2)).slice(0, 7)).toEqual([
      'conv1 ×1',
      'conv1/conv ×1',
      'conv1/batchnorm ×1',
      'conv1/relu ×1',
      'conv2_x ×1',
      'conv2_x/maxpool ×1',
      'conv2_x/bottleneck[0] ×1',
    ]));

  // With the smallest input, as shapes are of no matter here.
  it.each(smallModelOfEachFamily().map(({ model, input }) => [model, input] as const))(
    'holds every layer of %s at each level',
    (model, input) => {
      const analysis = analyse(openModel(parseReference(model), diskLibrary, { input }));
      const trees = treeOf(analysis);
      expect(new Set(trees.flatMap(({ rows }) => rows))).toEqual(new Set(analysis.rows));
      expect(unlike(trees)).toEqual([]);
    },
  );
});
