import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { GraphBuilder } from '../../src/graph/builder.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import { checkAttributes } from '../../src/spec/attributes.ts';
import type { Settings } from '../../src/spec/expand.ts';
import { writeSpec } from '../../src/spec/write.ts';
import { smallModelOfEachFamily } from '../specs/small-models.ts';
import { TWINS } from '../specs/twins.ts';
import { again, difference, expectSameAgain } from './written.ts';

const open = (model: string, settings: Settings): Graph => openModel(parseReference(model), diskLibrary, settings);

describe('a model of the zoo, written as a spec and read again, is the same, layer by layer', () => {
  // The slow suite has all, as they are.
  it.each(smallModelOfEachFamily())('$name', ({ model, input }) => expectSameAgain(open(model, { input })));
  it.each(TWINS)('%s, with few layers', (model, set) => expectSameAgain(open(model, { set })));
});

describe('what the zoo does not have', () => {
  const isSame = (text: string): string => {
    const graph = again(text);
    const written = writeSpec(graph);
    expect(difference(graph, again(written))).toBe('');
    return written;
  };

  it('several inputs and outputs, parts that have names', () => {
    const written = isSame(`
input: { image: [8, 4, 4], mask: [4, 4, 4] }
layers:
  - split: { parts: 2 }
    name: [left, right]
  - multiply: {}
    from: [right, mask]
    name: gated
  - relu: {}
    from: left
    as: other
outputs: [gated, other]
`);
    expect(written).toContain('input: { image: [8, 4, 4], mask: [4, 4, 4] }');
    expect(written).toContain('as: [t1, t2]');
  });

  it('weights that layers share', () => {
    const written = isSame(`
input: [8, 4, 4]
layers:
  - conv: { kernel: 1, out: 8 }
    weights: head
  - conv: { kernel: 1, out: 8 }
    weights: head
`);
    expect(written.match(/weights: shared1/g)).toHaveLength(2);
  });

  it('single weights that layers share, in other shapes too', () => {
    const written = isSame(`
input: [8, 4, 4]
layers:
  - conv: { kernel: 1, out: 8 }
    weights: { bias: b }
  - conv: { kernel: 1, out: 8, groups: 2 }
    weights: { kernel: k, bias: b }
  - conv: { kernel: 1, out: 4, bias: false }
    weights: { kernel: k }
  - conv: { kernel: 1, out: 4 }
`);
    expect(written.match(/weights: .*/g)).toEqual([
      'weights: { bias: shared1 }',
      'weights: { kernel: shared2, bias: shared1 }',
      'weights: { kernel: shared2 }',
    ]);
  });

  it('a name that the names of values must not take', () => {
    expect(isSame('{ input: [8], layers: [{ relu: {}, name: t1 }, { add: {}, from: [t1, in] }] }')).toContain('from: [t2, in]');
  });

  it.each(['null', 'Null', 'true', 'off', 'n', 'constructor'])('a name that YAML or flopwise may take for another thing: %s', (name) => {
    const text = `{ input: [8], layers: [{ relu: {}, name: "${name}" }, { sequence: [linear: { out: 2 }], name: "${name}s" }] }`;
    const written = writeSpec(again(text));
    expect(again(written).nodes.map(({ operator }) => operator)).toEqual(['relu', 'linear']);
    expect(parse(written)).toEqual(parse(written, { version: '1.1' }));
  });

  it('layers outside stages, and how they are written', () => {
    const written = isSame('{ input: [8, 4], stages: { a: [relu] }, layers: [{ relu: {}, written: function }] }');
    expect(written).toContain('written: function');
  });

  it('attributes that are defaults are left out, others are as they are', () => {
    const written = isSame('{ input: [3, 9, 9], layers: [{ conv: { kernel: [3, 1], out: 4, padding: same, stride: 1, groups: 1 } }] }');
    expect(written).toContain('- conv: { out: 4, kernel: [3, 1], padding: same }');
  });

  it('one number stands for all axes and sides that have the same', () => {
    const graph = again(`
input: [4, 9, 9]
layers:
  - conv: { kernel: [3, 3], out: 4, padding: [[1, 1], [1, 1]], dilation: [1, 1] }
  - conv: { kernel: [3, 1], out: 4, padding: [[1, 1], [0, 0]] }
  - maxpool: { kernel: [2, 2], stride: [2, 2], padding: [[0, 1], [0, 1]] }
  - pad: { amount: [[0, 0], [1, 1], [1, 1]] }
`);
    expect(writeSpec(graph)).toContain(`
  - conv: { out: 4, kernel: 3, padding: 1 }
  - conv: { out: 4, kernel: [3, 1], padding: [1, 0] }
  - maxpool: { kernel: 2, stride: 2, padding: [[0, 1], [0, 1]] }
  - pad: { amount: [[0, 0], [1, 1], [1, 1]] }
`);
  });

  it('weights that are computed are told', () => {
    const builder = new GraphBuilder();
    const x = { shape: [1, 3] };
    builder.add({
      operator: 'linear',
      attributes: checkAttributes('linear', { out: 5 }),
      inputs: [x],
      scope: builder.root,
      name: 'fc',
      weightFor: (role, weight) => ({ ...weight, learned: role === 'bias' }),
    });
    const graph = builder.finish('net', 'net.onnx', [{ name: 'x', tensor: x }], []);
    expect(() => writeSpec(graph)).toThrow('The matrix of fc is computed by the network');
  });

  it('a batch that inputs do not have in common is told', () => {
    const shapes = [
      [2, 3],
      [4, 3],
    ];
    const inputs = shapes.map((shape, i) => ({ name: `x${i}`, tensor: { shape } }));
    expect(() => writeSpec({ name: 'x', source: 'x', inputs, outputs: [], nodes: [] })).toThrow('have a batch in common');
  });
});
