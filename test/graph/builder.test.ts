import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/analysis/cost.ts';
import type { Shape } from '../../src/core/shape.ts';
import { GraphBuilder, type Sharing } from '../../src/graph/builder.ts';
import type { OperatorName } from '../../src/operators/registry.ts';
import { ProblemError } from '../../src/problems/problem.ts';
import { checkAttributes } from '../../src/spec/attributes.ts';

const input = (shape: Shape) => ({ shape });
const layer = (
  builder: GraphBuilder,
  operator: OperatorName,
  attributes: Parameters<typeof checkAttributes>[1],
  shape: Shape,
  sharing?: Sharing,
) =>
  builder.add({
    operator,
    attributes: checkAttributes(operator, attributes),
    inputs: [input(shape)],
    scope: builder.root,
    name: operator,
    sharing,
  });

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.code;
    throw error;
  }
  return '';
};

describe('a graph builder', () => {
  it('knows the outputs as soon as a layer is there', () => {
    const builder = new GraphBuilder();
    const x = input([1, 3]);
    const [y] = builder.add({
      operator: 'linear',
      attributes: checkAttributes('linear', { out: 5 }),
      inputs: [x],
      scope: builder.root,
      name: 'fc',
    });
    expect(y).toEqual({ shape: [1, 5] });
    const graph = builder.finish('net', 'net.yaml', [{ name: 'x', tensor: x }], y ? [y] : []);
    expect(graph.nodes).toMatchObject([
      { path: 'fc', operator: 'linear', inputs: [x], outputs: [y], weights: { matrix: { shape: [5, 3] }, bias: { shape: [5] } } },
    ]);
    expect(graph.nodes[0]?.outputs[0]).toBe(graph.outputs[0]);
  });

  it('gives each layer its own weights, unless they are shared', () => {
    const builder = new GraphBuilder();
    for (const sharing of [undefined, undefined, 'w', 'w', 'v']) layer(builder, 'linear', { out: 5 }, [1, 3], sharing);
    const weights = builder.finish('net', '', [], []).nodes.map((node) => node.weights.matrix);
    expect(new Set(weights).size).toBe(4);
    expect(weights[2]).toBe(weights[3]);
  });

  it('ends a path with the scope, where a layer says nothing more and is alone in it', () => {
    const builder = new GraphBuilder();
    const relu = { operator: 'relu', attributes: {}, inputs: [input([1, 3])], isNamedByScope: true } as const;
    const stage = builder.root.child('stage');
    builder.add({ ...relu, scope: stage.child('act'), name: 'Relu' });
    builder.add({ ...relu, scope: stage, name: 'Relu' });
    builder.add({ ...relu, scope: builder.root, name: 'Relu' });
    for (const name of ['Relu', 'Relu_1']) builder.add({ ...relu, scope: builder.root.child('stage').child('both'), name });
    expect(builder.finish('net', '', [], []).nodes.map(({ path }) => path)).toEqual([
      'stage/act',
      'stage/Relu',
      'Relu',
      'stage/both/Relu',
      'stage/both/Relu_1',
    ]);
  });

  it('refuses shared weights of other shapes, and of other roles', () => {
    const builder = new GraphBuilder();
    layer(builder, 'linear', { out: 5 }, [1, 3], 'w');
    expect(codeOf(() => layer(builder, 'linear', { out: 6 }, [1, 3], 'w'))).toBe('WEIGHTS_DIFFER');
    expect(codeOf(() => layer(builder, 'linear', { out: 5, bias: false }, [1, 3], 'w'))).toBe('WEIGHTS_DIFFER');
    expect(builder.finish('net', '', [], []).nodes).toHaveLength(1);
  });

  it('shares single weights by their roles, in another shape too', () => {
    const builder = new GraphBuilder();
    layer(builder, 'linear', { out: 5 }, [1, 3], { bias: 'b' });
    layer(builder, 'linear', { out: 5 }, [1, 3], { bias: 'b' });
    layer(builder, 'linear', { out: 3 }, [1, 5], { matrix: 'k' });
    layer(builder, 'linear', { out: 5, bias: false }, [1, 3], { matrix: 'k' });
    const { rows, totals } = analyse(builder.finish('net', '', [], []));
    // 3·5 + 5, then 3·5 and the same bias, then 5·3 + 3, then the elements of that kernel.
    expect(rows.map(({ parameters }) => parameters)).toEqual([20n, 15n, 18n, 0n]);
    expect(totals.parameters).toBe(53n);
    const [first, second, third, fourth] = rows.map(({ weights }) => weights);
    expect(second?.bias).toBe(first?.bias);
    expect(second?.matrix).not.toBe(first?.matrix);
    expect(fourth?.matrix).toEqual({ shape: [5, 3], learned: true, around: 0, of: third?.matrix });
  });

  it('refuses a role that a layer does not have, and single weights with another number of elements', () => {
    const builder = new GraphBuilder();
    layer(builder, 'linear', { out: 5 }, [1, 3], { bias: 'b' });
    expect(codeOf(() => layer(builder, 'linear', { out: 5, bias: false }, [1, 3], { bias: 'b' }))).toBe('UNKNOWN_WEIGHT');
    expect(codeOf(() => layer(builder, 'relu', {}, [1, 3], { toString: 'b' }))).toBe('UNKNOWN_WEIGHT');
    expect(codeOf(() => layer(builder, 'linear', { out: 6 }, [1, 3], { matrix: 'k', bias: 'b' }))).toBe('WEIGHTS_DIFFER');
    layer(builder, 'linear', { out: 5 }, [1, 7], { matrix: 'k' });
    expect(builder.finish('net', '', [], []).nodes).toHaveLength(2);
  });

  it.each([
    ['an output', 'flatten', {}, [1, 2 ** 27, 2 ** 27]],
    ['a table of a window', 'relativeposition', { window: 67_108_864, heads: 1 }, [1]],
    ['a weight', 'attention', { heads: 1, dim: Number.MAX_SAFE_INTEGER }, [1, 4, 3]],
  ] as const)('refuses %s past 2^53', (_, operator, attributes, shape) => {
    const builder = new GraphBuilder();
    expect(codeOf(() => layer(builder, operator, attributes, shape))).toBe('DIMENSION_TOO_LARGE');
    expect(builder.finish('net', '', [], []).nodes).toEqual([]);
  });
});
