import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/analysis/cost.ts';
import type { Graph, Tensor } from '../../src/graph/graph.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import { MAX_LENGTH } from '../../src/spec/limits.ts';
import { expandSpec, parseSpec } from '../../src/spec/model.ts';
import { zooModels } from '../../src/spec/reference.ts';
import { writeSpec } from '../../src/spec/write.ts';

/** All that a graph is: its layers, what flows from which to which, which share weights, and what they cost. */
function told(graph: Graph) {
  const numbers = new Map<object, number>();
  const number = (one: object): number => numbers.get(one) ?? numbers.set(one, numbers.size).size - 1;
  const flow = (tensors: readonly Tensor[]) => tensors.map(number);
  const inputs = flow(graph.inputs.map(({ tensor }) => tensor));
  const nodes = graph.nodes.map((node) => ({
    ...node,
    locate: undefined,
    flow: [flow(node.inputs), flow(node.outputs), Object.values(node.weights).map(number)],
  }));
  const rows = analyse(graph).rows.map((row) => ({ ...row, locate: undefined }));
  const all = { inputs, names: graph.inputs.map(({ name }) => name), nodes, outputs: flow(graph.outputs), rows };
  return JSON.stringify(all, (_, value) => (typeof value === 'bigint' ? String(value) : value), 1).split('\n');
}

/** The first line that differs: a diff of a whole network takes minutes. */
function difference(graph: Graph, other: Graph): string {
  const [a, b] = [told(graph), told(other)];
  const at = a.findIndex((line, i) => line !== b[i]);
  return at < 0 && a.length === b.length ? '' : `${a.slice(at - 3, at + 1).join('')} is ${b[at]}`;
}

const again = (text: string, batch?: number): Graph => expandSpec(parseSpec(text), { batch });

describe('a model of the zoo, written as a spec and read again, is the same, layer by layer', () => {
  it.each(zooModels(diskLibrary.zoo).map(({ name, spec }) => [name, spec] as const))('%s', (_, spec) => {
    const graph = expandSpec(spec);
    const text = writeSpec(graph);
    expect(text.length).toBeLessThanOrEqual(MAX_LENGTH);
    expect(difference(graph, again(text))).toBe('');
  });
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

  it('a name that the names of values must not take', () => {
    expect(isSame('{ input: [8], layers: [{ relu: {}, name: t1 }, { add: {}, from: [t1, in] }] }')).toContain('from: [t2, in]');
  });

  it('layers outside stages, and how they are written', () => {
    const written = isSame('{ input: [8, 4], stages: { a: [relu] }, layers: [{ relu: {}, written: function }] }');
    expect(written).toContain('written: function');
  });

  it('attributes that are defaults are left out, others are as they are', () => {
    const written = isSame('{ input: [3, 9, 9], layers: [{ conv: { kernel: [3, 1], out: 4, padding: same, stride: 1, groups: 1 } }] }');
    expect(written).toContain('- conv: { out: 4, kernel: [3, 1], padding: same }');
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
