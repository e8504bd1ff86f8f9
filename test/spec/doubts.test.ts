import { describe, expect, it } from 'vitest';
import type { Graph } from '../../src/graph/graph.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import type { Settings } from '../../src/spec/expand.ts';
import { expandSpec, parseSpec } from '../../src/spec/model.ts';
import { smallModelOfEachFamily } from '../specs/small-models.ts';
import { TWINS } from '../specs/twins.ts';

const graphOf = (text: string, settings: Settings = {}): Graph => expandSpec(parseSpec(text), settings);
const doubts = (text: string, settings: Settings = {}) => (graphOf(text, settings).warnings ?? []).map(({ code, path }) => [code, path]);

const warned = (model: string, settings: Settings) =>
  (openModel(parseReference(model), diskLibrary, settings).warnings ?? []).map(({ code, path }) => [model, code, path]);

describe('a map of 2^53 − 1 is not walked along to find doubts:', () => {
  it.each(['conv: { kernel: 3, out: 2, padding: same }', 'maxpool: { kernel: 3 }', 'convtranspose: { kernel: 1, out: 2 }'])(
    '%s',
    (layer) => {
      expect(doubts(`input: [3, ${Number.MAX_SAFE_INTEGER - 2}, 4]\nlayers: [${layer}]`)).toEqual([]);
    },
  );
});

describe('a spec that is hardly meant', () => {
  it.each([
    [
      'a linear layer on a map',
      'input: [3, 32, 32]\nlayers: [conv: { kernel: 3, out: 16 }, relu, linear: { out: 10 }]',
      {},
      ['LAST_AXIS_OF_MAP', 'linear'],
    ],
    [
      'a linear layer behind a pool',
      'input: [3, 8, 8]\nlayers: [conv: { kernel: 3, out: 16 }, globalavgpool, linear: { out: 10 }]',
      {},
      ['LAST_AXIS_OF_MAP', 'linear'],
    ],
    ['the batch within a shape', 'input: [4, 8]\nlayers: [reshape: { to: [4, -1] }]', { batch: 6 }, ['BATCH_INSIDE', 'reshape']],
    ['the batch within a shape, at a batch of one', 'input: [4, 8]\nlayers: [reshape: { to: [1, -1] }]', {}, ['BATCH_INSIDE', 'reshape']],
    [
      'a batch of one before an axis that is left',
      'input: [6, 8]\nlayers: [conv: { out: 4, kernel: 1 }, reshape: { to: [4, -1] }, linear: { out: 2 }]',
      {},
      ['BATCH_INSIDE', 'reshape'],
    ],
    ['a shape that nothing checks', 'input: [4, 8]\nlayers: [move: { by: shake, to: [[1, 9, 8]] }]', {}, ['ONLY_STATED', 'move']],
    [
      'the batch in an axis behind',
      'input: [4, 8]\nlayers: [permute: { order: [1, 0, 2] }, relu]',
      { batch: 6 },
      ['OTHER_BATCH', 'permute'],
    ],
    [
      'rows of a table by no ids',
      'input: [4]\nlayers: [{ parameter: { shape: [9, 8], whole: true }, name: t }, { move: { by: gather, indices: [[1, 2]] }, from: t }, linear: { out: 2 }]',
      { batch: 6 },
      ['OTHER_BATCH', 'move'],
    ],
    ['channels last', 'input: [3, 32, 32]\nlayers: [relu]', { input: { input: [32, 32, 3] } }, ['OTHER_CHANNELS', undefined]],
    [
      'an output without layers',
      'input: [3, 8, 8]\nstages: { a: [relu], b: [{ relu: {}, when: 1 > 2 }] }\noutputs: [a, b]',
      {},
      ['EMPTY_OUTPUT', undefined],
    ],
  ] as const)('is warned of: %s', (_, text, settings, warning) => {
    expect(doubts(text, settings)).toContainEqual(warning);
  });

  it('leaves an output without layers out', () => {
    const graph = graphOf('input: [3, 8, 8]\nstages: { a: [relu], b: [{ relu: {}, when: 1 > 2 }] }\noutputs: [a, b]');
    expect(graph.outputs).toHaveLength(1);
  });

  it.each([
    ['flattened', 'input: [3, 32, 32]\nlayers: [conv: { kernel: 3, out: 16 }, flatten, linear: { out: 10 }]', {}],
    [
      'tokens of a map',
      'input: [3, 8, 8]\nlayers: [conv: { kernel: 4, out: 16, stride: 4 }, flatten: { start: 2 }, permute: { order: [0, 2, 1] }, linear: { out: 4 }]',
      {},
    ],
    [
      'channels last for a layer',
      'input: [3, 8, 8]\nlayers: [conv: { kernel: 1, out: 4 }, permute: { order: [0, 2, 3, 1] }, linear: { out: 4 }]',
      {},
    ],
    [
      'windows and back',
      'input: [4, 8]\nlayers: [reshape: { to: [$in.batch * 2, 2, 8] }, relu, reshape: { to: [$in.batch // 2, 4, 8] }]',
      { batch: 6 },
    ],
    ['given by the input at a batch of one', 'input: [4, 8]\nlayers: [reshape: { to: [$in.batch, -1] }]', {}],
    ['rows of all positions', 'input: [4, 8]\nlayers: [reshape: { to: [-1, 8] }, reshape: { to: [$in.batch // 4, 4, 8] }]', {}],
    ['for a batch of one', 'input: [4, 8]\nlayers: [reshape: { to: [1, 32] }]', {}],
    ['another size', 'input: [3, 32, 32]\nlayers: [relu]', { input: { input: [3, 64, 64] } }],
  ] as const)('is not one that is %s', (_, text, settings) => {
    expect(doubts(text, settings)).toEqual([]);
  });
});

describe('a tensor that comes from no input', () => {
  const layers =
    '[{ parameter: { shape: [36, 16], whole: true }, name: a }, { constant: { shape: [36, 16] }, name: h }, { multiply: {}, from: [h, a] }]';

  it('is there for each input of the network, whatever stands before it', () => {
    const shapes = (batch: number) => graphOf(`input: [36]\nlayers: ${layers}`, { batch }).outputs.map(({ shape }) => shape);
    expect(shapes(1)).toEqual([[1, 36, 16]]);
    expect(shapes(8)).toEqual([[8, 36, 16]]);
  });
});

describe('the zoo', () => {
  // The slow suite has all models.
  it.each([1, 2])('has nothing to warn of with a batch of %s', (batch) => {
    expect(smallModelOfEachFamily().flatMap(({ model, input }) => warned(model, { input, batch }))).toEqual([]);
    expect(TWINS.flatMap(([model, set]) => warned(model, { set, batch }))).toEqual([]);
  });
});
