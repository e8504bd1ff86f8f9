import { describe, expect, it } from 'vitest';
import { FlopwiseError } from '../../src/problems/problem.ts';
import { count, graph, node, open, type Parts, scalar, tensor } from './nets.ts';

// Runtimes take nodes in any order; tools that append casts count on it.

const problemsOf = (run: () => unknown): readonly string[] => {
  try {
    run();
  } catch (error) {
    if (error instanceof FlopwiseError) return error.problems.map(({ code }) => code);
    throw error;
  }
  return [];
};

const kernels = { w: tensor([4, 3, 3, 3]) };
const image = { x: [1, 3, 8, 8] };

describe('nodes out of order', () => {
  it('count as if they were sorted', () => {
    const parts: Parts = {
      inputs: image,
      initializers: kernels,
      nodes: [node('Relu', 'c -> r'), node('Conv', 'x, w -> c')],
      outputs: ['r'],
    };
    const { totals, rows } = count(parts);
    expect(totals.macs).toBe(3888n);
    expect(rows.map(({ path }) => path)).toEqual(['Conv_1', 'Relu_0']);
  });

  it('are sorted in bodies too, also by what a body reads from around it', () => {
    const then = graph({ nodes: [node('Relu', 'c2 -> t'), node('Conv', 'late, w -> c2')], outputs: ['t'] });
    const otherwise = graph({ nodes: [node('Identity', 'small -> e')], outputs: ['e'] });
    const parts: Parts = {
      inputs: image,
      initializers: { ...kernels, yes: scalar(1, 'bool'), small: tensor([1]) },
      nodes: [node('If', 'yes -> y', { then_branch: then, else_branch: otherwise }), node('Relu', 'x -> late')],
      outputs: ['y'],
    };
    expect(count(parts).totals.macs).toBe(3888n);
  });

  it('that wait for each other in a circle are an error with their names', () => {
    const parts: Parts = { inputs: image, nodes: [node('Add', 'x, b -> a'), node('Relu', 'a -> b')], outputs: ['b'] };
    expect(problemsOf(() => open(parts))).toContain('ONNX_CYCLE');
    expect(() => open(parts)).toThrow(/Add → Relu → Add|Relu → Add → Relu/);
  });

  it('of a long chain backwards are sorted in time', () => {
    const nodes = Array.from({ length: 20_000 }, (_, i) => node('Relu', `v${i} -> v${i + 1}`)).reverse();
    expect(open({ inputs: { v0: [1, 2] }, nodes, outputs: ['v20000'] }).nodes).toHaveLength(20_000);
  });
});
